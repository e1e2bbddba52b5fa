// A server on a loopback port that answers as a test wants it to, byte for byte.
#pragma once

#include "base/fd.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace foliot::testing {

struct WebRequest {
    std::string method, target;
    std::map<std::string, std::string> headers;  ///< names in lower case, values as sent
    std::string body;
    bool has(const std::string& name) const { return headers.contains(name); }
};

/// One accepted connection, in the server's thread. Whatever goes wrong ends it.
class WebConnection {
  public:
    explicit WebConnection(int fd) : fd_(fd) {}
    /// A request with its head and its body (by Content-Length).
    WebRequest receive();
    /// False: the other side is gone.
    bool send(std::string_view bytes);
    /// Until the other side closes.
    void await_close();

  private:
    bool read_more(std::string& into);
    int fd_;
};

/// Serves one connection after the other.
class WebServer {
  public:
    using Handler = std::function<void(WebConnection&, WebServer&)>;
    explicit WebServer(Handler handler);
    /// The first connection gets the first answer, and so on; the last one is for all that come after.
    explicit WebServer(std::vector<std::string> answers);
    ~WebServer();
    WebServer(const WebServer&) = delete;
    WebServer& operator=(const WebServer&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url(const std::string& path = "/") const { return "http://127.0.0.1:" + std::to_string(port_) + path; }

    /// For handlers: keeps the request for the test.
    WebRequest receive(WebConnection& connection);
    std::vector<WebRequest> requests() const;
    WebRequest request(std::size_t index = 0) const;  ///< fails the test when there is none
    std::size_t connections() const;

    /// For handlers: tells the test that things are where it wants them.
    void reach();
    bool reached() const;

  private:
    void serve();

    Handler handler_;
    std::uint16_t port_ = 0;  // before the listener, which sets it
    Fd listener_;
    mutable std::mutex mutex_;
    std::vector<WebRequest> requests_;
    std::size_t connections_ = 0;
    bool reached_ = false, ends_ = false;
    int current_ = -1;
    std::thread thread_;
};

/// "HTTP/1.1 STATUS" with these header lines ("A: b\r\n") and this body.
std::string answer(int status, const std::string& headers = "", const std::string& body = "");

}  // namespace foliot::testing
