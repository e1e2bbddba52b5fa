#include "control.hpp"

#include "base/fd.hpp"
#include "exit_codes.hpp"
#include "hygiene.hpp"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <thread>
#include <vector>

namespace foliot::worker {
namespace {

constexpr Micros kTick = 250 * kMillisecond;
constexpr Micros kDeinitLimit = 5 * kSecond;  ///< of a worker that has lost its server
constexpr std::size_t kReadBytes = 64U << 10U;

Micros at_most(Micros a, Micros b) { return a < 0 ? b : std::min(a, b); }

}  // namespace

std::optional<std::string> Control::await_config() {
    std::array<char, 4096> buffer{};
    for (;;) {
        if (const auto frame = reader_.next()) {
            if (frame->type == static_cast<std::uint8_t>(process::FrameType::quit)) return std::nullopt;
            return process::decode<process::Config>(*frame).json;
        }
        const auto n = read_some(orders_, buffer);
        if (n == 0) return std::nullopt;
        if (n > 0) reader_.feed({buffer.data(), static_cast<std::size_t>(n)});
    }
}

void Control::start() {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);  // signals belong to the job thread
    std::thread([this] { run(); }).detach();
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

std::optional<Order> Control::take(std::string& batch) {
    std::unique_lock lock(mutex_);
    if (queue_.empty() || gone_) {
        lock.unlock();
        channel_.send(batch);
        batch.clear();
        lock.lock();
    }
    work_.wait(lock, [&] { return !gone_ && (quit_ || !queue_.empty()); });  // gone: the other thread ends the process
    if (queue_.empty()) return std::nullopt;
    Order order = std::move(queue_.front());
    queue_.pop_front();
    current_.reset_cancel();
    taken_ = order.run;
    timeout_ = order.start.timeout;
    grace_ = order.start.grace;
    return order;
}

void Control::drop_queue() {
    const std::lock_guard lock(mutex_);
    gone_ = true;
    queue_.clear();
}

bool Control::begin(Micros started) {
    const std::lock_guard lock(mutex_);
    if (current_.cancel_state() != FOLIOT_RUNNING) return false;
    called_ = started;
    last_beat_ = started;
    return true;
}

void Control::end() {
    const std::lock_guard lock(mutex_);
    taken_ = 0;
    called_ = 0;
    idle_.notify_all();
}

void Control::close(std::string& batch) {
    channel_.send(batch);
    batch.clear();
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    recall();
}

void Control::run() {
    try {
        for (;;) {
            read_frames();
            const Micros wait = tick();
            pollfd p{orders_, POLLIN, 0};
            ::poll(&p, 1, wait < 0 ? -1 : static_cast<int>(wait / kMillisecond + 1));
            if (p.revents == 0) continue;
            std::array<char, kReadBytes> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by the read
            const auto n = read_some(orders_, buffer);
            if (n == 0) end_with_server();
            if (n > 0) reader_.feed({buffer.data(), static_cast<std::size_t>(n)});
        }
    } catch (const process::ProtocolError& e) {
        std::fprintf(stderr, "foliot-worker: the server broke the protocol: %s\n", e.what());
        ::_exit(kProtocolError);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "foliot-worker: control channel: %s\n", e.what());
        ::_exit(kChannelBroken);
    }
}

void Control::read_frames() {
    while (const auto frame = reader_.next()) handle(*frame);
}

void Control::handle(const process::FrameView& frame) {
    switch (static_cast<process::FrameType>(frame.type)) {
        case process::FrameType::start: {
            Order order{frame.run, process::decode<process::Start>(frame)};
            std::unique_lock lock(mutex_);
            if (closed_) {
                lock.unlock();
                give_back({order.run});
                break;
            }
            queue_.push_back(std::move(order));
            work_.notify_one();
            break;
        }
        case process::FrameType::cancel: handle_cancel(frame.run, process::decode<process::Cancel>(frame)); break;
        case process::FrameType::recall: recall(); break;
        case process::FrameType::quit: {
            const std::lock_guard lock(mutex_);
            quit_ = true;
            work_.notify_one();
            break;
        }
        default:
            if ((frame.flags & process::kOptional) == 0) {
                throw process::ProtocolError("a frame of type " + std::to_string(frame.type) + " is not for workers");
            }
    }
}

void Control::handle_cancel(std::uint64_t run, const process::Cancel& cancel) {
    {
        const std::lock_guard lock(mutex_);
        if (taken_ == run) {
            grace_ = cancel.grace;
            current_.cancel(cancel.why);
            return;
        }
        if (std::erase_if(queue_, [run](const Order& order) { return order.run == run; }) == 0) return;  // over already
    }
    process::Result result;
    result.outcome = FOLIOT_CANCELLED;
    channel_.send(process::encode(run, result));
}

void Control::recall() {
    std::vector<std::uint64_t> runs;
    {
        const std::lock_guard lock(mutex_);
        for (const Order& order : queue_) runs.push_back(order.run);
        queue_.clear();
    }
    give_back(runs);
}

void Control::give_back(const std::vector<std::uint64_t>& runs) {
    process::Returned returned;
    for (const std::uint64_t run : runs) returned.runs.append(reinterpret_cast<const char*>(&run), sizeof run);
    channel_.send(process::encode(returned));
}

Micros Control::tick() {
    const Micros now = clock_.monotonic();
    Micros wait = -1;
    std::string frames;
    {
        const std::lock_guard lock(mutex_);
        // The job thread does not tell when it begins the next order, so as long as there is one its timeout bounds the
        // nap.
        for (const Order& order : queue_) {
            wait = at_most(wait, kTick);
            if (order.start.timeout > 0) wait = std::min(wait, order.start.timeout);
        }
        if (taken_ != 0) {
            wait = at_most(wait, kTick);
            if (timeout_ > 0) {
                const Micros left = called_ == 0 ? timeout_ : called_ + timeout_ - now;
                if (left <= 0) current_.cancel(FOLIOT_CANCEL_TIMEOUT);
                wait = std::min(wait, left > 0 ? left : kTick);
            }
            frames = heartbeat(now);
        }
    }
    channel_.send(frames + current_.due_progress(now));
    return wait;
}

std::string Control::heartbeat(Micros now) {
    if (called_ == 0 || now - last_beat_ < kSecond) return {};
    last_beat_ = now;
    process::Heartbeat beat;
    beat.rss_bytes = memory_.bytes();
    beat.cpu = cpu_used();
    beat.silent = now - current_.silent_since();
    return process::encode(taken_, beat);
}

void Control::end_with_server() {
    std::unique_lock lock(mutex_);
    if (quit_ && queue_.empty() && taken_ == 0) {  // as agreed: the job thread ends the process, unless deinit hangs
        idle_.wait_for(lock, std::chrono::microseconds(kDeinitLimit), [] { return false; });
    }
    gone_ = true;
    queue_.clear();
    if (taken_ != 0) current_.cancel(FOLIOT_CANCEL_SHUTDOWN);
    const Micros end = clock_.monotonic() + grace_;
    while (taken_ != 0 && clock_.monotonic() < end) {
        idle_.wait_for(lock, std::chrono::microseconds(end - clock_.monotonic()));
    }
    end_descendants();
    ::_exit(kServerGone);
}

}  // namespace foliot::worker
