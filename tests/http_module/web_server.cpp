#include "web_server.hpp"

#include "base/error.hpp"

#include <arpa/inet.h>
#include <boost/test/unit_test.hpp>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace foliot::testing {
namespace {

struct HungUp : std::runtime_error {
    HungUp() : std::runtime_error("the other side is gone") {}
};

Fd listen_on_loopback(std::uint16_t& port) {
    Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    // Small, so that who sends much has to wait for who reads.
    const int small = 8192;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(fd.get(), 16) != 0 ||
        ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw_errno("listen");
    port = ntohs(address.sin_port);
    return fd;
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

WebRequest read_head(const std::string& head) {
    WebRequest request;
    const std::size_t blank = head.find(' ');
    request.method = head.substr(0, blank);
    request.target = head.substr(blank + 1, head.find(' ', blank + 1) - blank - 1);
    for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
        const std::size_t end = head.find("\r\n", at);
        const std::string line = head.substr(at, end - at);
        const std::size_t colon = line.find(": ");
        if (colon != std::string::npos) {
            request.headers[lower(line.substr(0, colon))] = line.substr(colon + 2);
        } else if (line.ends_with(':')) {
            request.headers[lower(line.substr(0, line.size() - 1))] = "";
        }
        at = end + 2;
    }
    return request;
}

}  // namespace

bool WebConnection::read_more(std::string& into) {
    std::array<char, 65536> buffer{};
    const ssize_t n = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (n > 0) into.append(buffer.data(), static_cast<std::size_t>(n));
    return n > 0;
}

WebRequest WebConnection::receive() {
    std::string bytes;
    std::size_t end = std::string::npos;
    while ((end = bytes.find("\r\n\r\n")) == std::string::npos) {
        if (!read_more(bytes)) throw HungUp();
    }
    WebRequest request = read_head(bytes.substr(0, end + 2));
    request.body = bytes.substr(end + 4);
    const std::size_t length = request.has("content-length") ? std::stoul(request.headers["content-length"]) : 0;
    while (request.body.size() < length) {
        if (!read_more(request.body)) throw HungUp();
    }
    return request;
}

bool WebConnection::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

void WebConnection::await_close() {
    for (std::string ignored; read_more(ignored); ignored.clear()) {}
}

WebServer::WebServer(Handler handler) : handler_(std::move(handler)), listener_(listen_on_loopback(port_)) {
    thread_ = std::thread([this] { serve(); });
}

WebServer::WebServer(std::vector<std::string> answers)
    : WebServer([answers = std::move(answers)](WebConnection& connection, WebServer& server) {
          server.receive(connection);
          connection.send(answers[std::min(server.requests().size(), answers.size()) - 1]);
      }) {}

WebServer::~WebServer() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
        ::shutdown(listener_.get(), SHUT_RDWR);
        if (current_ >= 0) ::shutdown(current_, SHUT_RDWR);
    }
    thread_.join();
}

void WebServer::serve() {
    for (;;) {
        const Fd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        {
            const std::lock_guard lock(mutex_);
            if (ends_ || !fd) return;
            current_ = fd.get();
            ++connections_;
        }
        WebConnection connection(fd.get());
        try {
            handler_(connection, *this);
        } catch (const HungUp&) {}
        const std::lock_guard lock(mutex_);
        current_ = -1;
    }
}

WebRequest WebServer::receive(WebConnection& connection) {
    WebRequest request = connection.receive();
    const std::lock_guard lock(mutex_);
    return requests_.emplace_back(std::move(request));
}

std::vector<WebRequest> WebServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

WebRequest WebServer::request(std::size_t index) const {
    const auto all = requests();
    BOOST_REQUIRE_LT(index, all.size());
    return all[index];
}

std::size_t WebServer::connections() const {
    const std::lock_guard lock(mutex_);
    return connections_;
}

void WebServer::reach() {
    const std::lock_guard lock(mutex_);
    reached_ = true;
}

bool WebServer::reached() const {
    const std::lock_guard lock(mutex_);
    return reached_;
}

std::string answer(int status, const std::string& headers, const std::string& body) {
    return "HTTP/1.1 " + std::to_string(status) + " Whatever\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace foliot::testing
