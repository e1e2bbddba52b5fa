#include "api/http/handler.hpp"

#include "api/http/answer.hpp"
#include "base/log.hpp"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>

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
    RequestHandler(const Gate& gate, const FrontDoor& door) : gate_(gate), door_(door) {
        request_.id = door.ids.next();
    }

    void handleRequest(HTTPServerRequest& in, HTTPServerResponse& out) override {
        out.setKeepAlive(false);  // whatever happens before the answer is ready
        try {
            const Micros start = door_.clock.monotonic();
            GuardedSocket& guard = guard_of(in);
            AnswerTo to;
            to.request_id = request_.id;
            to.is_head = guard.head().method == "HEAD";
            to.http10 = guard.head().http10;
            take_head(guard);
            Response response = answer(guard);
            note(guard, response.status, door_.clock.monotonic() - start);
            to.accept_encoding = request_.header("accept-encoding");
            const std::string date = out.get("Date", "");
            to.date = date;
            to.keep_alive = guard.may_stay() && door_.connections.may_keep_alive();
            const bool sent = guard.send(write_answer(std::move(response), to), !to.keep_alive);
            out.setKeepAlive(to.keep_alive && sent);
        } catch (const std::exception& error) {
            log::error("request " + request_.id + " failed: " + error.what());
        } catch (...) {
            log::error("request " + request_.id + " failed");
        }
    }

  private:
    void take_head(GuardedSocket& guard) {
        request_.method = guard.head().method;
        request_.path = guard.head().path();
        request_.headers = std::move(guard.head().headers);
        request_.peer = client_of(guard.peer(), request_.headers, door_.options.trusted_proxies);
        request_.over_tls = came_over_tls(guard.peer(), request_.headers, door_.options.trusted_proxies);
    }

    Response answer(GuardedSocket& guard) {
        // Nobody sends us much that nobody wants. What is small is taken first, so that the connection can go on.
        if (guard.needs_leave()) {
            if (auto response = gate_.answer_to_head(request_, guard.head().target)) return std::move(*response);
        }
        guard.receive_body();
        if (guard.refusal()) return gate_.refuse(*guard.refusal(), request_.path, request_.id);
        request_.body = std::move(guard.body());
        return gate_.answer(request_, guard.head().target);
    }

    void note(const GuardedSocket& guard, int status, Micros took) {
        door_.log.note({.id = request_.id,
                        .status = status,
                        .took = took,
                        .method = request_.method,
                        .path = request_.path,
                        .user = request_.principal.name,
                        .peer = request_.peer,
                        .why = guard.refusal() ? std::string_view(guard.refusal()->text) : ""});
    }

    const Gate& gate_;
    const FrontDoor& door_;
    Request request_;
};

}  // namespace

Poco::Net::HTTPRequestHandler* HandlerFactory::createRequestHandler(const HTTPServerRequest& /*request*/) {
    return new RequestHandler(gate_, door_);
}

}  // namespace foliot::api
