#include "api/http/handler.hpp"

#include "api/http/answer.hpp"
#include "api/http/streaming.hpp"
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
            const StreamPlaces::Place place = take_place(response);
            note(guard, response.status, door_.clock.monotonic() - start);
            to.accept_encoding = request_.header("accept-encoding");
            const std::string date = out.get("Date", "");
            to.date = date;
            if (response.stream != nullptr) return stream(guard, std::move(response), to);
            to.keep_alive = guard.may_stay() && door_.connections.may_keep_alive();
            const bool sent = guard.send(write_answer(std::move(response), to), !to.keep_alive);
            out.setKeepAlive(to.keep_alive && sent);
        } catch (const std::exception& error) {
            log::error("request-fault", "request " + request_.id + " failed: " + error.what());
        } catch (...) {
            log::error("request-fault", "request " + request_.id + " failed");
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

    /// For an answer that goes on; it is refused when there is none.
    StreamPlaces::Place take_place(Response& response) {
        if (response.stream == nullptr) return nullptr;
        StreamPlaces::Place place = door_.streams.take(request_.principal.account);
        if (place == nullptr) {
            const Refusal refusal{503,
                                  "as many answers go on as may (a quarter of http.max_connections, half of that "
                                  "for one user)"};
            response = gate_.refuse(refusal, request_.path, request_.id);
            response.headers.emplace_back("Retry-After", "10");
        }
        return place;
    }

    void stream(GuardedSocket& guard, Response response, const AnswerTo& to) {
        const std::shared_ptr<StreamedBody> body = response.stream;
        const std::string target = guard.head().target;
        const bool goes_on = guard.begin_stream() && !to.is_head;
        if (!guard.send(write_answer(std::move(response), to), !goes_on) || !goes_on) return;
        send_stream(guard, *body, !to.http10, door_.clock, door_.options.heartbeat,
                    [&] { return gate_.still_admits(request_, target); });
    }

    void note(const GuardedSocket& guard, int status, Micros took) {
        door_.tally.note(request_.dialect, status, took);
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
