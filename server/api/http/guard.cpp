#include "api/http/guard.hpp"

#include "api/http/answer.hpp"
#include "api/http/body.hpp"
#include "api/http/hosts.hpp"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Net/NetException.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <utility>

namespace foliot::api {

namespace {

constexpr std::size_t kMaxHead = 32768;
constexpr std::size_t kSmallBody = 16384;
constexpr std::size_t kMaxDrained = 8U << 20U;
constexpr Micros kDrainTime = 2 * kSecond;
constexpr std::size_t kFitsBuffer = 65536;          // the kernel takes it at once
constexpr std::size_t kSlowestReader = 65536;       // bytes a second
constexpr Micros kTimeToRead = 100 * kMillisecond;  // what has come already
constexpr std::string_view kShown = "GET / HTTP/1.1\r\n\r\n";
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

GuardedSocket::GuardedSocket(int fd, std::string peer, const FrontDoor& door)
    : StreamSocketImpl(fd),
      peer_(std::move(peer)),
      door_(door),
      place_(door.connections.add(fd, peer_)),
      wire_(fd, door.clock, door.connections, place_),
      accepted_(door.clock.monotonic()) {}

GuardedSocket::~GuardedSocket() {
    if (closed_) return;
    turn_away(sockfd(), 503, "no thread has taken it: the queue is full, or the server stops", peer_, door_);
    door_.connections.remove(place_);
}

bool GuardedSocket::poll(const Poco::Timespan& /*ignored*/, int /*mode*/) {
    if (refusal_ || owes_body_ || !await_request()) return false;
    head_ = RequestHead{};
    body_.clear();
    refusal_ = read_head();
    owes_body_ = !refusal_ && head_.has_body();
    shown_ = kShown;
    return true;
}

/// Who says nothing gives way when others wait for a thread. What has already come is read even then.
bool GuardedSocket::await_request() {
    const Micros now = door_.clock.monotonic();
    if (first_) {
        wire_.begin(std::min(now - accepted_, Connections::kPatience - Connections::kLeastPatience));
        wire_.expect(Wait::first_request);
        deadline_ = std::max(accepted_ + door_.options.header_deadline, now + kTimeToRead);
    } else {
        wire_.begin(0);
        wire_.expect(Wait::next_request);
        deadline_ = now + door_.options.keep_alive;
    }
    if (!wire_.await_bytes(deadline_)) return false;
    if (!first_) {
        wire_.begin(0);
        deadline_ = after(door_.options.header_deadline);
    }
    wire_.expect(Wait::rest_of_request);
    first_ = false;
    return true;
}

std::optional<Refusal> GuardedSocket::read_head() {
    auto refusal = receive_head();
    return refusal ? refusal : check_host();
}

std::optional<Refusal> GuardedSocket::check_host() const {
    const std::string_view host = host_of(head_.header("host")).value_or("");
    if (is_among(host, door_.options.hosts)) return std::nullopt;
    if (host.empty()) return Refusal{400, "a Host header is needed, with a name of this server (http.hosts)"};
    return Refusal{421, "this server is not known as '" + std::string(host) + "' (http.hosts)"};
}

bool GuardedSocket::needs_leave() const {
    return owes_body_ && (head_.chunked || head_.expects_continue || head_.content_length > kSmallBody);
}

void GuardedSocket::receive_body() {
    if (!owes_body_) return;
    deadline_ = after(door_.options.body_deadline);
    wire_.expect(Wait::rest_of_request);
    if (head_.expects_continue && !wire_.has_buffered()) wire_.send(kContinue, door_.options.send_timeout, deadline_);
    refusal_ = read_body(wire_, head_, door_.options.max_body, deadline_, body_);
    owes_body_ = refusal_.has_value();
}

std::optional<Refusal> GuardedSocket::receive_head() {
    std::string text;
    switch (wire_.read_head(kMaxHead, deadline_, text)) {
        case Arrival::complete: return parse_head(text, door_.options.max_body, head_);
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
    if (last && bytes.size() <= kFitsBuffer) door_.connections.begin_end(place_);
    const Micros now = door_.clock.monotonic();
    const Micros allowance = static_cast<Micros>(bytes.size() / kSlowestReader) * kSecond;
    wire_.expect(Wait::room_for_answer);
    sent_ = wire_.send(bytes, door_.options.send_timeout, now + door_.options.send_timeout + allowance);
    return sent_;
}

/// A client whose network is gone says nothing: the kernel asks after it.
bool GuardedSocket::begin_stream() {
    const auto set = [this](int level, int name, int value) {
        ::setsockopt(sockfd(), level, name, &value, sizeof value);
    };
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, 60);
    set(IPPROTO_TCP, TCP_KEEPINTVL, 15);
    set(IPPROTO_TCP, TCP_KEEPCNT, 4);
    return door_.connections.begin_stream(place_);
}

bool GuardedSocket::send_more(std::string_view bytes) {
    wire_.begin(0);
    return send(bytes, false);
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
    if (sent_ && (refusal_ || owes_body_) && !slow) wire_.finish(kMaxDrained, after(kDrainTime));
    door_.connections.remove(place_);
    StreamSocketImpl::close();
    closed_ = true;
}

void turn_away(int fd, int status, std::string_view why, std::string_view peer, const FrontDoor& door) noexcept {
    try {
        const std::string id = door.ids.next();
        const std::string date =
            Poco::DateTimeFormatter::format(Poco::Timestamp(door.clock.now()), Poco::DateTimeFormat::HTTP_FORMAT);
        const std::string answer = write_answer({status, "", "", {{"Retry-After", "1"}}},
                                                {.request_id = id, .accept_encoding = "", .date = date});
        std::array<char, 16384> sink;  // what is closed with unread bytes is reset, and the answer with it
        ::recv(fd, sink.data(), sink.size(), MSG_DONTWAIT);
        ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        door.log.note({.id = id, .status = status, .peer = peer, .why = why});
    } catch (...) {  // out of memory: it is turned away without a word
    }
}

}  // namespace foliot::api
