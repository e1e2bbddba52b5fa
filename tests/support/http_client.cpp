#include "support/http_client.hpp"

#include <Poco/Base64Encoder.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/SocketStream.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/StreamCopier.h>
#include <Poco/String.h>

#include <sstream>

namespace foliot::testing {

namespace {

Reply head_of(const Poco::Net::HTTPResponse& response) {
    Reply reply;
    reply.status = response.getStatus();
    for (const auto& [name, value] : response) reply.headers[Poco::toLower(name)] = value;
    return reply;
}

}  // namespace

std::string basic(const std::string& name_and_password) {
    std::ostringstream text;
    Poco::Base64Encoder encoder(text);
    encoder.rdbuf()->setLineLength(0);
    encoder << name_and_password;
    encoder.close();
    return "Basic " + text.str();
}

struct HttpClient::Impl {
    Impl(std::uint16_t port, std::string secret) : session("127.0.0.1", port), token(std::move(secret)) {
        session.setKeepAlive(true);
        session.setKeepAliveTimeout(Poco::Timespan(2, 0));  // before the server closes an idle connection
        session.setTimeout(Poco::Timespan(60, 0));
    }
    Poco::Net::HTTPClientSession session;
    std::string token;
};

HttpClient::HttpClient(std::uint16_t port, const std::string& token) : impl_(std::make_unique<Impl>(port, token)) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;

Reply HttpClient::send(const std::string& method, const std::string& path, const std::string& body,
                       const Headers& headers) {
    Poco::Net::HTTPRequest request(method, path, "HTTP/1.1");
    if (!impl_->token.empty()) request.set("Authorization", "Token " + impl_->token);
    if (!body.empty()) request.setContentType("application/json");
    for (const auto& [name, value] : headers) request.set(name, value);
    if (!body.empty() || method == "POST" || method == "PUT" || method == "PATCH") {
        request.setContentLength64(static_cast<Poco::Int64>(body.size()));
    }
    impl_->session.sendRequest(request) << body << std::flush;

    Poco::Net::HTTPResponse response;
    std::istream& in = impl_->session.receiveResponse(response);
    Reply reply = head_of(response);
    if (reply.headers["content-type"] == "text/event-stream") {  // it has no end
        impl_->session.reset();
        return reply;
    }
    if (method != "HEAD") Poco::StreamCopier::copyToString(in, reply.body);
    return reply;
}

Reply send_raw(std::uint16_t port, const std::string& text, bool answer_has_body) {
    Poco::Net::StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", port));
    socket.setReceiveTimeout(Poco::Timespan(60, 0));
    Poco::Net::SocketStream stream(socket);
    stream << text << std::flush;
    Poco::Net::HTTPResponse response;
    response.read(stream);
    Reply reply = head_of(response);
    if (answer_has_body && response.hasContentLength()) {
        reply.body.resize(static_cast<std::size_t>(response.getContentLength64()));
        stream.read(reply.body.data(), static_cast<std::streamsize>(reply.body.size()));
    }
    return reply;
}

}  // namespace foliot::testing
