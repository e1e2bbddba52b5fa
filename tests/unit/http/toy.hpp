// A toy dialect, a client on a raw socket, and a server with a few routes.
#pragma once

#include "api/http/server.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/fd.hpp"
#include "support/wait.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

namespace foliot::testing {

class ToyDialect final : public api::Dialect {
  public:
    explicit ToyDialect(std::string name, bool method_first = false)
        : name_(std::move(name)), method_first_(method_first) {}
    std::string_view name() const override { return name_; }
    api::Response error(const RequestError& error) const override {
        return say(status_of(error.problem()), error.what());
    }
    int status_of(Problem problem) const override {
        static const std::map<Problem, int> kStatus{{Problem::malformed, 400},       {Problem::invalid, 422},
                                                    {Problem::unauthenticated, 401}, {Problem::forbidden, 403},
                                                    {Problem::not_found, 404},       {Problem::too_large, 413},
                                                    {Problem::throttled, 429}};
        const auto it = kStatus.find(problem);
        return it == kStatus.end() ? 418 : it->second;
    }
    api::Schema error_schema() const override { return api::Schema::text(); }
    api::Response not_found(std::string_view) const override { return say(404, "nowhere"); }
    api::Response method_not_allowed(std::string_view, std::string_view) const override { return say(405, "not so"); }
    api::Response internal_error(std::string_view id) const override { return say(500, "broken " + std::string(id)); }
    std::string challenge() const override { return "Toy realm=\"" + name_ + "\""; }
    bool method_check_before_auth() const override { return method_first_; }

  private:
    api::Response say(int status, std::string text) const {
        api::Response response;
        response.status = status;
        response.body = name_ + ": " + std::move(text);
        return response;
    }
    std::string name_;
    bool method_first_;
};

inline api::Response text(std::string body) {
    api::Response response;
    response.content_type = "text/plain";
    response.body = std::move(body);
    return response;
}

/// One answer as it came.
struct Answer {
    int status = 0;  ///< 0: the connection ended without one
    std::string head, body;
    bool has(std::string_view line) const { return head.find("\r\n" + std::string(line)) != std::string::npos; }
};

class Client {
  public:
    explicit Client(std::uint16_t port, int receive_buffer = 0)
        : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        if (receive_buffer > 0) {
            ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        }
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) throw_errno("connect");
    }

    /// False when the server does not take it any more.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    void end_of_input() { ::shutdown(fd_.get(), SHUT_WR); }

    /// The next answer; `with_body` false after HEAD.
    Answer answer(bool with_body = true) {
        Answer answer;
        std::size_t end = 0;
        while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
            if (receive()) continue;
            if (!buffer_.empty()) throw std::runtime_error("the answer was cut off");
            return answer;
        }
        answer.head = buffer_.substr(0, end + 2);
        buffer_.erase(0, end + 4);
        answer.status = std::stoi(answer.head.substr(9, 3));
        const std::size_t field = answer.head.find("\r\nContent-Length: ");
        const std::size_t length = field == std::string::npos ? 0 : std::stoul(answer.head.substr(field + 18));
        if (!with_body) return answer;
        while (buffer_.size() < length) {
            if (!receive()) throw std::runtime_error("the answer was cut off");
        }
        answer.body = buffer_.substr(0, length);
        buffer_.erase(0, length);
        return answer;
    }
    Answer ask(std::string_view request, bool with_body = true) {
        send(request);
        return answer(with_body);
    }
    /// Reads at most so many bytes that have come, and forgets them.
    void skip(std::size_t bytes) {
        std::string chunk(bytes, '\0');
        ::recv(fd_.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
    }
    /// All that comes until the server ends the connection.
    std::string rest() {
        while (receive()) {}
        return std::exchange(buffer_, "");
    }
    /// True when the server ends the connection and nothing more came before.
    bool closed() { return buffer_.empty() && !receive(); }

  private:
    bool receive() {
        char chunk[65536];
        pollfd entry{fd_.get(), POLLIN, 0};
        if (::poll(&entry, 1, 20'000) != 1) throw std::runtime_error("no byte and no end for 20 s");
        const ssize_t got = ::recv(fd_.get(), chunk, sizeof chunk, 0);
        if (got <= 0) return false;
        buffer_.append(chunk, static_cast<std::size_t>(got));
        return true;
    }
    Fd fd_;
    std::string buffer_;
};

inline std::string get(std::string_view path, std::string_view fields = "Authorization: admin\r\n") {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" + std::string(fields) + "\r\n";
}

/// Credentials: viewer, operator, admin (every scope), admin-read (scope read); and a session "mine" of an operator.
inline std::optional<Principal> who(const api::Evidence& evidence) {
    if (evidence.session == "mine") return Principal{5, "s", Role::operator_, Scope::admin};
    const std::string_view authorization = evidence.authorization;
    if (authorization == "viewer") return Principal{1, "v", Role::viewer, Scope::admin};
    if (authorization == "operator") return Principal{2, "o", Role::operator_, Scope::admin};
    if (authorization == "admin") return Principal{3, "a", Role::admin, Scope::admin};
    if (authorization == "admin-read") return Principal{4, "r", Role::admin, Scope::read};
    if (authorization == "away") throw RequestError(Problem::unavailable, "the store is away");
    if (authorization == "guessing") throw throttled("too many", 7);
    if (authorization == "broken") throw std::runtime_error("the store is away");
    return std::nullopt;
}

}  // namespace foliot::testing
