#include "domain/execution.hpp"

#include <algorithm>
#include <cmath>

namespace foliot {
namespace {

constexpr Micros kLongestDelay =
    100LL * 365 * 86'400 * kSecond;  // job code may ask for anything; sums must not overflow

constexpr Micros kLeastSnooze = kSecond;  // one of none would keep a worker spinning

Micros sane(Micros delay) { return std::clamp<Micros>(delay, 0, kLongestDelay); }

Micros backoff(const RetryPolicy& policy, int attempt, double random) {
    const double cap = static_cast<double>(sane(policy.max_delay));
    double delay = static_cast<double>(sane(policy.delay));
    if (delay > 0) delay = std::min(cap, delay * std::pow(policy.factor, attempt - 1));
    return sane(static_cast<Micros>(delay * (1 + random / 10)));
}

}  // namespace

std::string_view wire_name(RunState state) {
    switch (state) {
        case RunState::waiting:
        case RunState::blocked:
        case RunState::ready:
        case RunState::assigned: return "scheduled";
        case RunState::running: return "running";
        case RunState::stopping: return "stopping";
        case RunState::succeeded: return "succeeded";
        case RunState::failed: return "failed";
        case RunState::timeout: return "timeout";
        case RunState::stopped: return "stopped";
        case RunState::error: return "scheduled error";
        case RunState::missed: return "missed";
        case RunState::skipped: return "skipped";
    }
    return "scheduled error";
}

std::string_view wire_name(Origin origin) {
    switch (origin) {
        case Origin::fire: return "fire";
        case Origin::manual: return "manual";
        case Origin::retry: return "retry";
    }
    return "fire";
}

void cap_snoozes(Verdict& verdict, int before) {
    if (verdict.outcome != Outcome::snoozed || before < kMostSnoozes) return;
    verdict.state = RunState::failed;
    verdict.outcome = Outcome::failed;
    verdict.reason = "snoozed_too_often";
    verdict.error = "it asked to be run again later " + std::to_string(before + 1) + " times in a row";
}

std::optional<NextAttempt> next_attempt(const RetryPolicy& policy, const Verdict& verdict, int attempt, Micros now,
                                        double random) {
    const bool stopped = verdict.state == RunState::stopped;
    if (stopped && verdict.reason == "interrupted") return NextAttempt{.due = now, .counts = false};
    if (stopped && verdict.outcome == Outcome::snoozed)
        return NextAttempt{.due = now + std::max(kLeastSnooze, sane(verdict.delay)), .counts = false, .snoozed = true};

    const bool failed = verdict.state == RunState::failed || verdict.state == RunState::timeout;
    if (!failed || verdict.outcome == Outcome::failed_for_good || attempt > policy.max_retries) return std::nullopt;
    const bool own_delay = verdict.outcome == Outcome::retry_after;
    return NextAttempt{.due = now + (own_delay ? sane(verdict.delay) : backoff(policy, attempt, random)),
                       .counts = true};
}

std::optional<NextAttempt> within(std::optional<NextAttempt> next, Micros deadline) {
    if (next && deadline > 0 && next->due >= deadline) return std::nullopt;
    return next;
}

}  // namespace foliot
