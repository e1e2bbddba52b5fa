#include "api/http/server.hpp"

#include "api/http/connection.hpp"
#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/log.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocket.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <list>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace foliot::api {

namespace {

constexpr int kBacklog = 128;
constexpr int kRetryAfterFailedAccept = 50;  // milliseconds
constexpr std::string_view kBusy =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n";

Poco::Net::ServerSocket listen_on(const ServerOptions& options) {
    try {
        Poco::Net::ServerSocket listener;
        // SO_REUSEPORT would let a second server share the port in silence.
        listener.bind(Poco::Net::SocketAddress(options.address, options.port), true, false);
        listener.listen(kBacklog);
        listener.setBlocking(false);
        ::fcntl(listener.impl()->sockfd(), F_SETFD, FD_CLOEXEC);
        return listener;
    } catch (const Poco::Exception& error) {
        throw std::runtime_error("cannot listen on " + options.address + ":" + std::to_string(options.port) + ": " +
                                 error.displayText());
    }
}

/// Handed from the acceptor to one worker: never shared.
using SocketPtr = std::unique_ptr<Poco::Net::StreamSocket>;

/// Wakes a thread that polls.
class Bell {
  public:
    Bell() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
        if (!fd_) throw_errno("eventfd");
    }
    void ring() const noexcept { ::eventfd_write(fd_.get(), 1); }
    int fd() const { return fd_.get(); }

  private:
    Fd fd_;
};

}  // namespace

/// A thread a connection: a fixed number of them, started when first needed, and a bounded queue before them. Nothing
/// wakes while nobody is connected. One mutex guards the queue and the state of every connection; it is never held over
/// I/O.
struct HttpServer::Impl {
    /// What a thread serves now. `fd` is valid while it is set: it is unset under the mutex before the socket closes,
    /// so a shutdown() under the mutex never meets a reused descriptor.
    struct Seat final : Host {
        explicit Seat(Impl& owner) : impl(owner) {}
        bool begin_idle() override {
            const std::lock_guard lock(impl.mutex);
            idle = true;
            return !impl.stopping;
        }
        void end_idle() override {
            const std::lock_guard lock(impl.mutex);
            idle = false;
        }
        bool may_keep_alive() const override {
            return !impl.stopping && impl.busy * 4 <= impl.options.max_connections * 3;
        }
        std::string next_request_id() override {
            std::array<char, 33> text;
            std::snprintf(text.data(), text.size(), "%08x-%08llx", impl.instance,
                          static_cast<unsigned long long>(++impl.requests));
            return text.data();
        }
        Impl& impl;
        int fd = -1;
        bool idle = false;
    };

    Impl(const ServerOptions& chosen, const Router& router, Authenticate callback)
        : options(chosen), authenticate(std::move(callback)), gate(router, authenticate), listener(listen_on(options)) {
        instance = static_cast<unsigned>((clock.now() / kMillisecond) & 0xffffffff);
        bound_port = listener.address().port();
        acceptor = std::thread([this] { accept_all(); });
    }

    void accept_all();
    void accept_one();
    void admit(SocketPtr socket);
    void work();
    void serve(Seat& seat, Poco::Net::StreamSocket& socket);
    void stop(Micros grace);
    void cut(bool idle_only);

    const SystemClock clock;
    const ServerOptions options;
    const Authenticate authenticate;
    const Gate gate;
    Poco::Net::ServerSocket listener;
    const Bell bell;
    std::uint16_t bound_port = 0;
    unsigned instance = 0;  ///< tells request ids of one start from those of another
    std::atomic<std::uint64_t> requests{0};

    std::mutex mutex;
    std::condition_variable work_or_stop;
    std::condition_variable quiet;
    std::deque<SocketPtr> queue;
    std::list<Seat> seats;
    std::vector<std::thread> workers;
    int waiting = 0;           ///< threads without a connection
    std::atomic<int> busy{0};  ///< threads with one
    std::atomic<bool> stopping{false};

    std::mutex stop_mutex;
    std::thread acceptor;
};

