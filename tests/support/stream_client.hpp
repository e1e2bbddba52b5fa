// A client of an answer that goes on.
#pragma once

#include "base/clock.hpp"
#include "base/fd.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace foliot::testing {

/// Asks at once; used by one thread.
class StreamClient {
  public:
    struct Options {
        std::string headers{};   ///< more lines, each with its CR LF
        int receive_buffer = 0;  ///< bytes; 0: as the system likes
    };
    StreamClient(std::uint16_t port, const std::string& token, const std::string& path)
        : StreamClient(port, token, path, Options{}) {}
    StreamClient(std::uint16_t port, const std::string& token, const std::string& path, const Options& options);

    /// Takes what comes until `wanted` likes the body. False: it ended, or `limit` has passed.
    bool read_until(const std::function<bool(const std::string& body)>& wanted, Micros limit = 20 * kSecond);
    bool read_until(const std::string& text, Micros limit = 20 * kSecond) {
        return read_until([&](const std::string& body) { return body.find(text) != std::string::npos; }, limit);
    }
    bool read_to_end(Micros limit = 20 * kSecond);  ///< the server ended it as HTTP/1.1 wants it
    const std::string& head() const { return head_; }
    const std::string& body() const { return body_; }

    bool read_to_break(Micros limit = 20 * kSecond);  ///< the server broke it off, as a client can tell

  private:
    bool receive(Micros limit);
    void decode();

    Fd fd_;
    std::string raw_, head_, body_;
    bool whole_ = false, closed_ = false;
};

/// How often `part` is in `text`.
std::size_t count_of(const std::string& text, const std::string& part);

}  // namespace foliot::testing
