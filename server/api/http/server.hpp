// The front door: HTTP/1.x connections with strict framing, bounds and deadlines. A thread a connection.
#pragma once

#include "api/http/connections.hpp"
#include "api/http/proxies.hpp"
#include "api/http/router.hpp"
#include "api/http/tally.hpp"
#include "base/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::api {

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8888;            ///< 0: any free one
    int max_connections = 64;             ///< served at a time, a thread each
    int max_queued = 2048;                ///< accepted connections that wait for a thread
    int max_per_address = 1024;           ///< connections of one address; the next one is turned away
    Networks trusted_proxies{};           ///< whose word on the client's address counts, and who may have any number
    std::vector<std::string> hosts{"*"};  ///< that a Host header may name, as for is_among()
    std::size_t max_body = 1U << 20U;     ///< bytes; more is 413
    /// Whole request head: of the first one since the accept (what has come while it was queued is read even later), of
    /// others since their first byte.
    Micros header_deadline = 10 * kSecond;
    Micros body_deadline = 30 * kSecond;  ///< whole body
    Micros keep_alive = 5 * kSecond;
    Micros heartbeat = 15 * kSecond;     ///< of an answer that goes on; whose credentials are asked for again then
    Micros send_timeout = 10 * kSecond;  ///< without a byte taken; also cut: a reader slower than 64 KiB/s in all
};

/// What a request shows of who sends it.
struct Evidence {
    std::string_view authorization{};  ///< the header
    std::string_view session{};        ///< of the session's cookie; "" beside an Authorization header, right or wrong
    std::string_view peer{};           ///< address
    const service::Login* login = nullptr;  ///< of the body, where the head shows nothing

    bool shown_in_head() const { return !authorization.empty() || !session.empty(); }
};

/// Who shows this? Nothing: nobody known. Called on connection threads.
using Authenticate = std::function<std::optional<Principal>(const Evidence& evidence)>;

/// Serves from construction until stop(). The router and callbacks must outlive it. Throws std::runtime_error naming
/// address and port when it cannot listen (address in use is an error: the port is never shared).
class HttpServer {
  public:
    HttpServer(const ServerOptions& options, const Router& router, Authenticate authenticate);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    std::uint16_t port() const;
    std::string address() const;  ///< where it listens: 127.0.0.1:8888, [::1]:8888
    const HttpTally& tally() const;
    Connections::Numbers connections() const;
    /// Refuses new connections, lets running requests end for `grace`, then cuts them and waits for their handlers to
    /// return. Idempotent. Not from a handler.
    void stop(Micros grace);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace foliot::api
