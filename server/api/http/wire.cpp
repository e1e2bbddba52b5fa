#include "api/http/wire.hpp"

#include <Poco/Exception.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace foliot::api {

namespace {

/// Poco throws different types for "it would block".
bool not_now(const Poco::Exception& error) { return error.code() == EAGAIN || error.code() == EINTR; }

}  // namespace

Wire::Wire(const Poco::Net::StreamSocket& socket, const Clock& clock) : socket_(socket), clock_(clock) {
    // Poco repeats a partial send on a blocking socket, and when that fails it does not tell how much was sent.
    socket_.setBlocking(false);
}

bool Wire::wait_for(short events, Micros deadline) {
    while (true) {
        const Micros left = deadline - clock_.monotonic();
        if (left <= 0) return false;
        pollfd entry{socket_.impl()->sockfd(), events, 0};
        const int ready = ::poll(&entry, 1, static_cast<int>(std::min<Micros>(left / kMillisecond + 1, 3'600'000)));
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return false;
    }
}

Wire::Got Wire::receive(Micros deadline) {
    std::array<char, 16384> chunk;
    while (wait_for(POLLIN, deadline)) {
        try {
            const int got = socket_.receiveBytes(chunk.data(), static_cast<int>(chunk.size()));
            if (got == 0) return Got::closed;
            if (got < 0) continue;
            buffer_.append(chunk.data(), static_cast<std::size_t>(got));
            return Got::bytes;
        } catch (const Poco::Exception& error) {
            if (!not_now(error)) return Got::closed;
        }
    }
    return Got::late;
}

bool Wire::await_bytes(Micros deadline) { return !buffer_.empty() || receive(deadline) == Got::bytes; }

Arrival Wire::read_head(std::size_t limit, Micros deadline, std::string& head) {
    std::size_t seen = 0;  // bytes already looked at
    std::size_t line_start = 0;
    while (true) {
        for (; (seen = buffer_.find('\n', seen)) != std::string::npos; line_start = ++seen) {
            if (seen >= limit) return Arrival::too_large;
            if (seen == line_start || buffer_[seen - 1] != '\r') return Arrival::bad_line;
            if (seen != line_start + 1) continue;
            head = buffer_.substr(0, line_start);
            buffer_.erase(0, seen + 1);
            return Arrival::complete;
        }
        seen = buffer_.size();
        if (seen >= limit) return Arrival::too_large;
        const Got got = receive(deadline);
        if (got != Got::bytes) return got == Got::late ? Arrival::late : Arrival::closed;
    }
}

Arrival Wire::read_body(std::size_t length, Micros deadline, std::string& body) {
    buffer_.reserve(length);
    while (buffer_.size() < length) {
        const Got got = receive(deadline);
        if (got != Got::bytes) return got == Got::late ? Arrival::late : Arrival::closed;
    }
    body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return Arrival::complete;
}

bool Wire::send(std::string_view bytes, Micros stall, Micros deadline) {
    while (!bytes.empty()) {
        try {
            const int chunk = static_cast<int>(std::min<std::size_t>(bytes.size(), 1U << 20U));
            const int sent = socket_.sendBytes(bytes.data(), chunk, MSG_NOSIGNAL);
            if (sent > 0) {
                bytes.remove_prefix(static_cast<std::size_t>(sent));
                continue;
            }
        } catch (const Poco::Exception& error) {
            if (!not_now(error)) return false;
        }
        if (!wait_for(POLLOUT, std::min(deadline, clock_.monotonic() + stall))) return false;
    }
    return true;
}

void Wire::finish(std::size_t limit, Micros deadline) {
    try {
        socket_.shutdownSend();
    } catch (const Poco::Exception&) {
        return;
    }
    std::size_t taken = 0;
    do {
        taken += buffer_.size();
        buffer_.clear();
    } while (taken < limit && receive(deadline) == Got::bytes);
}

}  // namespace foliot::api
