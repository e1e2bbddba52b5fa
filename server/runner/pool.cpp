// Which worker gets which run, and which workers there are.
#include "base/log.hpp"
#include "runner/hard_limits.hpp"
#include "runner/supervisor.hpp"

#include <algorithm>
#include <cerrno>

namespace foliot::runner {

namespace {

constexpr Micros kFirstBackoff = 100 * kMillisecond, kLongestBackoff = 10 * kSecond;
constexpr Micros kPatience = 200 * kMillisecond;  ///< of a run that waits while others' runs come and go

std::string config_of(const Options& options, const std::string& module) {
    return options.module_config ? options.module_config(module) : "{}";
}

std::string key_of(const RunOrder& order) {
    const module::Module& module = *order.function.module;
    return module.path + '\n' + module.identity + (order.fresh ? "\nfresh\n" : "\n") + to_json(order.limits.values());
}

int priority_of(const Run& run) { return run.order.assigned.def->priority; }

process::Start start_frame(const Run& run, Micros grace, Micros clock_offset) {
    const store::Assigned& assigned = run.order.assigned;
    process::Start start;
    start.execution = raw(assigned.run);
    start.claim = assigned.claim;
    start.function = run.order.function.function->index;
    start.attempt = static_cast<std::uint32_t>(assigned.attempt);
    start.max_attempts = static_cast<std::uint32_t>(run.order.max_attempts);
    start.scheduled = assigned.nominal;
    start.timeout = run.order.timeout;
    start.grace = grace;
    start.clock_offset = clock_offset;
    start.execution_id = run.order.execution_id;
    start.job_id = assigned.job_id;
    start.job_name = assigned.def->name;
    start.args = assigned.args.value_or(assigned.def->args);
    start.kwargs = assigned.kwargs.value_or(assigned.def->kwargs);
    return start;
}

}  // namespace

void Supervisor::accept(RunOrder order) {
    auto run = std::make_unique<Run>();
    run->ordinal = ++last_ordinal_;
    run->order = std::move(order);
    run->since = clock_.monotonic();
    if (shutting_down_) return give_back(std::move(run));
    if (!run->order.limits.values().output)
        run->order.limits.configured.output = static_cast<std::int64_t>(options_.limits.max_output);
    auto& pending = group_of(run->order).pending;
    const auto goes_first = [](const auto& a, const auto& b) { return priority_of(*a) > priority_of(*b); };
    pending.insert(std::upper_bound(pending.begin(), pending.end(), run, goes_first), std::move(run));
}

Group& Supervisor::group_of(const RunOrder& order) {
    auto& group = groups_[key_of(order)];
    const bool was_there = group != nullptr;
    if (!was_there) {
        group = std::make_unique<Group>();
        group->module = order.function.module;
        group->lane = order.assigned.lane;
        group->fresh = order.fresh;
        group->limits = order.limits.values();
        warn_of_hard_limits(group->limits);
    }
    if (!was_there || group->outdated) {
        group->outdated = false;
        outdate_others(*group);
    }
    return *group;
}

/// Workers of another version of the module run what they have and go.
void Supervisor::outdate_others(const Group& group) {
    for (const auto& [key, other] : groups_) {
        if (other->module->name == group.module->name && other->module->identity != group.module->identity)
            other->outdated = true;
    }
    for (const auto& worker : workers_) {
        if (worker->group.outdated) retire(*worker);
    }
    forget_groups();
}

void Supervisor::dispatch() {
    for (const auto& [key, group] : groups_) dispatch(*group);
}

void Supervisor::dispatch(Group& group) {
    if (group.changed) return;
    while (!group.pending.empty()) {
        Worker* worker = place_for(group, *group.pending.front());
        if (worker == nullptr) return;
        std::unique_ptr<Run> run = std::move(group.pending.front());
        group.pending.pop_front();
        send_start(*worker, std::move(run));
    }
}

bool Supervisor::has_space(const Worker& worker) const {
    // The ledger is a ring: it must not come round to a run whose end is not stored yet.
    const auto uncommitted = static_cast<std::size_t>(uncommitted_[worker.slot]);
    return worker.runs.size() < static_cast<std::size_t>(options_.limits.queue_depth) &&
           worker.runs.size() + uncommitted < process::kLedgerRing / 2;
}

/// Would taking this run keep out another module's, which has waited long for a worker that it does not get?
bool Supervisor::must_yield(const Group& group, const Run& run) const {
    if (workers_.size() < static_cast<std::size_t>(options_.limits.max_workers) || leaving() > 0) return false;
    const Micros long_ago = clock_.monotonic() - kPatience;
    return std::any_of(groups_.begin(), groups_.end(), [&](const auto& entry) {
        const Group& other = *entry.second;
        if (&other == &group || other.pending.empty() || other.blocked_until > 0) return false;
        const Run& waiting = *other.pending.front();
        return waiting.ordinal < run.ordinal && waiting.since <= long_ago && !is_served(other);
    });
}

/// It has a worker that will come to what waits.
bool Supervisor::is_served(const Group& group) const {
    return std::any_of(workers_.begin(), workers_.end(), [&](const auto& worker) {
        return &worker->group == &group && !worker->retiring && !worker->slow;
    });
}

Worker* Supervisor::place_for(const Group& group, const Run& run) {
    if (must_yield(group, run)) return nullptr;
    Worker* best = nullptr;
    for (const auto& worker : workers_) {
        const bool open = &worker->group == &group && worker->phase == Worker::Phase::ready && !worker->retiring;
        if (!open || !has_space(*worker)) continue;
        if (worker->runs.empty()) return worker.get();
        const bool quick =
            !worker->slow && group.fast(run) && group.fast(*worker->runs.front()) && group.fast(*worker->runs.back());
        if (quick && (best == nullptr || worker->runs.size() < best->runs.size())) best = worker.get();
    }
    return best;
}

void Supervisor::send_start(Worker& worker, std::unique_ptr<Run> run) {
    run->ordinal = ++last_ordinal_;
    run->since = clock_.monotonic();
    run->sent = clock_.now();
    run->clock_offset = run->sent - clock_.boottime();
    if (worker.current() == nullptr) worker.slow = false;
    worker.served = true;
    worker.idle_since = 0;
    worker.send(process::encode(run->ordinal, start_frame(*run, options_.limits.grace, run->clock_offset)));
    worker.runs.push_back(std::move(run));
}

std::size_t Supervisor::spawning(const Group& group) const {
    return static_cast<std::size_t>(std::count_if(workers_.begin(), workers_.end(), [&](const auto& worker) {
        return &worker->group == &group && worker->phase == Worker::Phase::spawning;
    }));
}

std::size_t Supervisor::leaving() const {
    return static_cast<std::size_t>(std::count_if(
        workers_.begin(), workers_.end(), [](const auto& worker) { return worker->retiring && worker->runs.empty(); }));
}

/// Workers for runs that found no place: new ones, else those of idle workers of other groups. Then runs that wait
/// behind a slow one are taken back if they could run elsewhere.
void Supervisor::find_workers(Micros now) {
    if (shutting_down_) return;
    const auto most = static_cast<std::size_t>(options_.limits.max_workers);
    std::vector<Group*> waiting;
    for (const auto& [key, group] : groups_) {
        if (!group->pending.empty() && now >= group->blocked_until) waiting.push_back(group.get());
    }
    std::sort(waiting.begin(), waiting.end(),
              [](const Group* a, const Group* b) { return a->pending.front()->ordinal < b->pending.front()->ordinal; });
    std::size_t promised = 0;
    for (Group* group : waiting) {
        for (std::size_t have = spawning(*group); have < group->pending.size(); ++have) {
            if (workers_.size() < most) {
                if (!spawn_for(*group)) break;
            } else if (promised < leaving() || retire_other(*group)) {
                ++promised;
            } else {
                break;
            }
        }
    }
    for (const auto& worker : workers_) {
        if (!worker->slow || !worker->has_waiting()) continue;
        const bool elsewhere = workers_.size() < most || std::any_of(workers_.begin(), workers_.end(),
                                                                     [](const auto& other) { return other->idle(); });
        if (elsewhere) recall(*worker);
    }
}

bool Supervisor::spawn_for(Group& group) {
    const Micros now = clock_.monotonic();
    if (!module::Catalogue::unchanged(*group.module)) {
        note_changed(group);
        return false;
    }
    std::size_t slot = 0;
    const auto taken = [&] {
        return std::any_of(workers_.begin(), workers_.end(), [&](const auto& w) { return w->slot == slot; });
    };
    while (taken()) ++slot;
    const std::string config = process::encode(process::Config{config_of(options_, group.module->name)});
    try {
        const std::uint64_t serial = ++last_serial_;
        auto worker = std::make_unique<Worker>(options_, group, group.module->path, slot, serial,
                                               folders_.folder(slot, serial), ledger_.slot_fd(slot));
        ledger_.set_owner(slot, {worker->child.pid, worker->child.start_time});
        worker->force = Worker::Force::asked;
        worker->force_due = now + options_.limits.spawn_limit;
        worker->send(config);
        try {
            worker->enter_leaf(options_);
            watch(*worker);
        } catch (...) {
            forsake(*worker);
            throw;
        }
        workers_.push_back(std::move(worker));
        ++ever_.started;
        return true;
    } catch (const std::system_error& e) {
        spawn_failed(group, e.code().value(), e.what());
        return false;
    }
}

/// The file is another one than was described, and orders name functions by their place in it: they go back, after a
/// while in which the new one is looked at.
void Supervisor::note_changed(Group& group) {
    constexpr Micros pause = 250 * kMillisecond;
    group.changed = true;
    group.blocked_until = clock_.monotonic() + pause;
    if (options_.module_changed) options_.module_changed();
}

void Supervisor::spawn_failed(Group& group, int code, const std::string& text) {
    ++ever_.not_started;
    log::error("worker-not-started", "no worker for module " + group.module->name + ": " + text);
    if (code == EAGAIN || code == ENOMEM || code == EMFILE || code == ENFILE) return back_off(group);
    while (!group.pending.empty()) {
        std::unique_ptr<Run> run = std::move(group.pending.front());
        group.pending.pop_front();
        report(std::move(run), cannot_run("spawn_failed", "no worker could be started: " + text), nullptr);
    }
}

/// Its runs wait, longer each time.
void Supervisor::back_off(Group& group) {
    group.backoff = std::clamp(2 * group.backoff, kFirstBackoff, kLongestBackoff);
    group.blocked_until = clock_.monotonic() + group.backoff;
}

bool Supervisor::retire_other(const Group& group) {
    for (const auto& worker : workers_) {
        if (!worker->idle() || &worker->group == &group) continue;
        const auto& wanted_by = worker->group.pending;
        if (!wanted_by.empty() && !must_yield(worker->group, *wanted_by.front())) continue;
        retire(*worker);
        return true;
    }
    return false;
}

}  // namespace foliot::runner
