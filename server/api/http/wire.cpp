#include "api/http/wire.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace foliot::api {

namespace {

using Chunk = std::array<char, 16384>;

bool not_now() { return errno == EAGAIN || errno == EINTR; }

}  // namespace

bool Wire::ready(short events, Micros deadline) const {
    while (true) {
        const Micros left = std::max<Micros>(deadline - clock_.monotonic(), 0);
        pollfd entry{fd_, events, 0};
        const Micros timeout = left == 0 ? 0 : std::min<Micros>(left / kMillisecond + 1, 3'600'000);
        const int count = ::poll(&entry, 1, static_cast<int>(timeout));
        if (count > 0) return true;
        if ((count < 0 && errno != EINTR) || left == 0) return false;
    }
}

/// Between two requests a moment is enough for the next one of a busy client.
Micros Wire::end_of_patience(Micros now) const {
    switch (wait_) {
        case Wait::leftovers: return now;
        case Wait::next_request: return now + kMillisecond;
        default: return std::max(now, now - waited_ + Connections::kPatience);
    }
}

/// At the end of its patience the client is asked to give way; what has come by then counts.
bool Wire::wait_for(short events, Micros deadline) {
    const Micros now = clock_.monotonic();
    if (!connections_.begin_wait(place_, wait_, now - waited_)) return ready(events, now);
    const Micros patience = end_of_patience(now);
    const bool came = ready(events, std::min(patience, deadline)) ||
                      (patience < deadline && !connections_.give_way(place_) && ready(events, deadline));
    waited_ += clock_.monotonic() - now;
    return came;
}

/// Nothing: it is too late.
std::optional<std::size_t> Wire::receive(char* into, std::size_t size, Micros deadline) {
    while (clock_.monotonic() < deadline) {
        const bool came = wait_for(POLLIN, deadline);
        const ssize_t got = came ? ::recv(fd_, into, size, 0) : 0;
        const bool again = got < 0 && not_now();
        if (connections_.end_wait(place_, got > 0) || !came) return std::nullopt;
        if (!again) return static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    }
    return std::nullopt;
}

Arrival Wire::receive_more(Micros deadline) {
    Chunk chunk;
    const auto got = receive(chunk.data(), chunk.size(), deadline);
    if (!got) return Arrival::late;
    buffer_.erase(0, std::exchange(taken_, 0));
    buffer_.append(chunk.data(), *got);
    return *got == 0 ? Arrival::closed : Arrival::complete;
}

bool Wire::await_bytes(Micros deadline) { return has_buffered() || receive_more(deadline) == Arrival::complete; }

Arrival Wire::read_head(std::size_t limit, Micros deadline, std::string& head) {
    std::size_t seen = 0;  // bytes already looked at
    std::size_t line_start = 0;
    while (true) {
        const std::string_view text = pending();
        for (; (seen = text.find('\n', seen)) != std::string_view::npos; line_start = ++seen) {
            if (seen >= limit) return Arrival::too_large;
            if (seen == line_start || text[seen - 1] != '\r') return Arrival::bad_line;
            if (seen != line_start + 1) continue;
            head = text.substr(0, line_start);
            take(seen + 1);
            return Arrival::complete;
        }
        seen = text.size();
        if (seen >= limit) return Arrival::too_large;
        if (const Arrival more = receive_more(deadline); more != Arrival::complete) return more;
    }
}

Arrival Wire::read_line(std::size_t limit, Micros deadline, std::string& line) {
    while (true) {
        const std::string_view text = pending().substr(0, limit + 2);
        const std::size_t end = text.find('\n');
        if (end != std::string_view::npos) {
            if (end == 0 || text[end - 1] != '\r') return Arrival::bad_line;
            line = text.substr(0, end - 1);
            take(end + 1);
            return Arrival::complete;
        }
        if (text.size() == limit + 2) return Arrival::too_large;
        if (const Arrival more = receive_more(deadline); more != Arrival::complete) return more;
    }
}

Arrival Wire::read(std::size_t size, Micros deadline, std::string& into) {
    const std::string_view buffered = pending().substr(0, size);
    into.append(buffered);
    take(buffered.size());
    Chunk chunk;
    for (std::size_t left = size - buffered.size(); left > 0;) {
        const auto got = receive(chunk.data(), std::min(left, chunk.size()), deadline);
        if (got.value_or(0) == 0) return got ? Arrival::closed : Arrival::late;
        into.append(chunk.data(), *got);
        left -= *got;
    }
    return Arrival::complete;
}

bool Wire::send(std::string_view bytes, Micros stall, Micros deadline) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
            continue;
        }
        if (!not_now()) return false;
        const bool room = wait_for(POLLOUT, std::min(deadline, clock_.monotonic() + stall));
        if (connections_.end_wait(place_, room) || !room) return false;
    }
    return true;
}

/// What the client sends meanwhile is not looked at.
bool Wire::await_news(int news, Micros deadline) const {
    while (true) {
        const Micros left = std::max<Micros>(deadline - clock_.monotonic(), 0);
        std::array<pollfd, 2> entries{pollfd{fd_, POLLRDHUP, 0}, pollfd{news, POLLIN, 0}};
        const int count =
            ::poll(entries.data(), entries.size(), static_cast<int>((left + kMillisecond - 1) / kMillisecond));
        if (entries[0].revents != 0) return false;
        if (count >= 0 || errno != EINTR) return true;
    }
}

void Wire::finish(std::size_t limit, Micros deadline) {
    if (::shutdown(fd_, SHUT_WR) != 0) return;
    expect(Wait::leftovers);
    Chunk chunk;
    for (std::size_t taken = 0; taken < limit;) {
        const std::size_t got = receive(chunk.data(), chunk.size(), deadline).value_or(0);
        if (got == 0) return;
        taken += got;
    }
}

}  // namespace foliot::api
