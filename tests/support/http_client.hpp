// A small HTTP client for tests: one keep-alive connection, the path sent as given.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace foliot::testing {

struct Reply {
    int status = 0;
    std::string body;
    std::map<std::string, std::string> headers;  ///< names in lower case
};

/// "Basic ..." for "name:password" (RFC 7617).
std::string basic(const std::string& name_and_password);

class HttpClient {
  public:
    using Headers = std::vector<std::pair<std::string, std::string>>;

    HttpClient(std::uint16_t port, const std::string& token);
    ~HttpClient();
    HttpClient(HttpClient&&) noexcept;

    /// Sends a body when it is not empty or the method wants one. Throws when the server does not answer. Of an event
    /// stream it takes the head alone.
    Reply send(const std::string& method, const std::string& path, const std::string& body = {},
               const Headers& headers = {});
    Reply get(const std::string& path) { return send("GET", path); }
    Reply post(const std::string& path, const std::string& body = {}) { return send("POST", path, body); }

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Sends the text as it is, on a connection of its own.
Reply send_raw(std::uint16_t port, const std::string& text, bool answer_has_body = true);

}  // namespace foliot::testing
