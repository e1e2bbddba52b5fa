// One client's socket: every wait has a deadline, whatever the client does or does not send.
#pragma once

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
    Wire(int fd, const Clock& clock) : fd_(fd), clock_(clock) {}  ///< non-blocking, stays the caller's

    /// True when something came that was not read yet; false at the deadline or when the client left.
    bool await_bytes(Micros deadline);
    /// Everything up to the empty line that ends a request head, without it. bad_line: a line does not end with CR LF.
    Arrival read_head(std::size_t limit, Micros deadline, std::string& head);
    /// At most `size` bytes; 0: the client left; nothing: the deadline has passed.
    std::optional<std::size_t> read(char* into, std::size_t size, Micros deadline);
    /// False when the client left, took nothing for `stall`, or did not take all by the deadline.
    bool send(std::string_view bytes, Micros stall, Micros deadline);
    /// Ends the connection so that the client can still read the last answer: a close with unread bytes would reset it.
    /// Takes up to `limit` bytes more and throws them away.
    void finish(std::size_t limit, Micros deadline);

    bool has_buffered() const { return !buffer_.empty(); }

  private:
    std::optional<std::size_t> receive(char* into, std::size_t size, Micros deadline);
    bool wait_for(short events, Micros deadline);

    const int fd_;
    const Clock& clock_;
    std::string buffer_;  ///< received, not yet consumed
};

}  // namespace foliot::api
