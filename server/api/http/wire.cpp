#include "api/http/wire.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace foliot::api {

namespace {

using Chunk = std::array<char, 16384>;

bool not_now() { return errno == EAGAIN || errno == EINTR; }

}  // namespace

bool Wire::wait_for(short events, Micros deadline) {
    while (true) {
        const Micros left = deadline - clock_.monotonic();
        if (left <= 0) return false;
        pollfd entry{fd_, events, 0};
        const int ready = ::poll(&entry, 1, static_cast<int>(std::min<Micros>(left / kMillisecond + 1, 3'600'000)));
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return false;
    }
}

std::optional<std::size_t> Wire::receive(char* into, std::size_t size, Micros deadline) {
    while (wait_for(POLLIN, deadline)) {
        const ssize_t got = ::recv(fd_, into, size, 0);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (!not_now()) return 0;
    }
    return std::nullopt;
}

bool Wire::await_bytes(Micros deadline) {
    if (!buffer_.empty()) return true;
    Chunk chunk;
    buffer_.append(chunk.data(), receive(chunk.data(), chunk.size(), deadline).value_or(0));
    return !buffer_.empty();
}

Arrival Wire::read_head(std::size_t limit, Micros deadline, std::string& head) {
    std::size_t seen = 0;  // bytes already looked at
    std::size_t line_start = 0;
    Chunk chunk;
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
        const auto got = receive(chunk.data(), chunk.size(), deadline);
        if (got.value_or(0) == 0) return got ? Arrival::closed : Arrival::late;
        buffer_.append(chunk.data(), *got);
    }
}

std::optional<std::size_t> Wire::read(char* into, std::size_t size, Micros deadline) {
    if (buffer_.empty()) return receive(into, size, deadline);
    const std::size_t taken = buffer_.copy(into, size);
    buffer_.erase(0, taken);
    return taken;
}

bool Wire::send(std::string_view bytes, Micros stall, Micros deadline) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
            continue;
        }
        if (!not_now() || !wait_for(POLLOUT, std::min(deadline, clock_.monotonic() + stall))) return false;
    }
    return true;
}

void Wire::finish(std::size_t limit, Micros deadline) {
    if (::shutdown(fd_, SHUT_WR) != 0) return;
    Chunk chunk;
    for (std::size_t taken = 0; taken < limit;) {
        const std::size_t got = receive(chunk.data(), chunk.size(), deadline).value_or(0);
        if (got == 0) return;
        taken += got;
    }
}

}  // namespace foliot::api
