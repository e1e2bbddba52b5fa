#include "api/http/answer.hpp"

#include "api/http/compress.hpp"
#include "api/http/message.hpp"
#include "base/log.hpp"

#include <Poco/Net/HTTPResponse.h>

#include <algorithm>
#include <array>
#include <utility>

namespace foliot::api {

namespace {

/// What is shorter is one packet either way.
constexpr std::size_t kWorthPacking = 1400;

using Field = std::pair<std::string_view, std::string_view>;
/// A response may have its own. Nothing of ours is a page yet, so a page may neither show nor use it.
constexpr std::array<Field, 6> kDefaults{{{"Cache-Control", "no-store"},
                                          {"X-Content-Type-Options", "nosniff"},
                                          {"X-Frame-Options", "DENY"},
                                          {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
                                          {"Cross-Origin-Resource-Policy", "same-origin"},
                                          {"Referrer-Policy", "no-referrer"}}};

bool has_body(const Response& response) {
    return response.status >= 200 && response.status != 204 && response.status != 304;
}

bool has(const Response& response, std::string_view name) {
    const std::string wanted = lower(name);
    return std::any_of(response.headers.begin(), response.headers.end(), [&](const auto& field) {
        return field.first.size() == name.size() && lower(field.first) == wanted;
    });
}

bool is_sendable(const Response& response) {
    return is_field("Content-Type", response.content_type) &&
           std::all_of(response.headers.begin(), response.headers.end(),
                       [](const auto& field) { return is_field(field.first, field.second); });
}

bool is_text(std::string_view content_type) {
    return content_type.starts_with("text/") || content_type.starts_with("application/json") ||
           content_type.starts_with("application/openapi");
}

void pack(Response& response, const AnswerTo& to) {
    const bool worth_it = has_body(response) && response.body.size() >= kWorthPacking &&
                          is_text(response.content_type) && !has(response, "Content-Encoding");
    if (!worth_it) return;
    response.headers.emplace_back("Vary", "Accept-Encoding");
    if (!wants_gzip(to.accept_encoding)) return;
    if (auto packed = gzip(response.body)) {
        response.body = std::move(*packed);
        response.headers.emplace_back("Content-Encoding", "gzip");
    }
}

class Head {
  public:
    explicit Head(int status) {
        text_.reserve(512);
        const auto code = static_cast<Poco::Net::HTTPResponse::HTTPStatus>(status);
        text_.append("HTTP/1.1 ").append(std::to_string(status)).append(" ");
        text_.append(Poco::Net::HTTPResponse::getReasonForStatus(code)).append("\r\n");
    }
    void add(std::string_view name, std::string_view value) {
        text_.append(name).append(": ").append(value).append("\r\n");
    }
    std::string take() { return std::move(text_.append("\r\n")); }

  private:
    std::string text_;
};

}  // namespace

std::string write_answer(Response response, const AnswerTo& to) {
    if (!is_sendable(response)) {
        log::error("request-fault", "request " + std::string(to.request_id) +
                                        ": a header of the answer holds a character that it must not");
        response = Response{500, "", "", {}};
    }
    pack(response, to);
    Head head(response.status);
    head.add("Date", to.date);
    if (has_body(response)) {
        if (!response.content_type.empty()) head.add("Content-Type", response.content_type);
        if (response.stream == nullptr) head.add("Content-Length", std::to_string(response.body.size()));
        if (response.stream != nullptr && !to.http10) head.add("Transfer-Encoding", "chunked");
    }
    for (const auto& [name, value] : response.headers) head.add(name, value);
    for (const auto& [name, value] : kDefaults) {
        if (response.headers.empty() || !has(response, name)) head.add(name, value);
    }
    head.add("X-Request-Id", to.request_id);
    if (!to.keep_alive || to.http10) head.add("Connection", to.keep_alive ? "keep-alive" : "close");
    std::string bytes = head.take();
    if (has_body(response) && !to.is_head) bytes += response.body;
    return bytes;
}

}  // namespace foliot::api
