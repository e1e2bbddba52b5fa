#include "api/http/guard.hpp"

#include <Poco/Net/NetException.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace foliot::api {

namespace {

constexpr std::size_t kMaxHead = 32768;
constexpr std::size_t kMaxDrained = 8U << 20U;
constexpr Micros kDrainTime = 2 * kSecond;
constexpr std::size_t kFitsBuffer = 65536;     // the kernel takes it at once
constexpr std::size_t kSlowestReader = 65536;  // bytes a second that a client has to take, beyond send_timeout
constexpr std::string_view kBusy =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n";

}  // namespace

GuardedSocket::GuardedSocket(int fd, std::string peer, const ServerOptions& options, const Clock& clock,
                             Connections& connections)
    : StreamSocketImpl(fd),
      peer_(std::move(peer)),
      options_(options),
      clock_(clock),
      connections_(connections),
      place_(connections.add(fd)),
      wire_(fd, clock),
      accepted_(clock.monotonic()) {}

GuardedSocket::~GuardedSocket() {
    if (closed_) return;
    // No thread has taken it: the queue is full, or the server stops.
    ::send(sockfd(), kBusy.data(), kBusy.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    connections_.remove(place_);
}

bool GuardedSocket::poll(const Poco::Timespan& /*ignored*/, int /*mode*/) {
    if (refusal_ || body_left_ > 0 || !await_request()) return false;
    head_ = RequestHead{};
    refusal_ = read_head();
    shown_ = refusal_ ? "GET /" : head_.method + " " + head_.target;
    shown_ += " HTTP/1.1\r\n";
    if (!refusal_) {
        body_left_ = head_.content_length;
        deadline_ = after(options_.body_deadline);
        if (head_.expects_continue && body_left_ > 0 && !wire_.has_buffered()) shown_ += "Expect: 100-continue\r\n";
    }
    shown_ += "Content-Length: " + std::to_string(body_left_) + "\r\n\r\n";
    return true;
}

/// Who says nothing gives way when others wait for a thread. What has already come is read even then.
bool GuardedSocket::await_request() {
    const Micros now = clock_.monotonic();
    deadline_ = now + (first_ ? options_.header_deadline : options_.keep_alive);
    if (!wire_.has_buffered()) {
        if (!connections_.begin_wait(place_, first_)) return false;
        const Micros patience = std::max(first_ ? accepted_ + Connections::kPatience : 0, now + kMillisecond);
        const bool came = wire_.await_bytes(std::min(patience, deadline_)) ||
                          (!connections_.give_way(place_) && wire_.await_bytes(deadline_));
        connections_.end_wait(place_, came);
        if (!came) return false;
    }
    if (!first_) deadline_ = after(options_.header_deadline);
    first_ = false;
    return true;
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
    auto* const into = static_cast<char*>(buffer);
    const auto size = static_cast<std::size_t>(length);
    if (!shown_.empty()) {
        const std::size_t taken = shown_.copy(into, size);
        shown_.erase(0, taken);
        return static_cast<int>(taken);
    }
    if (body_left_ == 0) return 0;
    const std::optional<std::size_t> got = wire_.read(into, std::min(size, body_left_), deadline_);
    if (!got) refusal_ = Refusal{408, "the body took too long"};
    if (got == 0U) refusal_ = Refusal{400, "the body is shorter than its Content-Length"};
    body_left_ -= got.value_or(0);
    return static_cast<int>(got.value_or(0));
}

bool GuardedSocket::send(std::string_view bytes, bool last) {
    if (last && bytes.size() <= kFitsBuffer) connections_.begin_end(place_);
    const Micros allowance = static_cast<Micros>(bytes.size() / kSlowestReader) * kSecond;
    sent_ = wire_.send(bytes, options_.send_timeout, after(options_.send_timeout + allowance));
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
    const bool unread = body_left_ > 0 || refusal_;
    const bool slow = refusal_ && refusal_->status == 408;  // has had its time
    if (sent_ && unread && !slow) wire_.finish(kMaxDrained, after(kDrainTime));
    connections_.remove(place_);
    StreamSocketImpl::close();
    closed_ = true;
}

}  // namespace foliot::api
