#include "runner/supervisor.hpp"

#include "base/error.hpp"
#include "base/log.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace foliot::runner {

namespace {

constexpr std::uint64_t kWakeToken = ~0ULL;
constexpr std::size_t kReadSize = 64UL << 10U;
constexpr std::initializer_list<Worker::Channel> kHeardChannels{Worker::control_channel, Worker::log_channel,
                                                                Worker::out_channel, Worker::err_channel};

void check_room_in_ledger(const Options& options, const process::Ledger& ledger) {
    const auto wanted = static_cast<std::size_t>(options.limits.max_workers);
    if (options.limits.max_workers > 0 && ledger.size() >= wanted) return;
    throw std::runtime_error("start ledger: found " + std::to_string(ledger.size()) +
                             " slots, wanted one for each of " + std::to_string(options.limits.max_workers) +
                             " workers");
}

}  // namespace

Supervisor::Supervisor(Options options, const Clock& clock, process::Ledger& ledger)
    : options_(std::move(options)),
      clock_(clock),
      ledger_(ledger),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      folders_(options_.work_dir, options_.user, options_.worker_program),
      uncommitted_(static_cast<std::size_t>(std::max(0, options_.limits.max_workers))),
      buffer_(kReadSize) {
    check_room_in_ledger(options_, ledger_);
    if (!epoll_ || !wake_) throw_errno("epoll_create1, eventfd");
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = kWakeToken;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) != 0) throw_errno("epoll_ctl");
}

Supervisor::~Supervisor() {
    for (const auto& worker : workers_) kill(*worker);
    const Micros end = clock_.monotonic() + 10 * kSecond;
    try {
        while (!workers_.empty() && clock_.monotonic() < end) {
            shutting_down_ = true;
            poll(100 * kMillisecond);
        }
        process::hunt_strays(kSecond);
        for (const auto& leaf : leaves_) leaf.remove();  // or the next start does
    } catch (const std::exception& e) {
        log::error("runner-error", std::string("runner: while ending the workers: ") + e.what());
    }
}

void Supervisor::submit(std::vector<RunOrder> orders) {
    for (RunOrder& order : orders) accept(std::move(order));
    dispatch();
    flush();
    if (pending() > 0 || oversleeps()) wake();  // spawning is left to handle()
}

void Supervisor::stop(RunId id, StopWhy why) {
    for (const auto& [key, group] : groups_) {
        const auto at = std::find_if(group->pending.begin(), group->pending.end(),
                                     [&](const auto& run) { return run->order.assigned.run == id; });
        if (at == group->pending.end()) continue;
        std::unique_ptr<Run> run = std::move(*at);
        group->pending.erase(at);
        report(std::move(run), stopped_before_start(why), nullptr);
        return wake();
    }
    for (const auto& worker : workers_) {
        for (const auto& run : worker->runs) {
            if (run->order.assigned.run != id || run->result) continue;
            ask_to_stop(*worker, *run, why);
            flush();
            return wake();  // a timer was set
        }
    }
}

void Supervisor::replace_workers(const std::set<std::string>& modules) {
    for (const auto& worker : workers_) {
        if (!modules.contains(worker->group.module->name)) continue;
        if (worker->runs.size() > 1) recall(*worker);
        retire(*worker);
    }
    flush();
    wake();
}

void Supervisor::shut_down(Micros wait) {
    if (shutting_down_) return;
    shutting_down_ = true;
    shutdown_due_ = clock_.monotonic() + wait;
    for (const auto& [key, group] : groups_) {
        while (!group->pending.empty()) {
            give_back(std::move(group->pending.front()));
            group->pending.pop_front();
        }
    }
    for (const auto& worker : workers_) {
        if (worker->phase == Worker::Phase::spawning) kill(*worker);
        if (worker->runs.size() > 1) recall(*worker);
        retire(*worker);
    }
    flush();
    wake();
}

Collected Supervisor::collect() {
    // Who comes for more has stored what it got before: the ledger may forget those runs.
    for (const std::size_t slot : in_flight_slots_) --uncommitted_[slot];
    in_flight_slots_ = std::move(outbox_slots_);
    outbox_slots_.clear();
    Collected collected = std::move(outbox_);
    outbox_ = Collected{};
    news_ = false;
    if (pending() > 0) {
        dispatch();
        flush();
        if (oversleeps()) wake();
    }
    collected.room = room();
    return collected;
}

