// An execution: one attempt to run a job, or the record of why there was none.
#pragma once

#include "base/clock.hpp"
#include "domain/ids.hpp"
#include "domain/job.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot {

/// Numbers are stored. Below 10 an execution is live.
enum class RunState {
    waiting = 0,
    blocked = 1,
    ready = 2,
    assigned = 3,
    running = 4,
    stopping = 5,
    succeeded = 10,
    failed = 11,
    timeout = 12,
    stopped = 13,
    error = 14,
    missed = 15,
    skipped = 16,
};
constexpr bool is_live(RunState s) { return static_cast<int>(s) < 10; }
constexpr bool is_queued(RunState s) { return s <= RunState::ready; }  ///< not with any worker yet
/// The wire's words: waiting, blocked, ready and assigned are "scheduled"; error is "scheduled error".
std::string_view wire_name(RunState state);

enum class Origin { fire = 0, manual = 1, retry = 2 };
std::string_view wire_name(Origin origin);

enum class StopWhy { none = 0, user = 1, timeout = 2, shutdown = 3, replaced = 4, deleted = 5 };

/// How job code (or its process) ended, before policies are applied.
enum class Outcome { ok, failed, failed_for_good, retry_after, snoozed, cancelled };

/// What the supervisor found out about a run: final state and machine-readable reason ("crashed:SIGSEGV", "exited:0",
/// ...).
struct Verdict {
    RunState state = RunState::failed;
    Outcome outcome = Outcome::failed;
    std::string reason;           ///< empty on success
    std::string error;            ///< text for people, empty on success
    std::string result = "null";  ///< JSON, verbatim
    Micros delay = 0;             ///< of retry_after and snoozed
};

/// The next attempt that an ended run asks for, if any.
struct NextAttempt {
    Micros due = 0;
    bool counts = true;    ///< false: snoozed or interrupted, same attempt number again
    bool snoozed = false;  ///< the run asked for it by Snooze
};
/// Snoozes in a row, after which the next one is a failure: a job that does nothing else would go on for ever.
inline constexpr int kMostSnoozes = 1'000;
/// A run that snoozes after so many snoozes in a row has failed, reason "snoozed_too_often".
void cap_snoozes(Verdict& verdict, int before);

/// Pure: RetryAfter, Snooze (1 s at least), retries left, backoff. `random` in [0,1) spreads the delay by up to a
/// tenth.
std::optional<NextAttempt> next_attempt(const RetryPolicy& policy, const Verdict& verdict, int attempt, Micros now,
                                        double random);

/// No attempt begins when it is too late for it; `deadline` 0: it never is.
std::optional<NextAttempt> within(std::optional<NextAttempt> next, Micros deadline);

}  // namespace foliot