void HttpServer::Impl::accept_all() {
    while (!stopping) {
        std::array<pollfd, 2> entries{{{listener.impl()->sockfd(), POLLIN, 0}, {bell.fd(), POLLIN, 0}}};
        if (::poll(entries.data(), entries.size(), -1) <= 0 || entries[0].revents == 0) continue;
        try {
            accept_one();
        } catch (const std::exception& error) {
            // Out of descriptors or threads: the client waits in the backlog until there are some.
            log::warning(std::string("cannot take a connection: ") + error.what());
            ::poll(&entries[1], 1, kRetryAfterFailedAccept);
        }
    }
}

void HttpServer::Impl::accept_one() {
    try {
        auto socket = std::make_unique<Poco::Net::StreamSocket>(listener.acceptConnection());
        ::fcntl(socket->impl()->sockfd(), F_SETFD, FD_CLOEXEC);
        socket->setNoDelay(true);
        admit(std::move(socket));
    } catch (const Poco::Exception& error) {
        if (error.code() == EAGAIN || error.code() == ECONNABORTED) return;  // the client left again
        throw std::runtime_error(error.displayText());
    }
}

void HttpServer::Impl::admit(SocketPtr socket) {
    const std::lock_guard lock(mutex);
    if (queue.size() >= static_cast<std::size_t>(options.max_queued)) {
        ::send(socket->impl()->sockfd(), kBusy.data(), kBusy.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        return;
    }
    const bool all_taken = queue.size() >= static_cast<std::size_t>(waiting);
    if (all_taken && workers.size() < static_cast<std::size_t>(options.max_connections)) {
        workers.emplace_back([this] { work(); });
        ++waiting;
    }
    queue.push_back(std::move(socket));
    work_or_stop.notify_one();
}

void HttpServer::Impl::work() {
    std::unique_lock lock(mutex);
    Seat& seat = seats.emplace_back(*this);
    while (true) {
        work_or_stop.wait(lock, [this] { return stopping || !queue.empty(); });
        if (stopping) return;
        const SocketPtr socket = std::move(queue.front());
        queue.pop_front();
        --waiting;
        ++busy;
        seat.fd = socket->impl()->sockfd();
        lock.unlock();
        serve(seat, *socket);
        lock.lock();
        --busy;
        ++waiting;
        if (busy == 0) quiet.notify_all();
    }
}

void HttpServer::Impl::serve(Seat& seat, Poco::Net::StreamSocket& socket) {
    try {
        Wire wire(socket, clock);
        Connection(wire, socket.peerAddress().host().toString(), options, gate, clock, seat).run();
    } catch (const Poco::Exception&) {
        // The client left before it was looked at.
    } catch (const std::exception& error) {
        log::error(std::string("a connection failed: ") + error.what());
    }
    {
        const std::lock_guard lock(mutex);
        seat.fd = -1;
        seat.idle = false;
    }
    socket.close();
}

/// Connections that only wait are ended gently: a request that has already arrived is still read.
void HttpServer::Impl::cut(bool idle_only) {
    for (const Seat& seat : seats) {
        if (seat.fd < 0 || (idle_only && !seat.idle)) continue;
        ::shutdown(seat.fd, idle_only ? SHUT_RD : SHUT_RDWR);
    }
}

void HttpServer::Impl::stop(Micros grace) {
    const std::lock_guard once(stop_mutex);
    if (!acceptor.joinable()) return;
    {
        const std::lock_guard lock(mutex);
        stopping = true;
    }
    bell.ring();
    acceptor.join();
    listener.close();
    {
        std::unique_lock lock(mutex);
        queue.clear();
        cut(true);
        quiet.wait_for(lock, std::chrono::microseconds(grace), [this] { return busy == 0; });
        cut(false);
        work_or_stop.notify_all();
    }
    for (std::thread& worker : workers) worker.join();
}

HttpServer::HttpServer(const ServerOptions& options, const Router& router, Authenticate authenticate)
    : impl_(std::make_unique<Impl>(options, router, std::move(authenticate))) {}

HttpServer::~HttpServer() { stop(0); }

std::uint16_t HttpServer::port() const { return impl_->bound_port; }

void HttpServer::stop(Micros grace) { impl_->stop(grace); }

}  // namespace foliot::api
