// One client's socket: every wait has a deadline, whatever the client does or does not send, and ends early when
// another client needs the thread more.
#pragma once

#include "api/http/connections.hpp"
#include "base/clock.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace foliot::api {

enum class Arrival { complete, closed, late, bad_line, too_large };

/// Used by one thread. Deadlines are instants of Clock::monotonic(). Nothing here throws.
class Wire {
  public:
    /// `fd` does not block and stays the caller's; the references outlive the wire.
    Wire(int fd, const Clock& clock, Connections& connections, Connections::Place place)
        : fd_(fd), clock_(clock), connections_(connections), place_(place) {}

    /// A new request, whose client has been waited for so long already. From here on its waits add up, whatever they
    /// are for; what the server does meanwhile does not count.
    void begin(Micros waited) { waited_ = waited; }
    void expect(Wait wait) { wait_ = wait; }  ///< what is waited for from here on

    /// True when something came that was not read yet; false at the deadline or when the client left.
    bool await_bytes(Micros deadline);
    /// Everything up to the empty line that ends a request head, without it. bad_line: a line does not end with CR LF.
    Arrival read_head(std::size_t limit, Micros deadline, std::string& head);
    /// One line of at most `limit` bytes, without its CR LF.
    Arrival read_line(std::size_t limit, Micros deadline, std::string& line);
    /// Appends exactly `size` bytes. closed, late: fewer came.
    Arrival read(std::size_t size, Micros deadline, std::string& into);
    /// False when the client left, took nothing for `stall`, or did not take all by the deadline.
    bool send(std::string_view bytes, Micros stall, Micros deadline);
    /// Between the parts of an answer that goes on: until `news`, a descriptor or -1, is readable or the deadline.
    /// False: the client left, or the server stops.
    bool await_news(int news, Micros deadline) const;
    /// Ends the connection so that the client can still read the last answer: a close with unread bytes would reset it.
    /// Takes up to `limit` bytes more and throws them away; when others wait, only those that are there.
    void finish(std::size_t limit, Micros deadline);

    bool has_buffered() const { return !pending().empty(); }

  private:
    std::optional<std::size_t> receive(char* into, std::size_t size, Micros deadline);
    Arrival receive_more(Micros deadline);
    bool wait_for(short events, Micros deadline);  ///< to be followed by Connections::end_wait()
    bool ready(short events, Micros deadline) const;
    Micros end_of_patience(Micros now) const;
    std::string_view pending() const { return std::string_view(buffer_).substr(taken_); }
    void take(std::size_t bytes) { taken_ += bytes; }

    const int fd_;
    const Clock& clock_;
    Connections& connections_;
    const Connections::Place place_;
    Wait wait_ = Wait::first_request;
    Micros waited_ = 0;  ///< for the client, in this request
    std::string buffer_;
    std::size_t taken_ = 0;  ///< of buffer_, by its readers
};

}  // namespace foliot::api
