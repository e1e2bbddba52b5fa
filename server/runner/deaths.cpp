// The end of a worker: everything it said is read, then its runs are judged.
#include "base/log.hpp"
#include "runner/supervisor.hpp"

#include <poll.h>
#include <signal.h>

#include <algorithm>

namespace foliot::runner {

namespace {

constexpr int kMostDeaths = 3;            ///< of workers that a run did not survive, until it is told why
constexpr int kForsakeLimit = 1000;       ///< milliseconds
constexpr Micros kTracedLimit = kSecond;  ///< of a dead worker that somebody else holds
constexpr std::size_t kMostGroups = 256;  ///< then idle ones are forgotten: jobs may have any limits
constexpr std::size_t kLastLines = 10;
constexpr std::size_t kLastBytes = 2000;

constexpr const char* kOverwritten =
    "; its module file was overwritten in place while it was loaded, which is the likely reason: install modules by "
    "renaming (copy the file beside its place, then mv it there)";

std::optional<process::ExitStatus> reap_now(const Worker& worker) {
    try {
        return process::reap(worker.child);
    } catch (const std::system_error& e) {
        log::error("runner-error", "runner: " + std::string(e.what()));
        return process::ExitStatus{};
    }
}

/// Whoever traces it has it first. If that is one of its own the hunt ends it, and this is tried again at once; anybody
/// else may keep it.
bool may_be_reaped_yet(Worker& worker, Micros now) {
    if (worker.unreaped_since == 0) worker.unreaped_since = now;
    if (now < worker.unreaped_since + kTracedLimit) return true;
    process::disown(worker.child);
    return false;
}

/// All that it has started and that can be named at once.
void end_family(const Worker& worker) {
    if (worker.leaf) worker.leaf->kill();
    process::signal_group(worker.child.pid, SIGKILL);
}

std::string last_words(const Run& run) {
    std::string words = run.log.last_lines(kLastLines);
    if (run.err && !run.err->empty()) {
        if (!words.empty()) words += '\n';
        words += run.err->view().last(kLastBytes);
    }
    while (!words.empty() && words.back() == '\n') words.pop_back();
    return words;
}

std::string done_before(const Worker& worker) {
    std::string names;
    for (const module::Function& function : worker.group.module->functions) {
        if (!worker.functions_done.contains(function.index)) continue;
        names.append(names.empty() ? "" : ", ").append(function.name);
    }
    return "its process had run " + std::to_string(worker.runs_done) + " before it (" + names +
           "), which may be what it died of: until it succeeds once, its function has a process for each run";
}

/// It took no run with it, but did not end as it was told either: whatever did that may do worse next time.
void warn_of_unclean_end(const Worker& worker, process::ExitStatus exit) {
    const bool forced = worker.force == Worker::Force::term || worker.force == Worker::Force::kill;
    const bool in_a_run =
        std::any_of(worker.runs.begin(), worker.runs.end(), [](const auto& run) { return !run->result; });
    const bool as_told = worker.phase == Worker::Phase::quitting && exit.signal == 0 && exit.code == 0;
    if (!worker.served || forced || in_a_run || as_told) return;
    log::warning("worker-unclean-end", "worker " + std::to_string(worker.child.pid) + " of module " +
                                           worker.group.module->name + " ended with " +
                                           (exit.signal != 0 ? "signal " : "status ") +
                                           std::to_string(exit.signal != 0 ? exit.signal : exit.code) + " after " +
                                           std::to_string(worker.runs_done) + " runs, whose results stand");
}

}  // namespace

void Supervisor::bury(Worker& worker) {
    end_family(worker);  // before it is reaped: until then the group's number is its own
    for (const auto channel :
         {Worker::control_channel, Worker::log_channel, Worker::out_channel, Worker::err_channel}) {
        on_readable(worker, channel, true);
    }
    const bool asked = worker.phase == Worker::Phase::quitting && !worker.lost_output;
    std::optional<process::ExitStatus> reaped = reap_now(worker);
    const bool in_order = asked && reaped && reaped->code == 0 && reaped->signal == 0;
    in_order ? hunt_soon() : hunt();
    if (!reaped && may_be_reaped_yet(worker, clock_.monotonic())) return;
    const process::ExitStatus exit = reaped.value_or(process::ExitStatus{});

    warn_of_unclean_end(worker, exit);
    count_end(exit, in_order);
    judge_runs(worker, exit);
    // Also one that died right after its HELLO: it would else be started again for ever.
    const bool ours = worker.retiring && worker.fault.empty();
    if (!worker.served && !ours) blame_load(worker, exit);
    clear_place(worker, in_order);
    std::erase_if(workers_, [&](const auto& one) { return one.get() == &worker; });
    forget_groups(groups_.size() > kMostGroups);
    news_ = true;  // a place is free
}

/// Its own end tells: what is dead already is "forced" all the same, to be sure of it.
void Supervisor::count_end(process::ExitStatus exit, bool in_order) {
    const bool by_us = exit.signal == SIGKILL || exit.signal == SIGTERM;
    ++(in_order ? ever_.left : by_us ? ever_.killed : ever_.died);
}

/// Nobody would be told of its end, so this waits for it: it has done nothing yet.
void Supervisor::forsake(const Worker& worker) {
    end_family(worker);
    process::signal_child(worker.child, SIGKILL);
    pollfd ended{worker.child.pidfd.get(), POLLIN, 0};
    ::poll(&ended, 1, kForsakeLimit);
    if (!reap_now(worker)) process::disown(worker.child);
    clear_place(worker, false);
}

void Supervisor::clear_place(const Worker& worker, bool in_order) {
    ledger_.clear_owner(worker.slot);
    folders_.clear(worker.work_dir, in_order);
    if (!worker.leaf || worker.leaf->remove()) return;
    leaves_.push_back(*worker.leaf);
    hunt_soon();
}

void Supervisor::judge_runs(Worker& worker, process::ExitStatus exit) {
    bool one_began = false;
    bool first = true;
    std::vector<std::unique_ptr<Run>> again;
    while (!worker.runs.empty()) {
        std::unique_ptr<Run> run = worker.take(*worker.runs.front());
        const bool began = run->result || has_begun(worker, *run);
        // Only what a new worker was to begin with can have killed it; what waited behind other runs is innocent.
        if (!began && first && worker.runs_done == 0) ++run->deaths;
        first = false;
        if (began || run->deaths >= kMostDeaths) {
            judge_one(worker, std::move(run), exit, one_began);
        } else if (run->stop != StopWhy::none) {
            const StopWhy why = run->stop;
            report(std::move(run), stopped_before_start(why), nullptr);
        } else if (shutting_down_) {
            give_back(std::move(run));
        } else {
            again.push_back(std::move(run));
        }
    }
    for (auto run = again.rbegin(); run != again.rend(); ++run) worker.group.pending.push_front(std::move(*run));
}

/// A run that began, or that no worker survives.
void Supervisor::judge_one(Worker& worker, std::unique_ptr<Run> run, process::ExitStatus exit, bool& one_began) {
    Evidence evidence{
        .stop = run->stop, .timeout = run->order.timeout, .limits = run->order.limits, .result = run->result};
    evidence.ledger = in_ledger(worker, *run);
    if (run->started == 0 && evidence.ledger) run->started = evidence.ledger->started;
    if (!run->out) run->out = worker.out.rest();
    if (!run->err) run->err = worker.err.rest();
    hide_output(*run);
    const bool forced = worker.force == Worker::Force::term || worker.force == Worker::Force::kill;
    evidence.killed = forced && run->stop != StopWhy::none && worker.force_run == run->ordinal;
    evidence.protocol_error = worker.fault;
    evidence.exit = exit;
    evidence.out_of_memory = worker.leaf && worker.leaf->oom_kills() > 0;
    evidence.last_lines = last_words(*run);
    Verdict verdict = judge(evidence);
    if (!run->result && is_crash(verdict)) {
        // What crashes since somebody wrote over the file says nothing of the function.
        if (module::Catalogue::overwritten(*worker.group.module)) {
            verdict.error += kOverwritten;
        } else {
            tell_crash(worker, *run, one_began, verdict);
        }
    }
    one_began = one_began || !run->result;
    report(std::move(run), std::move(verdict), &worker);
}

/// What ran before in that process may have left behind what this run died of.
void Supervisor::tell_crash(const Worker& worker, const Run& run, bool one_began, Verdict& verdict) {
    const bool alone = worker.runs_done == 0 && !one_began;
    outbox_.crashes[run.order.assigned.run] = alone ? Crash::alone : Crash::after_others;
    std::string text = "worker " + std::to_string(worker.child.pid) + " died in execution " + run.order.execution_id +
                       " of " + function_of(run) + " (" + verdict.reason + ")";
    if (!alone) {
        const std::string before = done_before(worker);
        verdict.error += "\n" + before;
        text += "; " + before;
    }
    log::warning("worker-died", text);
}

/// It died before it was of any use: the run that waited longest for it is told why.
void Supervisor::blame_load(Worker& worker, process::ExitStatus exit) {
    Group& group = worker.group;
    // It did not load what was described: that says nothing of what is there now.
    if (!module::Catalogue::unchanged(*group.module)) return note_changed(group);
    if (worker.other_release && options_.awaits_restart) return await_restart(worker);
    const std::string said = worker.err.rest().view().last(kLastBytes);
    std::string text = "module " + group.module->name + " (" + group.module->path + ") could not be loaded: ";
    if (!worker.fault.empty()) {
        text += worker.fault;
    } else if (exit.signal != 0) {
        text += "it crashed with signal " + std::to_string(exit.signal);
    } else {
        text += "the worker ended with status " + std::to_string(exit.code);
    }
    if (!said.empty()) text += ": " + said;
    while (text.back() == '\n') text.pop_back();
    if (group.pending.empty()) return log::warning("module-not-loaded", text);
    std::unique_ptr<Run> run = std::move(group.pending.front());
    group.pending.pop_front();
    report(std::move(run), cannot_run("load_error", text), nullptr);
}

/// In an upgrade the new worker program lies there before the new server runs: that one will get on with it.
void Supervisor::await_restart(const Worker& worker) {
    log::error("worker-of-other-release", "no run can start until foliotd is started again: " + worker.fault);
    back_off(worker.group);
}

void Supervisor::forget_groups(bool also_current) {
    std::erase_if(groups_, [&](const auto& entry) {
        const Group& group = *entry.second;
        const bool used =
            std::any_of(workers_.begin(), workers_.end(), [&](const auto& worker) { return &worker->group == &group; });
        return (group.outdated || also_current) && group.pending.empty() && !used;
    });
}

}  // namespace foliot::runner
