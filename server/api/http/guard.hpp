// What stands between a client and Poco's HTTPServer. Poco reads a client's bytes as they come, laxly, and without
// a deadline for the whole; so it gets to see none of them.
#pragma once

#include "api/http/connections.hpp"
#include "api/http/message.hpp"
#include "api/http/request_ids.hpp"
#include "api/http/request_log.hpp"
#include "api/http/server.hpp"
#include "api/http/wire.hpp"

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocketImpl.h>

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

namespace foliot::api {

class StreamPlaces;

/// What all connections of a server share and refer to.
struct FrontDoor {
    const ServerOptions& options;
    const Clock& clock;
    Connections& connections;
    StreamPlaces& streams;
    RequestIds& ids;
    RequestLog& log;
    HttpTally& tally;
};

/// A client's connection from accept to close, as a socket of Poco's. Its `poll` is the wait for the next request: true
/// when a whole head has come within its deadline, or one that is refused. What `receiveBytes` then gives is one empty
/// request that stands for it. Used by one thread at a time; the references outlive it.
class GuardedSocket final : public Poco::Net::StreamSocketImpl {
  public:
    /// Takes the descriptor, which does not block.
    GuardedSocket(int fd, std::string peer, const FrontDoor& door);

    bool poll(const Poco::Timespan& ignored, int mode) override;  ///< the deadlines of ServerOptions apply
    int receiveBytes(void* buffer, int length, int flags) override;
    int sendBytes(const void* buffer, int length, int flags) override;
    void close() override;
    using StreamSocketImpl::receiveBytes;
    using StreamSocketImpl::sendBytes;

    /// Of the request that poll() told of, until the next poll(). May be moved from.
    RequestHead& head() { return head_; }
    /// Takes the body that the head announces, or refuses it. A connection whose body is not taken ends with the
    /// answer.
    void receive_body();
    bool needs_leave() const;  ///< the body to be taken is not small, or its client asks before it sends it
    std::string& body() { return body_; }
    /// Why the request is not to be served; then head() is filled as far as it was understood.
    const std::optional<Refusal>& refusal() const { return refusal_; }
    bool may_stay() const { return !refusal_ && !owes_body_ && head_.keep_alive; }
    const std::string& peer() const { return peer_; }
    /// One whole answer; after the `last` one the connection ends. False: the client did not take it in time, the
    /// connection is of no more use.
    bool send(std::string_view bytes, bool last);

    /// What follows is an answer that goes on. False: the server stops.
    bool begin_stream();
    bool send_more(std::string_view bytes);  ///< of it; each part has a time of its own
    bool await_news(int news, Micros deadline) { return wire_.await_news(news, deadline); }  ///< see there

  protected:
    ~GuardedSocket() override;

  private:
    bool await_request();
    std::optional<Refusal> read_head();
    std::optional<Refusal> receive_head();
    std::optional<Refusal> check_host() const;
    Micros after(Micros length) const { return door_.clock.monotonic() + length; }

    const std::string peer_;
    const FrontDoor door_;
    const Connections::Place place_;
    Wire wire_;
    const Micros accepted_;
    bool first_ = true;    ///< no request has come yet
    Micros deadline_ = 0;  ///< of what is being read
    bool owes_body_ = false;
    RequestHead head_;
    std::string body_;
    std::optional<Refusal> refusal_;
    std::string_view shown_;  ///< what Poco has not read of the request that it is shown
    bool sent_ = false;       ///< the client took the last answer
    /// The acceptor may drop the last reference: this hands it what the connection's thread wrote.
    std::atomic<bool> closed_{false};
};

/// Sends a client that is turned away a short answer, if its socket takes it at once, and forgets what it has sent.
void turn_away(int fd, int status, std::string_view why, std::string_view peer, const FrontDoor& door) noexcept;

/// A socket that listens and accepts GuardedSockets. The address is never shared with another server. Throws
/// std::runtime_error naming it when it cannot be had.
Poco::Net::ServerSocket listen_guarded(const FrontDoor& door);

}  // namespace foliot::api
