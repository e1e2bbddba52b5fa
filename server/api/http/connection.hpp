// One client from accept to close: frames its requests one after the other and sends the answers.
#pragma once

#include "api/http/gate.hpp"
#include "api/http/message.hpp"
#include "api/http/server.hpp"
#include "api/http/wire.hpp"

#include <string>

namespace foliot::api {

/// What the server knows and a connection asks. Called on the connection's thread.
class Host {
  public:
    virtual ~Host() = default;
    /// Told around the wait for a request; false: the server stops, do not wait.
    virtual bool begin_idle() = 0;
    virtual void end_idle() = 0;
    /// False when connections are scarce or the server stops: answer, then close.
    virtual bool may_keep_alive() const = 0;
    virtual std::string next_request_id() = 0;
};

class Connection {
  public:
    Connection(Wire& wire, std::string peer, const ServerOptions& options, const Gate& gate, const Clock& clock,
               Host& host)
        : wire_(wire), peer_(std::move(peer)), options_(options), gate_(gate), clock_(clock), host_(host) {}

    /// Returns when the connection is over.
    void run();

  private:
    bool await_request(bool first);
    bool serve_one();
    void fill(Request& request);
    std::optional<Refusal> read_body(Request& request);
    bool refuse(const Refusal& refusal, const std::string& request_id);
    bool send(const Response& response, const ResponseFrame& frame);
    Micros after(Micros length) const { return clock_.monotonic() + length; }

    Wire& wire_;
    std::string peer_;
    const ServerOptions& options_;
    const Gate& gate_;
    const Clock& clock_;
    Host& host_;
    RequestHead head_;
    Micros head_deadline_ = 0;
};

}  // namespace foliot::api
