// What happens because time has passed.
#include "base/log.hpp"
#include "runner/supervisor.hpp"

#include <foliot/abi.h>

#include <signal.h>

#include <algorithm>
#include <utility>

namespace foliot::runner {

namespace {

constexpr Micros kNever = std::numeric_limits<Micros>::max();
constexpr Micros kMarkerLimit = 2 * kSecond;  ///< from a result to its markers in the pipes
constexpr Micros kKillAgain = kSecond;
constexpr Micros kRecallLimit = 10 * kSecond;  ///< its answer takes a worker no time; a busy machine may take some
constexpr Micros kLongestTerm = 500 * kMillisecond;  ///< TERM to KILL: all is over within the grace and a second
constexpr Micros kHuntLimit = 20 * kMillisecond;     ///< of one hunt: meanwhile nothing else happens here
constexpr Micros kHuntPause = 20 * kMillisecond;     ///< between two, while there are strays
constexpr Micros kLongestHuntPause = 5 * kSecond;    ///< for those who do not die

}  // namespace

Micros Supervisor::deadline_of(Worker& worker) {
    Micros due = std::min(worker.force_due == 0 ? kNever : worker.force_due, recall_due(worker));
    for (const Worker::Pace* pace : {&worker.output_pace, &worker.control_pace}) {
        if (pace->muted) due = std::min(due, pace->throttle.end());
    }
    if (worker.runs.empty()) return due;
    if (worker.runs.front()->result) due = std::min(due, worker.runs.front()->result_at + kMarkerLimit);
    for (const auto& run : worker.runs) {
        if (run->result) continue;
        if (!worker.slow) due = std::min(due, run->since + kSlow);
        if (run->progress_owed) due = std::min(due, run->progress_told + kProgressPause);
        if (run->order.timeout > 0 && run->stop == StopWhy::none) due = std::min(due, run->since + run->order.timeout);
        break;
    }
    return due;
}

Micros Supervisor::deadline() const {
    Micros due = kNever;
    bool stoppable = false;
    for (const auto& worker : workers_) {
        due = std::min(due, deadline_of(*worker));
        const Run* run = worker->current();
        stoppable = stoppable || (run != nullptr && run->stop == StopWhy::none);
    }
    for (const auto& [key, group] : groups_) {
        if (group->blocked_until > 0) due = std::min(due, group->blocked_until);
    }
    if (shutting_down_ && stoppable) due = std::min(due, shutdown_due_);
    if (hunt_due_ > 0) due = std::min(due, hunt_due_);
    return std::min(due, idle_due());
}

/// When the one that has had nothing to do for longest goes; never while there are no more than shall stay.
Micros Supervisor::idle_due() const {
    Micros since = kNever;
    int staying = 0;
    for (const auto& worker : workers_) {
        if (worker->retiring) continue;
        ++staying;
        if (worker->idle_since > 0) since = std::min(since, worker->idle_since);
    }
    return staying <= options_.limits.min_workers || since == kNever ? kNever : since + options_.limits.idle;
}

void Supervisor::retire_idle(Micros now) {
    while (idle_due() <= now) {
        const auto longest = std::min_element(workers_.begin(), workers_.end(), [](const auto& a, const auto& b) {
            const auto since = [](const Worker& one) {
                return one.retiring || one.idle_since == 0 ? kNever : one.idle_since;
            };
            return since(*a) < since(*b);
        });
        retire(**longest);
    }
}

void Supervisor::check_timers(Micros now) {
    for (const auto& worker : workers_) check_worker(*worker, now);
    for (const auto& [key, group] : groups_) check_group(*group, now);
    retire_idle(now);
    if (hunt_due_ > 0 && now >= hunt_due_) hunt();
}

/// What the dead left behind has come to us. Neither those that fork faster than they die nor those that nothing can
/// kill hold up the others' runs.
void Supervisor::hunt() {
    process::Hunt hunt = process::hunt_strays(kHuntLimit, strays_);
    const bool the_same = hunt.left == strays_;
    strays_ = std::move(hunt.left);
    const bool leaf_gone = std::erase_if(leaves_, [](const process::Leaf& leaf) { return leaf.remove(); }) > 0;
    if (hunt.over && leaves_.empty()) {
        hunt_due_ = hunt_pause_ = 0;
        return;
    }
    hunt_pause_ = the_same && !leaf_gone ? std::clamp(2 * hunt_pause_, kHuntPause, kLongestHuntPause) : kHuntPause;
    hunt_due_ = clock_.monotonic() + hunt_pause_;
}

/// Soon, and once for all who ended meanwhile: a look at all processes is too dear for each that ended in good order.
void Supervisor::hunt_soon() {
    const Micros due = clock_.monotonic() + kHuntPause;
    hunt_due_ = hunt_due_ == 0 ? due : std::min(hunt_due_, due);
}

void Supervisor::check_worker(Worker& worker, Micros now) {
    for (Worker::Pace* pace : {&worker.output_pace, &worker.control_pace}) {
        if (pace->muted && now >= pace->throttle.end()) unmute(worker, *pace);
    }
    if (Run* run = worker.current()) {
        if (!worker.slow && now >= run->since + kSlow) on_slow(worker, *run);
        if (run->progress_owed) tell_progress(*run);
        const bool late = run->order.timeout > 0 && now >= run->since + run->order.timeout;
        if (late) ask_to_stop(worker, *run, StopWhy::timeout);
        if (shutting_down_ && now >= shutdown_due_) ask_to_stop(worker, *run, StopWhy::shutdown);
    }
    if (worker.force_due > 0 && now >= worker.force_due) next_force(worker, now);
    if (now >= recall_due(worker)) {
        on_fault(worker, "it did not give back within " + std::to_string(kRecallLimit / kSecond) +
                             " s of RECALL the runs that wait behind its own");
    }
    if (!worker.runs.empty() && worker.runs.front()->result && now >= worker.runs.front()->result_at + kMarkerLimit) {
        // Something else fills its pipes; from here on what comes through them can no longer be told apart.
        worker.retiring = true;
        if (worker.current() != nullptr) recall(worker);
        Run& run = *worker.runs.front();
        if (!run.out) run.out = worker.out.rest();
        if (!run.err) run.err = worker.err.rest();
        report_done(worker);
    }
}

void Supervisor::check_group(Group& group, Micros now) {
    if (group.blocked_until == 0 || now < group.blocked_until) return;
    group.blocked_until = 0;
    if (!group.changed) return;
    group.changed = false;
    log::info("module-file-changed",
              "module file " + group.module->path + " has changed since it was described; its runs are queued again");
    while (!group.pending.empty()) {
        give_back(std::move(group.pending.front()));
        group.pending.pop_front();
    }
}

void Supervisor::on_slow(Worker& worker, Run& run) {
    worker.slow = true;
    worker.group.speeds.slow(run.order.function.function->index);
    tell_started(worker, run);
}

void Supervisor::next_force(Worker& worker, Micros now) {
    if (worker.phase == Worker::Phase::spawning) {
        return on_fault(worker,
                        "it was not ready within " + std::to_string(options_.limits.spawn_limit / kSecond) + " s");
    }
    switch (worker.force) {
        case Worker::Force::none: worker.force_due = 0; return;
        case Worker::Force::asked:
            process::signal_group(worker.child.pid, SIGTERM);
            worker.force = Worker::Force::term;
            worker.force_due = now + std::min(options_.limits.grace, kLongestTerm);
            return;
        case Worker::Force::term:
            if (worker.fd(Worker::control_channel) < 0 && worker.fault.empty())
                worker.fault = "it closed its control channel";
            return kill(worker);
        case Worker::Force::kill: return kill(worker);
    }
}

void Supervisor::kill(Worker& worker) {
    if (worker.leaf) worker.leaf->kill();
    process::signal_group(worker.child.pid, SIGKILL);
    process::signal_child(worker.child, SIGKILL);
    worker.force = Worker::Force::kill;
    worker.force_due = clock_.monotonic() + kKillAgain;
}

void Supervisor::ask_to_stop(Worker& worker, Run& run, StopWhy why) {
    if (run.stop != StopWhy::none || run.result) return;
    const std::int32_t code = why == StopWhy::timeout    ? FOLIOT_CANCEL_TIMEOUT
                              : why == StopWhy::shutdown ? FOLIOT_CANCEL_SHUTDOWN
                                                         : FOLIOT_CANCEL_USER;
    run.stop = why;
    worker.send(process::encode(run.ordinal, process::Cancel{code, options_.limits.grace}));
    if (worker.current() != &run) return;
    worker.retiring = true;
    recall(worker);  // what waits behind it must not be hit by what comes next
    if (worker.force != Worker::Force::none) return;
    worker.force = Worker::Force::asked;
    worker.force_run = run.ordinal;
    worker.force_due = clock_.monotonic() + options_.limits.grace;
}

void Supervisor::recall(Worker& worker) {
    if (worker.phase != Worker::Phase::ready) return;
    if (worker.recall_due == 0) worker.recall_due = clock_.monotonic() + kRecallLimit;
    if (!std::exchange(worker.recalled, true)) worker.send(process::encode_recall());
}

/// When it is at fault, if the runs behind its own are still there.
Micros Supervisor::recall_due(Worker& worker) {
    const bool owed = worker.recall_due > 0 && worker.fault.empty() && worker.has_waiting();
    return owed ? worker.recall_due : kNever;
}

void Supervisor::retire(Worker& worker) {
    worker.retiring = true;
    if (worker.runs.empty()) quit(worker);
}

void Supervisor::quit(Worker& worker) {
    if (worker.phase != Worker::Phase::ready) return;
    worker.phase = Worker::Phase::quitting;
    worker.send(process::encode_quit());
    if (worker.force != Worker::Force::none) return;
    worker.force = Worker::Force::asked;
    worker.force_run = 0;
    worker.force_due = clock_.monotonic() + options_.limits.grace;
}

}  // namespace foliot::runner
