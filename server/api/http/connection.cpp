#include "api/http/connection.hpp"

#include "base/log.hpp"

#include <stdexcept>

namespace foliot::api {

namespace {

constexpr std::size_t kMaxHead = 32768;
constexpr std::size_t kMaxDrained = 8U << 20U;
constexpr Micros kDrainTime = 2 * kSecond;
constexpr std::size_t kSlowestReader = 65536;  // bytes a second that a client has to take, beyond send_timeout

}  // namespace

void Connection::run() {
    for (bool first = true; await_request(first) && serve_one(); first = false) {}
}

bool Connection::await_request(bool first) {
    const Micros limit = first ? options_.header_deadline : options_.keep_alive;
    const Micros deadline = after(limit);
    head_deadline_ = first ? deadline : 0;
    if (!wire_.has_buffered()) {
        const bool came = host_.begin_idle() && wire_.await_bytes(deadline);
        host_.end_idle();
        if (!came) return false;
    }
    if (!first) head_deadline_ = after(options_.header_deadline);
    return true;
}

bool Connection::serve_one() {
    head_ = RequestHead{};
    Request request;
    request.id = host_.next_request_id();
    std::string text;
    switch (wire_.read_head(kMaxHead, head_deadline_, text)) {
        case Arrival::complete: break;
        case Arrival::closed: return refuse({400, "the request head was cut off"}, request.id);
        case Arrival::late: return refuse({408, "the request head took too long"}, request.id);
        case Arrival::bad_line: return refuse({400, "header lines must end with CR LF"}, request.id);
        case Arrival::too_large: return refuse({431, "the request head is too large"}, request.id);
    }
    if (const auto refusal = parse_head(text, options_.max_body, head_)) return refuse(*refusal, request.id);
    if (const auto refusal = read_body(request)) return refuse(*refusal, request.id);
    fill(request);
    const Micros start = clock_.monotonic();
    const Response response = gate_.answer(request, head_.target);
    const bool keep = head_.keep_alive && host_.may_keep_alive();
    log::debug("request " + request.id + " " + request.peer + " " + request.method + " " + request.path + " " +
               std::to_string(response.status) + " in " + std::to_string(clock_.monotonic() - start) + " us");
    return send(response, {head_.method == "HEAD", keep, head_.http10, request.id}) && keep;
}

std::optional<Refusal> Connection::read_body(Request& request) {
    if (head_.content_length == 0) return std::nullopt;
    if (head_.expects_continue && !wire_.has_buffered()) {
        if (!wire_.send("HTTP/1.1 100 Continue\r\n\r\n", options_.send_timeout, after(options_.send_timeout))) {
            return Refusal{400, "the client left"};
        }
    }
    switch (wire_.read_body(head_.content_length, after(options_.body_deadline), request.body)) {
        case Arrival::complete: return std::nullopt;
        case Arrival::late: return Refusal{408, "the body took too long"};
        default: return Refusal{400, "the body is shorter than its Content-Length"};
    }
}

void Connection::fill(Request& request) {
    request.method = head_.method;
    request.path = head_.path();
    request.headers = std::move(head_.headers);
    request.peer = peer_;
}

bool Connection::refuse(const Refusal& refusal, const std::string& request_id) {
    log::debug("request " + request_id + " " + peer_ + " refused: " + refusal.text);
    const Response response = gate_.refuse(refusal, head_.path(), request_id);
    const bool sent = send(response, {head_.method == "HEAD", false, head_.http10, request_id});
    if (sent && refusal.status != 408) {  // who was slow so far has had its time
        wire_.finish(kMaxDrained, after(kDrainTime));
    }
    return false;
}

bool Connection::send(const Response& response, const ResponseFrame& frame) {
    std::string bytes;
    try {
        bytes = serialise(response, frame);
    } catch (const std::invalid_argument& error) {
        log::error("request " + std::string(frame.request_id) + ": " + error.what());
        Response plain;
        plain.status = 500;
        plain.content_type.clear();
        bytes = serialise(plain, frame);
    }
    const Micros allowance = static_cast<Micros>(bytes.size() / kSlowestReader) * kSecond;
    return wire_.send(bytes, options_.send_timeout, after(options_.send_timeout + allowance));
}

}  // namespace foliot::api
