#include "runner/verdict.hpp"

#include <foliot/abi.h>

#include <signal.h>
#include <string.h>

namespace foliot::runner {

namespace {

Verdict failed(std::string reason, std::string error, Outcome outcome = Outcome::failed) {
    Verdict verdict;
    verdict.state = RunState::failed;
    verdict.outcome = outcome;
    verdict.reason = std::move(reason);
    verdict.error = std::move(error);
    return verdict;
}

Verdict stopped(std::string reason, std::string error, Outcome outcome = Outcome::cancelled) {
    Verdict verdict = failed(std::move(reason), std::move(error), outcome);
    verdict.state = RunState::stopped;
    return verdict;
}

/// The run gave up because it was asked to.
Verdict cancelled(StopWhy why) {
    switch (why) {
        case StopWhy::none: return stopped("cancelled", "the job gave up without having been asked to");
        case StopWhy::user: return stopped("stopped", "stopped on request");
        case StopWhy::shutdown: return stopped("interrupted", "interrupted by the shutdown of the server");
        case StopWhy::replaced: return stopped("replaced", "replaced by a newer run of the job");
        case StopWhy::deleted: return stopped("deleted", "stopped because the job was deleted");
        case StopWhy::timeout: break;
    }
    Verdict verdict = failed("timeout", "did not end within its time limit");
    verdict.state = RunState::timeout;
    return verdict;
}

/// The run had to be killed. One killed at shutdown has left work half done: that is a failed attempt, not a free one.
Verdict killed(StopWhy why) {
    Verdict verdict = cancelled(why);
    if (why == StopWhy::shutdown) verdict = failed("interrupted", verdict.error);
    verdict.error += "; it did not give up when asked and was killed";
    return verdict;
}

/// Why a run has to count as one that was made to end; none: it ended by itself. Asked to stop, jobs often fail instead
/// of giving up in good order. At shutdown that stays a failure: only a job that gave up in order may be run again for
/// free.
std::optional<StopWhy> made_to_end(const Evidence& e, const process::Result& result, Outcome outcome) {
    if (outcome == Outcome::ok) return std::nullopt;
    // The worker counts the time limit too, and may cancel the run before we do.
    const bool too_long = result.cancelled == FOLIOT_CANCEL_TIMEOUT;
    if (too_long && (e.stop == StopWhy::none || e.stop == StopWhy::shutdown)) return StopWhy::timeout;
    if (outcome == Outcome::cancelled) return e.stop;
    const bool in_disorder = result.cancelled != 0 && e.stop != StopWhy::none && e.stop != StopWhy::shutdown;
    return in_disorder ? std::optional(e.stop) : std::nullopt;
}

std::string or_else(const std::string& text, const char* otherwise) { return text.empty() ? otherwise : text; }

Verdict later(Verdict verdict, Micros delay) {
    verdict.delay = delay;
    return verdict;
}

/// "what happened: which limit that was"; without a limit only the first.
std::string over(const Evidence& e, std::string_view limit, const std::string& happened) {
    const std::string words = e.limits.words(limit);
    return words.empty() ? happened : happened + ": " + words;
}

Verdict by_outcome(const process::Result& result, Outcome outcome) {
    const std::string& text = result.error_text;
    switch (outcome) {
        case Outcome::ok: {
            Verdict verdict;
            verdict.state = RunState::succeeded;
            verdict.outcome = Outcome::ok;
            verdict.result = or_else(result.result, "null");
            return verdict;
        }
        case Outcome::failed: return failed(or_else(result.error_code, "exception"), text);
        case Outcome::failed_for_good: return failed(or_else(result.error_code, "permanent"), text, outcome);
        case Outcome::retry_after:
            return later(failed(or_else(result.error_code, "retry_after"), text, outcome), result.delay);
        case Outcome::snoozed: return later(stopped("snoozed", text, outcome), result.delay);
        case Outcome::cancelled: break;
    }
    return stopped("cancelled", text);
}

Verdict by_result(const Evidence& e, const process::Result& result) {
    if (result.outcome < 0 || result.outcome > static_cast<int>(Outcome::cancelled)) {
        return failed("protocol_error", "the worker answered with outcome " + std::to_string(result.outcome));
    }
    const auto outcome = static_cast<Outcome>(result.outcome);
    Verdict verdict = by_outcome(result, outcome);
    if (const auto why = made_to_end(e, result, outcome)) {
        verdict = cancelled(*why);
        if (!result.error_text.empty() && result.error_text != "cancelled") verdict.error += ": " + result.error_text;
    }
    if (verdict.reason == kOutOfMemory) verdict.error = over(e, "memory", "ran out of memory (" + verdict.error + ")");
    if (!result.result.empty()) verdict.result = result.result;
    return verdict;
}

/// The worker wrote how the run ended, then died before its RESULT reached us.
Verdict by_ledger(const Evidence& e) {
    process::Result result;
    result.outcome = e.ledger->outcome;
    result.started = e.ledger->started;
    result.ended = e.ledger->ended;
    // Whether it had been asked to end is not known, so what happened before the worker died is taken for the reason.
    const bool too_long = e.timeout > 0 && result.ended - result.started >= e.timeout;
    result.cancelled = e.stop != StopWhy::none ? FOLIOT_CANCEL_USER : too_long ? FOLIOT_CANCEL_TIMEOUT : 0;
    const bool has_text = result.outcome != static_cast<int>(Outcome::ok);
    if (has_text) result.error_text = "the worker died before it could say more";
    return by_result(e, result);
}

Verdict by_signal(const Evidence& e, int signal) {
    const char* name = ::sigabbrev_np(signal);
    const char* words = ::sigdescr_np(signal);
    const std::string text = name == nullptr ? std::to_string(signal) : std::string("SIG") + name;
    const std::string said = e.last_lines.empty() ? "" : "; it last said:\n" + e.last_lines;
    if (e.out_of_memory) return failed(kOutOfMemory, over(e, "memory", "killed for want of memory") + said);
    // Hardly anybody but the kernel, short of memory, sends a SIGKILL that we did not send.
    if (signal == SIGKILL) {
        return failed(kOutOfMemory,
                      "killed by signal 9 (SIGKILL), not by the server: most likely for want of memory" + said);
    }
    if (signal == SIGXCPU) return failed("cpu_limit", over(e, "cpu", "used more processor time than allowed") + said);
    if (signal == SIGXFSZ)
        return failed("file_size_limit", over(e, "file_size", "wrote a file larger than allowed") + said);
    return failed("crashed:" + text, "crashed with " + text + " (" + (words == nullptr ? "?" : words) + ")" + said);
}

}  // namespace

Verdict judge(const Evidence& e) {
    if (e.result) return by_result(e, *e.result);
    if (e.ledger && e.ledger->phase == process::LedgerPhase::ended) return by_ledger(e);
    if (e.killed) return killed(e.stop);
    if (!e.protocol_error.empty()) {
        return failed("protocol_error", "the worker broke the protocol and was killed: " + e.protocol_error);
    }
    const process::ExitStatus exit = e.exit.value_or(process::ExitStatus{});
    if (exit.signal != 0 || e.out_of_memory) return by_signal(e, exit.signal);
    const std::string said = e.last_lines.empty() ? "" : "; it last said:\n" + e.last_lines;
    return failed("exited:" + std::to_string(exit.code),
                  "its process ended with status " + std::to_string(exit.code) + " before the job returned" + said);
}

bool is_crash(const Verdict& verdict) {
    const std::string& reason = verdict.reason;
    return reason.starts_with("crashed:") || reason.starts_with("exited:") || reason == "protocol_error";
}

Verdict stopped_before_start(StopWhy why) {
    Verdict verdict = cancelled(why);
    verdict.error += " before it began";
    return verdict;
}

Verdict cannot_run(std::string reason, std::string text) {
    Verdict verdict = failed(std::move(reason), std::move(text));
    verdict.state = RunState::error;
    return verdict;
}

}  // namespace foliot::runner
