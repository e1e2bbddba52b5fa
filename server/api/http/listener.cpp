#include "api/http/guard.hpp"
#include "base/fd.hpp"
#include "base/log.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocketImpl.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace foliot::api {

namespace {

using Poco::Net::SocketAddress;

constexpr int kBacklog = SOMAXCONN;  // as many as the system lets wait
constexpr Micros kWarnEvery = 60 * kSecond;
constexpr int kRetryAfterFailedAccept = 50;  // milliseconds

class GuardedListener final : public Poco::Net::ServerSocketImpl {
  public:
    explicit GuardedListener(const FrontDoor& door) : door_(door) {}

    /// Without Poco's four wake-ups a second: the stop shuts the socket down, which ends the wait.
    bool poll(const Poco::Timespan& /*ignored*/, int /*mode*/) override {
        pollfd entry{sockfd(), POLLIN, 0};
        ::poll(&entry, 1, -1);
        const bool shut = (entry.revents & POLLHUP) != 0;
        if (shut) ::poll(nullptr, 0, 1);  // until Poco knows that it stops
        return !shut;
    }

    Poco::Net::SocketImpl* acceptConnection(SocketAddress& client) override {
        sockaddr_storage storage{};
        auto* const address = reinterpret_cast<sockaddr*>(&storage);
        socklen_t length = sizeof storage;
        Fd fd(::accept4(sockfd(), address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!fd) fail(errno);
        client = SocketAddress(address, length);
        std::string peer = client.host().toString();
        const bool may_have_any = door_.options.trusted_proxies.contain(peer);
        if (!may_have_any && door_.connections.has_enough(peer)) refuse(fd.get(), peer);
        auto* const socket = new GuardedSocket(fd.get(), std::move(peer), door_);  // NOLINT
        static_cast<void>(fd.release());
        return socket;
    }

  private:
    [[noreturn]] void fail(int error) {
        if (error != EAGAIN && error != ECONNABORTED) {  // else the client left again
            // Out of descriptors: one that is idle gives up its own, and until then the client waits in the backlog.
            door_.connections.make_room();
            if (failures_.take(door_.clock.monotonic())) {
                log::warning("connection-not-taken",
                             "cannot take a connection: " + std::system_category().message(error) +
                                 "; idle ones are closed (raise the limit of open files, LimitNOFILE under systemd)");
            }
            ::poll(nullptr, 0, kRetryAfterFailedAccept);
        }
        throw Poco::IOException("accept", error);
    }

    /// Here, in the acceptor: it costs no thread and no place in the queue.
    [[noreturn]] void refuse(int fd, const std::string& peer) {
        turn_away(fd, 429, "it has too many connections", peer, door_);
        if (refusals_.take(door_.clock.monotonic())) {
            log::warning("address-has-enough",
                         peer + " has as many connections as one address may have, others are turned away" +
                             " (http.max_connections_per_address)");
        }
        throw Poco::IOException(peer + " has too many connections");
    }

    const FrontDoor door_;
    LogBudget failures_{1, kWarnEvery}, refusals_{1, kWarnEvery};
};

class GuardedServerSocket final : public Poco::Net::ServerSocket {
  public:
    explicit GuardedServerSocket(GuardedListener* impl) : ServerSocket(impl, true) {}
};

}  // namespace

Poco::Net::ServerSocket listen_guarded(const FrontDoor& door) {
    const ServerOptions& options = door.options;
    try {
        GuardedServerSocket listener(new GuardedListener(door));
        // SO_REUSEPORT would let a second server share the port in silence.
        listener.bind(SocketAddress(options.address, options.port), true, false);
        listener.listen(kBacklog);
        listener.setBlocking(false);
        ::fcntl(listener.impl()->sockfd(), F_SETFD, FD_CLOEXEC);
        return listener;
    } catch (const Poco::Exception& error) {
        throw std::runtime_error("cannot listen on " + options.address + ":" + std::to_string(options.port) + ": " +
                                 error.displayText());
    }
}

}  // namespace foliot::api
