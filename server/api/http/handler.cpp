#include "api/http/handler.hpp"

#include "api/http/guard.hpp"
#include "base/log.hpp"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <sstream>
#include <utility>

namespace foliot::api {

namespace {

using Poco::Net::HTTPResponse;
using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

GuardedSocket& guard_of(HTTPServerRequest& request) {
    return dynamic_cast<GuardedSocket&>(*dynamic_cast<Poco::Net::HTTPServerRequestImpl&>(request).socket().impl());
}

/// False when a header would break out of its line.
bool is_sendable(const Response& response) {
    return is_field("Content-Type", response.content_type) &&
           std::all_of(response.headers.begin(), response.headers.end(),
                       [](const auto& field) { return is_field(field.first, field.second); });
}

bool has_body(const Response& response) {
    return response.status >= 200 && response.status != 204 && response.status != 304;
}

class RequestHandler final : public Poco::Net::HTTPRequestHandler {
  public:
    RequestHandler(const Gate& gate, const Clock& clock, const Connections& connections, std::string id)
        : gate_(gate), clock_(clock), connections_(connections) {
        request_.id = std::move(id);
    }

    void handleRequest(HTTPServerRequest& in, HTTPServerResponse& out) override {
        out.setKeepAlive(false);  // whatever happens before the answer is ready
        try {
            GuardedSocket& guard = guard_of(in);
            read_body(in, guard.head().content_length);
            Response response = guard.refusal() ? refuse(guard) : answer(guard);
            const bool keep = !guard.refusal() && guard.head().keep_alive && connections_.may_keep_alive();
            fill(out, response, keep, guard.head().http10);
            const bool sent = send(out, response, guard, !keep);
            out.setKeepAlive(keep && sent);
        } catch (const std::exception& error) {
            log::error("request " + request_.id + " failed: " + error.what());
        } catch (...) {
            log::error("request " + request_.id + " failed");
        }
    }

  private:
    /// What is missing in the end is told by the guard.
    void read_body(HTTPServerRequest& in, std::size_t length) {
        if (length == 0) return;
        request_.body.resize(length);
        in.stream().read(request_.body.data(), static_cast<std::streamsize>(length));
    }

    Response answer(const GuardedSocket& guard) {
        request_.method = guard.head().method;
        request_.path = guard.head().path();
        request_.headers = guard.head().headers;  // as sent: Poco would decode encoded words in them
        request_.peer = guard.peer();
        const Micros start = clock_.monotonic();
        Response response = gate_.answer(request_, guard.head().target);
        log::debug("request " + request_.id + " " + request_.peer + " " + request_.method + " " + request_.path + " " +
                   std::to_string(response.status) + " in " + std::to_string(clock_.monotonic() - start) + " us");
        return response;
    }

    Response refuse(const GuardedSocket& guard) {
        log::debug("request " + request_.id + " " + guard.peer() + " refused: " + guard.refusal()->text);
        return gate_.refuse(*guard.refusal(), guard.head().path(), request_.id);
    }

    void fill(HTTPServerResponse& out, Response& response, bool keep, bool http10) {
        if (!is_sendable(response)) {
            log::error("request " + request_.id + ": a header of the answer holds a character that it must not");
            response = Response{500, "", "", {}};
        }
        out.setStatusAndReason(static_cast<HTTPResponse::HTTPStatus>(response.status));
        if (has_body(response)) {
            if (!response.content_type.empty()) out.setContentType(response.content_type);
            out.setContentLength(static_cast<std::streamsize>(response.body.size()));
        }
        out.set("Cache-Control", "no-store");
        for (const auto& [name, value] : response.headers) out.add(name, value);
        out.set("X-Content-Type-Options", "nosniff");
        out.set("X-Request-Id", request_.id);
        out.erase("Connection");
        if (!keep || http10) out.set("Connection", keep ? "keep-alive" : "close");
    }

    /// In one piece: Poco's stream would cut it into writes of 4 KiB, each of which would have a deadline of its own.
    static bool send(HTTPServerResponse& out, const Response& response, GuardedSocket& guard, bool last) {
        std::ostringstream head;
        out.write(head);
        std::string bytes = std::move(head).str();
        if (has_body(response) && guard.head().method != "HEAD") bytes += response.body;
        return guard.send(bytes, last);
    }

    const Gate& gate_;
    const Clock& clock_;
    const Connections& connections_;
    Request request_;
};

}  // namespace

HandlerFactory::HandlerFactory(const Gate& gate, const Clock& clock, const Connections& connections)
    : gate_(gate),
      clock_(clock),
      connections_(connections),
      instance_(static_cast<unsigned>((clock.now() / kMillisecond) & 0xffffffff)) {}

Poco::Net::HTTPRequestHandler* HandlerFactory::createRequestHandler(const HTTPServerRequest& /*request*/) {
    return new RequestHandler(gate_, clock_, connections_, next_request_id());
}

std::string HandlerFactory::next_request_id() {
    std::array<char, 33> text;
    std::snprintf(text.data(), text.size(), "%08x-%08llx", instance_, static_cast<unsigned long long>(++requests_));
    return text.data();
}

}  // namespace foliot::api