bool Supervisor::idle() const {
    const bool empty = outbox_.finished.empty() && outbox_.given_back.empty();
    return empty && pending() == 0 &&
           std::all_of(workers_.begin(), workers_.end(), [](const auto& worker) { return worker->runs.empty(); });
}

Census Supervisor::census() const {
    Census census = ever_;
    census.runs = pending() + outbox_.finished.size() + outbox_.given_back.size();
    for (const auto& worker : workers_) {
        census.runs += worker->runs.size();
        if (worker->phase == Worker::Phase::spawning) {
            ++census.starting;
        } else if (worker->retiring || worker->phase == Worker::Phase::quitting) {
            ++census.ending;
        } else {
            ++(worker->runs.empty() ? census.idle : census.busy);
        }
    }
    return census;
}

std::vector<pid_t> Supervisor::pids() const {
    std::vector<pid_t> pids;
    pids.reserve(workers_.size());
    for (const auto& worker : workers_) pids.push_back(worker->child.pid);
    return pids;
}

std::optional<Micros> Supervisor::patience() {
    armed_ = deadline();
    if (armed_ == std::numeric_limits<Micros>::max()) return std::nullopt;
    return std::max<Micros>(0, armed_ - clock_.monotonic());
}

void Supervisor::wait(std::optional<Micros> limit, Ready& ready) const {
    ready.events.resize(8 * static_cast<std::size_t>(options_.limits.max_workers) + 8);
    timespec time{};
    if (limit) {
        time.tv_sec = *limit / kSecond;
        time.tv_nsec = *limit % kSecond * 1000;
    }
    const int count = ::epoll_pwait2(epoll_.get(), ready.events.data(), static_cast<int>(ready.events.size()),
                                     limit ? &time : nullptr, nullptr);
    if (count < 0 && errno != EINTR) throw_errno("epoll_pwait2");
    ready.count = static_cast<std::size_t>(std::max(0, count));
}

void Supervisor::wake() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);  // full: it is awake anyway
}

/// What was sent since it went to sleep has timers, too.
bool Supervisor::oversleeps() const { return deadline() < armed_; }

void Supervisor::poll(Micros limit) {
    Ready ready;
    const std::optional<Micros> most = patience();
    wait(most ? std::min(*most, limit) : limit, ready);
    handle(ready);
}

void Supervisor::handle(Ready& ready) {
    read_ready(ready);
    const Micros now = clock_.monotonic();
    if (deadline() <= now) {
        // After a stall of ours timers are due while results wait in the pipes: those come first.
        wait(0, ready);
        read_ready(ready);
        check_timers(now);
    }
    dispatch();
    find_workers(now);
    for (const auto& worker : workers_) {
        if (worker->idle() && worker->idle_since == 0) worker->idle_since = now;
    }
    flush();
}

/// Outputs in the order in which they became readable, then what may be the ends of those runs.
void Supervisor::read_ready(const Ready& ready) {
    std::vector<Worker*> dead;
    read_channels(ready, false, dead);
    read_channels(ready, true, dead);
    for (Worker* worker : dead) bury(*worker);
}

void Supervisor::read_channels(const Ready& ready, bool control, std::vector<Worker*>& dead) {
    for (std::size_t i = 0; i < ready.count; ++i) {
        const epoll_event& event = ready.events[i];
        const auto channel = static_cast<Worker::Channel>(event.data.u64 % 8);
        if ((channel == Worker::control_channel) != control) continue;
        if (event.data.u64 == kWakeToken) {
            std::uint64_t count = 0;
            [[maybe_unused]] const ssize_t got = ::read(wake_.get(), &count, sizeof count);
            continue;
        }
        const auto at = std::find_if(workers_.begin(), workers_.end(),
                                     [&](const auto& worker) { return worker->serial == event.data.u64 / 8; });
        if (at == workers_.end()) continue;
        if (channel == Worker::death_channel) {
            dead.push_back(at->get());
        } else if (channel != Worker::order_channel) {  // flush() follows
            on_readable(**at, channel, false);
        }
    }
}

