#include "api/http/server.hpp"

#include "api/http/gate.hpp"
#include "api/http/guard.hpp"
#include "api/http/handler.hpp"
#include "api/http/streaming.hpp"
#include "base/log.hpp"

#include <Poco/ErrorHandler.h>
#include <Poco/Exception.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/ThreadPool.h>
#include <sys/socket.h>

#include <mutex>
#include <string>

namespace foliot::api {

namespace {

/// Gets what ends a connection inside Poco: clients that left, mostly.
class DebugLog final : public Poco::ErrorHandler {
  public:
    void exception(const Poco::Exception& error) override {
        log::debug("connection-error", "connection: " + error.displayText());
    }
    void exception(const std::exception& error) override {
        log::debug("connection-error", std::string("connection: ") + error.what());
    }
    void exception() override { log::debug("connection-error", "connection: an exception that is no std::exception"); }
};

Poco::Net::HTTPServerParams::Ptr params_of(const ServerOptions& options) {
    static DebugLog errors;
    Poco::ErrorHandler::set(&errors);
    Poco::Net::HTTPServerParams::Ptr params(new Poco::Net::HTTPServerParams);
    params->setMaxThreads(options.max_connections);
    params->setMaxQueued(options.max_queued);
    // A thread that misses the stop waits so long.
    params->setThreadIdleTime(Poco::Timespan(500 * kMillisecond));
    return params;
}

}  // namespace

/// Poco accepts, queues and runs a thread a connection; all that it reads and writes goes through GuardedSockets.
struct HttpServer::Impl {
    Impl(const ServerOptions& chosen, const Router& router, Authenticate callback)
        : options(chosen), authenticate(std::move(callback)), gate(router, authenticate), tally(router.routes()) {
        bound = listener.address();
        server.start();
    }

    void stop(Micros grace);

    const SystemClock clock;
    const ServerOptions options;
    const Authenticate authenticate;
    const Gate gate;
    HttpTally tally;
    Connections connections{options.max_connections, options.max_per_address, clock};
    StreamPlaces streams{options.max_connections};
    RequestIds ids{clock};
    RequestLog log{clock};
    const FrontDoor door{options, clock, connections, streams, ids, log, tally};
    /// Poco's dispatcher counts a thread as gone before the pool has it back, and a connection for which the pool has
    /// no thread waits until another one ends: hence twice as many.
    Poco::ThreadPool pool{1, 2 * options.max_connections + 2};
    Poco::Net::ServerSocket listener = listen_guarded(door);
    Poco::Net::HTTPServer server{new HandlerFactory(gate, door), pool, listener, params_of(options)};
    Poco::Net::SocketAddress bound;

    std::mutex stop_mutex;
    bool stopped = false;
};

void HttpServer::Impl::stop(Micros grace) {
    const std::lock_guard once(stop_mutex);
    if (stopped) return;
    stopped = true;
    connections.begin_stop();
    ::shutdown(listener.impl()->sockfd(), SHUT_RDWR);
    server.stop();
    listener.close();
    connections.wait_until_none(grace);
    connections.cut();
    pool.joinAll();
    pool.stopAll();
}

HttpServer::HttpServer(const ServerOptions& options, const Router& router, Authenticate authenticate)
    : impl_(std::make_unique<Impl>(options, router, std::move(authenticate))) {}

HttpServer::~HttpServer() { stop(0); }

std::uint16_t HttpServer::port() const { return impl_->bound.port(); }

std::string HttpServer::address() const { return impl_->bound.toString(); }

const HttpTally& HttpServer::tally() const { return impl_->tally; }

Connections::Numbers HttpServer::connections() const { return impl_->connections.numbers(); }

void HttpServer::stop(Micros grace) { impl_->stop(grace); }

}  // namespace foliot::api
