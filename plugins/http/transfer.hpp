// One request and its answer. Wraps libcurl's transfers: no redirects, no proxies, no cookies, no state from one to the
// next.
#pragma once

#include "address_policy.hpp"
#include "url.hpp"

#include <foliot/context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace http {

struct Header {
    std::string name, value;
    bool credential = false;      ///< not for other origins
    bool describes_body = false;  ///< not without a body
};

struct Outgoing {
    std::string method;
    Url url;
    std::vector<Header> headers;
    std::optional<std::string> body;
    std::string user_agent;
    std::chrono::milliseconds timeout{}, connect_timeout{};
    bool verify_tls = true;
    std::string authorities;  ///< certificates (PEM) to trust instead of the system's; empty: the system's
};

struct Answer {
    int status = 0;
    std::map<std::string, std::string> headers;  ///< names in lower case; the last of a name
    std::string body;                            ///< its beginning
    std::uint64_t bytes = 0;                     ///< of the body that were received
    bool truncated = false;                      ///< there was more body than is here
};

struct AnswerLimits {
    std::size_t kept = 64U << 10U;       ///< bytes of a body that are kept
    std::uint64_t received = 1U << 20U;  ///< bytes after which the connection is closed: the status is known by then
};

/// No complete answer came. `kind`: "resolve", "connect", "tls", "timeout" or "protocol".
class TransferError : public std::runtime_error {
  public:
    TransferError(const char* kind, const std::string& text) : std::runtime_error(text), kind_(kind) {}
    const char* kind() const { return kind_; }

  private:
    const char* kind_;
};

/// The policy lets nobody connect there.
class Refused : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Throws TransferError, Refused, and foliot::Cancelled as soon as the run is cancelled.
Answer transfer(const Outgoing& outgoing, const AnswerLimits& limits, const AddressPolicy& policy,
                const foliot::Context& context);

}  // namespace http
