#include "api/http/streaming.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace foliot::api {

namespace {

constexpr Micros kTogether = 20 * kMillisecond;  // what comes so close is sent together
constexpr Micros kPause = 5 * kMillisecond;      // for others, when there is much
constexpr Micros kLater = 200 * kMillisecond;

std::string as_chunk(const std::string& bytes) {
    std::array<char, 16> size{};
    const auto end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
    std::string chunk(size.data(), end);
    return chunk.append("\r\n").append(bytes).append("\r\n");
}

class Sender {
  public:
    Sender(GuardedSocket& guard, StreamedBody& body, bool chunked, const Clock& clock, Micros heartbeat)
        : guard_(guard),
          body_(body),
          chunked_(chunked),
          clock_(clock),
          heartbeat_(heartbeat),
          beat_(clock.monotonic() + heartbeat) {}

    void run(const std::function<bool()>& still_allowed) {
        for (bool on = true; on;) {
            if (clock_.monotonic() >= beat_) {
                if (!still_allowed()) break;
                on = send(body_.heartbeat());
                beat_ = clock_.monotonic() + heartbeat_;
            }
            on = on && step();
        }
        // What was broken off must not look whole.
        if (chunked_ && ended_) guard_.send_more("0\r\n\r\n");
    }

  private:
    /// False: it ends.
    bool step() {
        std::string bytes;
        const auto then = body_.next(bytes);
        if (!send(bytes)) return false;
        ended_ = then == StreamedBody::Then::ended;
        if (ended_) return false;
        const Micros now = clock_.monotonic();
        if (then == StreamedBody::Then::at_once) return guard_.await_news(-1, now + kPause);
        if (then == StreamedBody::Then::later) return guard_.await_news(-1, std::min(now + kLater, beat_));
        if (!bytes.empty() && !guard_.await_news(-1, std::min(now + kTogether, beat_))) return false;
        return guard_.await_news(body_.news(), beat_);
    }
    bool send(const std::string& bytes) {
        if (bytes.empty()) return true;
        return guard_.send_more(chunked_ ? as_chunk(bytes) : bytes);
    }

    GuardedSocket& guard_;
    StreamedBody& body_;
    const bool chunked_;
    const Clock& clock_;
    const Micros heartbeat_;
    Micros beat_;
    bool ended_ = false;
};

}  // namespace

StreamPlaces::StreamPlaces(int threads) : most_(std::max(1, threads / 4)), most_of_one_(std::max(1, most_ / 2)) {}

StreamPlaces::Place StreamPlaces::take(std::int64_t account) {
    {
        const std::lock_guard lock(mutex_);
        if (taken_ >= most_) return nullptr;
        int& own = of_account_[account];
        if (own >= most_of_one_) return nullptr;
        ++taken_;
        ++own;
    }
    return {this, [this, account](const void*) { give_back(account); }};
}

void StreamPlaces::give_back(std::int64_t account) {
    const std::lock_guard lock(mutex_);
    --taken_;
    const auto own = of_account_.find(account);
    if (--own->second == 0) of_account_.erase(own);
}

void send_stream(GuardedSocket& guard, StreamedBody& body, bool chunked, const Clock& clock, Micros heartbeat,
                 const std::function<bool()>& still_allowed) {
    Sender(guard, body, chunked, clock, heartbeat).run(still_allowed);
}

}  // namespace foliot::api
