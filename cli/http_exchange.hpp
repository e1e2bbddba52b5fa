// One request to a Foliot server and its answer. Wraps libcurl: no redirects, no cookies, nothing kept; proxies as the
// environment names them (https_proxy, no_proxy), but never to this machine itself. Authorities are those that the
// system trusts, or of the file SSL_CERT_FILE.
#pragma once

#include "base/clock.hpp"

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace foliot::cli {

struct Ask {
    std::string method = "GET";
    std::string url;
    std::string token{};  ///< "": none
    std::string body{};   ///< JSON; "": none
    /// Gets the body of a 2xx as it comes, and there is no limit of time then: for answers that go on.
    std::function<void(std::string_view)> take{};
};

struct Answer {
    int status = 0;
    std::string body;
    std::string retry_after;  ///< as the server said it, if it did
    bool whole = true;        ///< with `take`: false when it broke off
};

/// There is no answer. what() says why, without the URL.
struct NoAnswer : std::runtime_error {
    using runtime_error::runtime_error;
};

inline constexpr Micros kConnectLimit = 5 * kSecond, kAnswerLimit = 60 * kSecond;

/// Throws NoAnswer; CommandError (kStopped) at Ctrl-C; what `take` throws.
Answer exchange(const Ask& ask);

/// Why it cannot be a server's address ("has no host"), in words without what a password could be in; "": it can.
std::string wrong_with_url(const std::string& url);

/// Is the host of this URL this machine itself (localhost, 127.0.0.0/8, [::1])?
bool is_loopback(std::string_view url);

}  // namespace foliot::cli
