#include "api/http/guard.hpp"

#include "api/http/body.hpp"
#include "api/http/hosts.hpp"

#include <Poco/Net/NetException.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <utility>

namespace foliot::api {

namespace {

constexpr std::size_t kMaxHead = 32768;
constexpr std::size_t kMaxDrained = 8U << 20U;
constexpr Micros kDrainTime = 2 * kSecond;
constexpr std::size_t kFitsBuffer = 65536;  // the kernel takes it at once
constexpr std::string_view kShown = "GET / HTTP/1.1\r\n\r\n";
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

GuardedSocket::GuardedSocket(int fd, std::string peer, const ServerOptions& options, const Clock& clock,
                             Connections& connections)
    : StreamSocketImpl(fd),
      peer_(std::move(peer)),
      options_(options),
      clock_(clock),
      connections_(connections),
      place_(connections.add(fd, peer_)),
      wire_(fd, clock, connections, place_),
      accepted_(clock.monotonic()) {}

GuardedSocket::~GuardedSocket() {
    if (closed_) return;
    turn_away(sockfd(), 503, "Service Unavailable");  // no thread has taken it: the queue is full, or the server stops
    connections_.remove(place_);
}

bool GuardedSocket::poll(const Poco::Timespan& /*ignored*/, int /*mode*/) {
    if (refusal_ || !await_request()) return false;
    head_ = RequestHead{};
    body_.clear();
    refusal_ = read_request();
    shown_ = kShown;
    return true;
}

/// Who says nothing gives way when others wait for a thread. What has already come is read even then.
bool GuardedSocket::await_request() {
    const Micros now = clock_.monotonic();
    deadline_ = now + (first_ ? options_.header_deadline : options_.keep_alive);
    wire_.expect(first_ ? Wait::first_request : Wait::next_request, first_ ? accepted_ : now);
    if (!wire_.await_bytes(deadline_)) return false;
    // Who had to queue uses up its patience there: many slow clients must not have the threads one after the other.
    const Micros queued = first_ ? now - accepted_ : 0;
    wire_.expect(Wait::rest_of_request, clock_.monotonic() - queued);
    if (!first_) deadline_ = after(options_.header_deadline);
    first_ = false;
    return true;
}

std::optional<Refusal> GuardedSocket::read_request() {
    if (auto refusal = read_head()) return refusal;
    const std::string_view host = host_of(head_.header("host")).value_or("");
    if (!is_among(host, options_.hosts) && !(head_.http10 && host.empty())) {
        return Refusal{421, "this server is not known as '" + std::string(host) + "' (http.hosts)"};
    }
    if (!head_.has_body()) return std::nullopt;
    deadline_ = after(options_.body_deadline);
    if (head_.expects_continue && !wire_.has_buffered()) wire_.send(kContinue, options_.send_timeout, deadline_);
    return read_body(wire_, head_, options_.max_body, deadline_, body_);
}

std::optional<Refusal> GuardedSocket::read_head() {
    std::string text;
    switch (wire_.read_head(kMaxHead, deadline_, text)) {
        case Arrival::complete: return parse_head(text, options_.max_body, head_);
        case Arrival::closed: return Refusal{400, "the request head was cut off"};
        case Arrival::late: return Refusal{408, "the request head took too long"};
        case Arrival::bad_line: return Refusal{400, "header lines must end with CR LF"};
        case Arrival::too_large: break;
    }
    return Refusal{431, "the request head is too large"};
}

int GuardedSocket::receiveBytes(void* buffer, int length, int /*flags*/) {
    const std::size_t taken = shown_.copy(static_cast<char*>(buffer), static_cast<std::size_t>(length));
    shown_.remove_prefix(taken);
    return static_cast<int>(taken);
}

bool GuardedSocket::send(std::string_view bytes, bool last) {
    if (last && bytes.size() <= kFitsBuffer) connections_.begin_end(place_);
    const Micros now = clock_.monotonic();
    const Micros allowance = static_cast<Micros>(bytes.size() / Wire::kSlowest) * kSecond;
    wire_.expect(Wait::room_for_answer, now);
    sent_ = wire_.send(bytes, options_.send_timeout, now + options_.send_timeout + allowance);
    return sent_;
}

int GuardedSocket::sendBytes(const void* buffer, int length, int /*flags*/) {
    if (!send({static_cast<const char*>(buffer), static_cast<std::size_t>(length)}, false)) {
        throw Poco::Net::ConnectionAbortedException("the client does not take what it is sent");
    }
    return length;
}

void GuardedSocket::close() {
    if (closed_) return;
    const bool slow = refusal_ && refusal_->status == 408;  // has had its time
    if (sent_ && refusal_ && !slow) {
        wire_.expect(Wait::rest_of_request, clock_.monotonic());
        wire_.finish(kMaxDrained, after(kDrainTime));
    }
    connections_.remove(place_);
    StreamSocketImpl::close();
    closed_ = true;
}

void turn_away(int fd, int status, std::string_view reason) {
    const std::string answer = "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason) +
                               "\r\nContent-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n";
    std::array<char, 16384> sink;  // what is closed with unread bytes is reset, and the answer with it
    ::recv(fd, sink.data(), sink.size(), MSG_DONTWAIT);
    ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace foliot::api
