#include "support/stream_client.hpp"

#include "base/error.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace foliot::testing {

StreamClient::StreamClient(std::uint16_t port, const std::string& token, const std::string& path,
                           const Options& options)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (options.receive_buffer > 0) {
        ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &options.receive_buffer, sizeof options.receive_buffer);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) throw_errno("connect");
    write_all(fd_.get(), "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + token + "\r\n" +
                             options.headers + "\r\n");
}

bool StreamClient::read_until(const std::function<bool(const std::string& body)>& wanted, Micros limit) {
    const SystemClock clock;
    const Micros end = clock.monotonic() + limit;
    while (!wanted(body_)) {
        const Micros left = end - clock.monotonic();
        if (whole_ || left <= 0 || !receive(left)) return false;
    }
    return true;
}

bool StreamClient::read_to_end(Micros limit) {
    read_until([this](const std::string&) { return whole_; }, limit);
    return whole_;
}

bool StreamClient::read_to_break(Micros limit) {
    read_until([](const std::string&) { return false; }, limit);
    return closed_ && !whole_;
}

bool StreamClient::receive(Micros limit) {
    std::array<char, 65536> chunk{};
    pollfd entry{fd_.get(), POLLIN, 0};
    if (::poll(&entry, 1, static_cast<int>(limit / kMillisecond) + 1) != 1) return false;
    const ssize_t got = ::recv(fd_.get(), chunk.data(), chunk.size(), 0);
    closed_ = got <= 0;
    if (closed_) return false;
    raw_.append(chunk.data(), static_cast<std::size_t>(got));
    decode();
    return true;
}

/// Takes whole chunks only.
void StreamClient::decode() {
    if (head_.empty()) {
        const std::size_t end = raw_.find("\r\n\r\n");
        if (end == std::string::npos) return;
        head_ = raw_.substr(0, end + 2);
        raw_.erase(0, end + 4);
    }
    for (std::size_t line = 0; !whole_ && (line = raw_.find("\r\n")) != std::string::npos;) {
        const std::size_t size = std::stoul(raw_, nullptr, 16);
        if (raw_.size() < line + 2 + size + 2) return;
        body_ += raw_.substr(line + 2, size);
        raw_.erase(0, line + 2 + size + 2);
        whole_ = size == 0;
    }
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
    return count;
}

}  // namespace foliot::testing
