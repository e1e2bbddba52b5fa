#include "service/attempt_words.hpp"

#include "base/time_text.hpp"
#include "service/waiting_words.hpp"
#include "service/words.hpp"

namespace foliot::service {
namespace {

using store::RunView;

std::string in_process(const RunView& run) { return run.pid ? " in process " + std::to_string(*run.pid) : ""; }

/// " ran from A to B (3 s) in process 7 and", or " and" for one that never began.
std::string course(const RunView& run) {
    if (!run.started || !run.ended) return "";
    return " ran from " + iso_time(*run.started) + " to " + iso_time(*run.ended) + " (" +
           said_length(*run.ended - *run.started) + ")" + in_process(run) + " and";
}

std::string because(const RunView& run) {
    std::string text = run.reason.empty() ? "" : " (" + run.reason + ")";
    return text + (run.error.empty() ? "." : ": " + run.error + (run.error.ends_with('.') ? "" : "."));
}

std::string stopped_text(const RunView& run) {
    if (run.reason == "stopped") return " was stopped on request.";
    if (run.reason == "deleted") return " was ended when the job was deleted.";
    if (run.reason == "replaced") return " was stopped for a newer run (overlap is replace).";
    if (run.reason == "interrupted") return " was interrupted when the server stopped; that does not count.";
    if (run.reason == "snoozed") return " asked to be run again later; that does not count.";
    return " was stopped" + because(run);
}

std::string timeout_text(const RunView& run) {
    if (run.reason == "deadline") {
        const std::string length = run.def && run.def->deadline > 0 ? " of " + said_length(run.def->deadline) : "";
        if (!run.started) return " was not begun: its deadline" + length + " passed while it waited.";
        return course(run) + " was ended: its deadline" + length + " passed while it ran.";
    }
    const std::string length = run.def && run.def->timeout > 0 ? " of " + said_length(run.def->timeout) : "";
    return course(run) + " was ended: it took longer than its timeout" + length + ".";
}

std::string ended_text(const RunView& run) {
    switch (run.state) {
        case RunState::succeeded: return course(run) + " succeeded.";
        case RunState::timeout: return timeout_text(run);
        case RunState::stopped: return course(run) + stopped_text(run);
        case RunState::error: return " could not be started" + because(run);
        case RunState::missed: return " was missed" + because(run);
        case RunState::skipped: return " was skipped" + because(run);
        default: return course(run) + " failed" + because(run);
    }
}

std::string live_text(const FireCase& fire, const RunView& run) {
    switch (run.state) {
        case RunState::waiting:
        case RunState::blocked:
        case RunState::ready: return waiting_text(fire, run);
        case RunState::assigned:
            return " was handed to a worker at " + iso_time(run.updated) + " and has not reported since.";
        default: break;
    }
    const std::string since = run.started ? " since " + iso_time(*run.started) : "";
    if (run.state == RunState::stopping) return " was asked to stop and is ending" + since + in_process(run) + ".";
    return " is running" + since + in_process(run) + ".";
}

}  // namespace

std::string_view outcome_of(RunState state) {
    switch (state) {
        case RunState::waiting:
        case RunState::blocked:
        case RunState::ready:
        case RunState::assigned: return "queued";
        case RunState::running:
        case RunState::stopping: return "running";
        case RunState::succeeded: return "succeeded";
        case RunState::failed: return "failed";
        case RunState::timeout: return "timeout";
        case RunState::stopped: return "stopped";
        case RunState::missed: return "missed";
        case RunState::skipped: return "skipped";
        case RunState::error: break;
    }
    return "error";
}

std::string attempt_text(const FireCase& fire, const RunView& run, const std::string& subject) {
    return subject + (is_live(run.state) ? live_text(fire, run) : ended_text(run));
}

std::string no_more_attempts_text(const RunView& last) {
    if (last.state != RunState::failed && last.state != RunState::timeout) return "";
    if (last.reason == "permanent" || last.reason == "bad_arguments") {
        return " No attempt follows: trying again would not help.";
    }
    if (last.reason == "deadline") return " No attempt follows: the deadline is for all attempts together.";
    const int retries = last.def ? last.def->retry.max_retries : 0;
    if (retries == 0) return " No attempt follows: the job has no retries (max_retries is 0).";
    if (last.attempt > retries) return " No attempt follows: max_retries is " + std::to_string(retries) + ".";
    if (last.def->deadline > 0) return " No attempt follows: the next one would begin after the deadline.";
    return "";
}

}  // namespace foliot::service
