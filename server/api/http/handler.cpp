#include "api/http/handler.hpp"

#include "api/http/answer.hpp"
#include "api/http/guard.hpp"
#include "base/log.hpp"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <array>
#include <cstdio>
#include <exception>
#include <utility>

namespace foliot::api {

namespace {

using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

GuardedSocket& guard_of(HTTPServerRequest& request) {
    return dynamic_cast<GuardedSocket&>(*dynamic_cast<Poco::Net::HTTPServerRequestImpl&>(request).socket().impl());
}

class RequestHandler final : public Poco::Net::HTTPRequestHandler {
  public:
    RequestHandler(const Gate& gate, const Clock& clock, const Connections& connections, const Networks& proxies,
                   std::string id)
        : gate_(gate), clock_(clock), connections_(connections), proxies_(proxies) {
        request_.id = std::move(id);
    }

    void handleRequest(HTTPServerRequest& in, HTTPServerResponse& out) override {
        out.setKeepAlive(false);  // whatever happens before the answer is ready
        try {
            GuardedSocket& guard = guard_of(in);
            AnswerTo to;
            to.request_id = request_.id;
            to.is_head = guard.head().method == "HEAD";
            to.http10 = guard.head().http10;
            take(guard);
            Response response = guard.refusal() ? refuse(guard) : answer(guard);
            to.accept_encoding = request_.header("accept-encoding");
            const std::string date = out.get("Date", "");
            to.date = date;
            to.keep_alive = !guard.refusal() && guard.head().keep_alive && connections_.may_keep_alive();
            const bool sent = guard.send(write_answer(std::move(response), to), !to.keep_alive);
            out.setKeepAlive(to.keep_alive && sent);
        } catch (const std::exception& error) {
            log::error("request " + request_.id + " failed: " + error.what());
        } catch (...) {
            log::error("request " + request_.id + " failed");
        }
    }

  private:
    void take(GuardedSocket& guard) {
        request_.method = guard.head().method;
        request_.path = guard.head().path();
        request_.headers = std::move(guard.head().headers);
        request_.body = std::move(guard.body());
        request_.peer = client_of(guard.peer(), request_.headers, proxies_);
    }

    Response answer(GuardedSocket& guard) {
        const Micros start = clock_.monotonic();
        Response response = gate_.answer(request_, guard.head().target);
        if (log::shows(log::Level::debug)) {
            log::debug("request " + request_.id + " " + request_.peer + " " + request_.method + " " + request_.path +
                       " " + std::to_string(response.status) + " in " + std::to_string(clock_.monotonic() - start) +
                       " us");
        }
        return response;
    }

    Response refuse(GuardedSocket& guard) {
        const Refusal& refusal = *guard.refusal();
        if (log::shows(log::Level::debug)) {
            log::debug("request " + request_.id + " " + request_.peer + " refused with " +
                       std::to_string(refusal.status) + ": " + refusal.text);
        }
        return gate_.refuse(refusal, request_.path, request_.id);
    }

    const Gate& gate_;
    const Clock& clock_;
    const Connections& connections_;
    const Networks& proxies_;
    Request request_;
};

}  // namespace

HandlerFactory::HandlerFactory(const Gate& gate, const Clock& clock, const Connections& connections,
                               const Networks& proxies)
    : gate_(gate),
      clock_(clock),
      connections_(connections),
      proxies_(proxies),
      instance_(static_cast<unsigned>((clock.now() / kMillisecond) & 0xffffffff)) {}

Poco::Net::HTTPRequestHandler* HandlerFactory::createRequestHandler(const HTTPServerRequest& /*request*/) {
    return new RequestHandler(gate_, clock_, connections_, proxies_, next_request_id());
}

std::string HandlerFactory::next_request_id() {
    std::array<char, 33> text;
    std::snprintf(text.data(), text.size(), "%08x-%08llx", instance_, static_cast<unsigned long long>(++requests_));
    return text.data();
}

}  // namespace foliot::api
