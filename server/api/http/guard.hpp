// What stands between a client and Poco's HTTPServer. Poco reads a client's bytes as they come, laxly, and without
// a deadline for the whole; so it gets to see only requests that have passed here.
#pragma once

#include "api/http/connections.hpp"
#include "api/http/message.hpp"
#include "api/http/server.hpp"
#include "api/http/wire.hpp"

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocketImpl.h>

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

namespace foliot::api {

/// A client's connection from accept to close, as a socket of Poco's. Its `poll` is the wait for the next request: true
/// when a whole request head has come within its deadlines, or one that is refused. What `receiveBytes` then gives is
/// a head written anew from what was understood, followed by exactly the bytes of the body; never a byte of the
/// next request, and none at all of a refused one. Used by one thread at a time; the references outlive it.
class GuardedSocket final : public Poco::Net::StreamSocketImpl {
  public:
    /// Takes the descriptor, which does not block.
    GuardedSocket(int fd, std::string peer, const ServerOptions& options, const Clock& clock, Connections& connections);

    bool poll(const Poco::Timespan& ignored, int mode) override;  ///< the deadlines of ServerOptions apply
    int receiveBytes(void* buffer, int length, int flags) override;
    int sendBytes(const void* buffer, int length, int flags) override;
    void close() override;
    using StreamSocketImpl::receiveBytes;
    using StreamSocketImpl::sendBytes;

    const RequestHead& head() const { return head_; }
    /// Why the request is not to be served: known after poll() and, when its body does not come, after receiveBytes().
    const std::optional<Refusal>& refusal() const { return refusal_; }
    const std::string& peer() const { return peer_; }
    /// One whole answer; after the `last` one the connection ends. False: the client did not take it in time, the
    /// connection is of no more use.
    bool send(std::string_view bytes, bool last);

  protected:
    ~GuardedSocket() override;

  private:
    bool await_request();
    std::optional<Refusal> read_head();
    Micros after(Micros length) const { return clock_.monotonic() + length; }

    const std::string peer_;
    const ServerOptions& options_;
    const Clock& clock_;
    Connections& connections_;
    const Connections::Place place_;
    Wire wire_;
    const Micros accepted_;
    bool first_ = true;    ///< no request has come yet
    Micros deadline_ = 0;  ///< of what is being read: head, then body
    RequestHead head_;
    std::optional<Refusal> refusal_;
    std::string shown_;          ///< the head for Poco, what it has not read of it
    std::size_t body_left_ = 0;  ///< bytes of the body that nobody has read
    bool sent_ = false;          ///< the client took the last answer
    /// The acceptor may drop the last reference: this hands it what the connection's thread wrote.
    std::atomic<bool> closed_{false};
};

/// A socket that listens and accepts GuardedSockets, which the references outlive. The address is never shared with
/// another server. Throws std::runtime_error naming it when it cannot be had.
Poco::Net::ServerSocket listen_guarded(const ServerOptions& options, const Clock& clock, Connections& connections);

}  // namespace foliot::api
