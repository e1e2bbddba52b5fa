// What the engine is told.
#include "runner/supervisor.hpp"

#include <algorithm>

namespace foliot::runner {

namespace {

std::vector<OutputChunk> output_of(const Run& run) {
    const auto view = [](const std::optional<CappedText>& text) { return text ? text->view() : KeptText{}; };
    OutputPosition begin;
    std::vector<OutputChunk> chunks;
    put_in_order(view(run.out), view(run.err), run.log, std::numeric_limits<std::size_t>::max(), begin, chunks);
    return chunks;
}

}  // namespace

void Supervisor::report(std::unique_ptr<Run> run, Verdict verdict, const Worker* worker) {
    hide_output(*run);
    store::Finished finished;
    finished.run = run->order.assigned.run;
    finished.claim = run->order.assigned.claim;
    finished.verdict = std::move(verdict);
    finished.started = run->result ? run->result->started : run->started;
    finished.ended = run->result && run->result->ended > 0 ? run->result->ended
                     : finished.started > 0                ? clock_.boottime() + run->clock_offset
                                                           : clock_.now();
    finished.started = std::min(finished.started, finished.ended);  // of one that died: what it said may lie ahead
    finished.module_version = run->order.function.module->version;
    if (worker != nullptr) finished.pid = worker->child.pid;
    finished.output = output_of(*run);
    finished.progress = std::move(run->progress);
    outbox_.finished.push_back(std::move(finished));
    if (worker != nullptr) {
        outbox_slots_.push_back(worker->slot);
        ++uncommitted_[worker->slot];
    }
    news_ = true;
}

/// Set of each run that was accepted.
std::size_t Supervisor::max_output(const Run& run) {
    return static_cast<std::size_t>(run.order.limits.values().output.value_or(0));
}

/// The secrets of its arguments stay between the server and the run. A run that was made to end may have been cut off.
void Supervisor::hide_output(Run& run) {
    const Mask& mask = run.order.mask;
    if (mask.empty()) return;
    const Mask::End end = run.result ? Mask::End::whole : Mask::End::cut;
    for (auto* text : {&run.out, &run.err}) {
        if (!*text) continue;
        const HiddenText hidden = mask.hidden((*text)->view(), end);
        (*text)->replace(hidden.head, hidden.tail);
    }
}

/// Reports the runs whose result and output are complete; a run that was never called leaves no markers.
void Supervisor::report_done(Worker& worker) {
    for (std::size_t i = 0; i < worker.runs.size();) {
        Run& run = *worker.runs[i];
        const bool out_done = run.out || worker.fd(Worker::out_channel) < 0;
        const bool err_done = run.err || worker.fd(Worker::err_channel) < 0;
        if (!run.result || (run.result->started > 0 && (!out_done || !err_done))) {
            ++i;
            continue;
        }
        if (run.result->started > 0 && !run.out) run.out = worker.out.rest();
        if (run.result->started > 0 && !run.err) run.err = worker.err.rest();
        const Evidence evidence{
            .stop = run.stop, .timeout = run.order.timeout, .limits = run.order.limits, .result = run.result};
        report(worker.take(run), judge(evidence), &worker);
    }
    if (worker.retiring && worker.runs.empty()) quit(worker);
}

void Supervisor::give_back(std::unique_ptr<Run> run) {
    outbox_.given_back.push_back({run->order.assigned.run, run->order.assigned.claim});
    news_ = true;
}

void Supervisor::tell_started(Worker& worker, Run& run) {
    if (run.told) return;
    if (run.started == 0) {  // the frame may still be in the worker; the ledger is not
        const auto found = in_ledger(worker, run);
        if (!found || found->phase == process::LedgerPhase::none) return;
        run.started = found->started;
    }
    run.told = true;
    outbox_.started.push_back({run.order.assigned.run, run.order.assigned.claim, worker.child.pid, run.started});
    news_ = true;
    tell_progress(run);
}

/// Of runs that nobody was told of, the end tells. What comes too fast is told when its time has come.
void Supervisor::tell_progress(Run& run) {
    if (!run.told || !run.progress) return;
    const Micros now = clock_.monotonic();
    run.progress_owed = run.progress_told != 0 && now < run.progress_told + kProgressPause;
    if (run.progress_owed) return;
    run.progress_told = now;
    outbox_.progressed[run.order.assigned.run] = {run.order.assigned.claim, *run.progress};
    news_ = true;
}

}  // namespace foliot::runner