void Supervisor::watch(Worker& worker) {
    for (unsigned channel = 0; channel < Worker::order_channel; ++channel)
        watch(worker, static_cast<Worker::Channel>(channel));
}

void Supervisor::watch(const Worker& worker, Worker::Channel channel, std::uint32_t events) const {
    epoll_event event{};
    event.events = events;
    event.data.u64 = worker.serial * 8 + channel;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, worker.fd(channel), &event) != 0) throw_errno("epoll_ctl");
}

void Supervisor::unwatch(const Worker& worker, Worker::Channel channel) const {
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, worker.fd(channel), nullptr) != 0) throw_errno("epoll_ctl");
}

/// It is taken off the list: a pipe whose writers are gone would be reported even if nothing were asked for.
void Supervisor::mute(Worker& worker, Worker::Pace& pace) {
    if (std::exchange(pace.muted, true)) return;
    for (const auto channel : kHeardChannels) {
        if (&worker.pace_of(channel) == &pace && worker.fd(channel) >= 0) unwatch(worker, channel);
    }
}

void Supervisor::unmute(Worker& worker, Worker::Pace& pace) {
    pace.muted = false;
    for (const auto channel : kHeardChannels) {
        if (&worker.pace_of(channel) == &pace && worker.fd(channel) >= 0) watch(worker, channel);
    }
}

void Supervisor::flush() {
    for (const auto& worker : workers_) {
        const bool left = worker->flush();
        if (left == worker->watching_writes) continue;
        worker->watching_writes = left;
        if (left) {
            watch(*worker, Worker::order_channel, EPOLLOUT);
        } else {
            unwatch(*worker, Worker::order_channel);
        }
    }
}

/// For long, as far as one can tell.
bool Supervisor::holds_place(const Worker& worker) const {
    return !worker.runs.empty() && !worker.group.fast(*worker.runs.front());
}

bool Supervisor::several_modules() const {
    return std::any_of(groups_.begin(), groups_.end(),
                       [&](const auto& entry) { return entry.second->lane != groups_.begin()->second->lane; });
}

std::size_t Supervisor::pending() const {
    std::size_t count = 0;
    for (const auto& [key, group] : groups_) count += group->pending.size();
    return count;
}

store::Room Supervisor::room() const {
    store::Room room;
    if (shutting_down_) return room;
    std::map<std::int64_t, int> lanes;
    const auto taken =
        std::count_if(workers_.begin(), workers_.end(), [](const auto& worker) { return !worker->runs.empty(); });
    room.any = options_.limits.max_workers - static_cast<int>(taken);
    for (const auto& worker : workers_) {
        const Group& group = worker->group;
        if (worker->phase != Worker::Phase::ready || worker->retiring || worker->slow || group.fresh) continue;
        if (!group.speeds.fast(group.last_function)) continue;
        const int half_ring = static_cast<int>(process::kLedgerRing / 2);
        const int most = std::min(options_.limits.queue_depth, half_ring - uncommitted_[worker->slot]);
        // The first place of an idle worker is among those that any lane may take.
        lanes[group.lane] += std::max(0, most - std::max(1, static_cast<int>(worker->runs.size())));
    }
    for (const auto& [key, group] : groups_) {
        const int waiting = static_cast<int>(group->pending.size());
        const auto lane = lanes.find(group->lane);
        if (waiting > 0) room.holders.push_back(group->lane);
        const int from_lane = lane == lanes.end() ? 0 : std::min(waiting, lane->second);
        if (lane != lanes.end()) lane->second -= from_lane;
        room.any -= waiting - from_lane;
    }
    room.any = std::max(0, room.any);
    if (several_modules()) room.kept = std::min(options_.limits.kept_workers, options_.limits.max_workers - 1);
    for (const auto& worker : workers_) {
        if (room.kept > 0 && holds_place(*worker)) room.holders.push_back(worker->group.lane);
    }
    for (const auto& [lane, places] : lanes) {
        if (places > 0) room.lanes.push_back({lane, places});
    }
    // Lanes that are never idle would keep all others out: one run is let in, and gets a worker after a while.
    if (room.any == 0 && !room.lanes.empty() && pending() == 0) room.any = 1;
    return room;
}

}  // namespace foliot::runner
