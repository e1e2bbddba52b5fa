// A service manager's ear: the datagram socket that NOTIFY_SOCKET names, and all that was said to it.
#pragma once

#include "base/error.hpp"
#include "base/fd.hpp"
#include "support/wait.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace foliot::testing {

class NotifySocket {
  public:
    explicit NotifySocket(std::filesystem::path path)
        : path_(std::move(path)), fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path_.string().copy(address.sun_path, sizeof address.sun_path - 1);
        if (!fd_ || ::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            throw_errno("bind " + path_.string());
    }

    std::string variable() const { return "NOTIFY_SOCKET=" + path_.string(); }

    /// Each message since the beginning, whole, as it came.
    const std::vector<std::string>& said() {
        std::array<char, 4096> text{};
        for (;;) {
            const ssize_t size = ::recv(fd_.get(), text.data(), text.size(), 0);
            if (size < 0) return messages_;
            messages_.emplace_back(text.data(), static_cast<std::size_t>(size));
        }
    }
    std::size_t count(const std::string& part) {
        std::size_t count = 0;
        for (const auto& message : said())
            if (message.find(part) != std::string::npos) ++count;
        return count;
    }
    bool hears(const std::string& part, std::size_t times = 1) {
        return wait_until([&] { return count(part) >= times; });
    }
    /// Nothing with that part for so long, within 20 s.
    bool hears_no_more(const std::string& part, Micros length) {
        const SystemClock clock;
        std::size_t heard = count(part);
        Micros since = clock.monotonic();
        return wait_until([&] {
            const std::size_t now = count(part);
            if (now != heard) since = clock.monotonic();
            heard = now;
            return clock.monotonic() - since >= length;
        });
    }
    std::string all() {
        std::string text;
        for (const auto& message : said()) text += message + "\n--\n";
        return text;
    }

  private:
    std::filesystem::path path_;
    Fd fd_;
    std::vector<std::string> messages_;
};

}  // namespace foliot::testing
