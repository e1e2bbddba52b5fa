// A change of a job as a caller wishes it: what is not there stays as it is (or takes its default in a new job).
#pragma once

#include "domain/job.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace foliot::service {

// What a job may be. Lengths in bytes.
inline constexpr std::size_t kMaxId = 512, kMaxName = 512, kMaxDescription = 4096, kMaxTag = 128;
inline constexpr std::size_t kMaxArguments = 256U << 10U;  ///< each of args and kwargs, as JSON
inline constexpr std::size_t kMaxTags = 32;
inline constexpr int kMaxCount = 1'000'000;
inline constexpr Micros kLongestDeadline = 100LL * 366 * 86'400 * kSecond;  ///< far from where sums overflow
inline constexpr Micros kLongestJitter = 7LL * 86'400 * kSecond;
inline constexpr double kLeastBackoff = 1, kMostBackoff = 1'000;

/// Makes a trigger from the present one (null: a new job) and the instant of the change. Pure: it may be called again.
using TriggerEdit = std::function<trigger::Trigger(const trigger::Trigger* present, Micros now)>;

/// The next run by hand; nothing in it: paused.
struct NextRun {
    std::optional<Micros> at;
    int offset_seconds = 0;  ///< as written, for echo
};

struct JobEdit {
    std::optional<std::string> name, description;
    std::optional<FuncRef> func;
    std::optional<std::string> args, kwargs;  ///< JSON, verbatim
    TriggerEdit trigger;                      ///< empty: keep
    bool reschedule = false;                  ///< count from now on, even if `trigger` makes the one that there is
    std::optional<std::optional<Micros>> misfire_grace;
    std::optional<bool> coalesce;
    std::optional<MisfirePolicy> misfire;  ///< wins over coalesce
    std::optional<int> max_instances, max_queued, priority;
    RetryWishes retry;
    std::optional<Micros> timeout, deadline, jitter;
    std::optional<std::vector<std::string>> tags;
    std::optional<Overlap> overlap;
    std::optional<Isolation> isolation;
    std::optional<ResourceLimits> limits;  ///< all of them: what is not set is no longer the job's own
    std::optional<std::optional<std::int64_t>> max_runs;
    std::optional<NextRun> next_run;
    std::optional<bool> paused;  ///< false: a paused job goes on; instead of next_run
};

/// Applies everything but trigger and next_run. Throws RequestError naming the field for what is out of its range.
void apply(const JobEdit& edit, Definition& definition);

/// Throws RequestError naming 'id', 'name', 'args'... for what no job may have: empty, too long, not text.
void check_id(const std::string& id);
void check_limits(const Definition& definition);
void check_jitter(Micros jitter);

/// Moves the trigger so that its next fire is `at`: an interval's grid is re-anchored there, a date becomes it (and
/// both still show what their owner gave); a cron expression stays and gets one extra fire. Returns where the
/// accounting goes on.
Arming arm_by_hand(trigger::Trigger& trigger, const NextRun& next, Micros now);

// For the audit.

/// What they differ in, status and next run too, one "field: old -> new" a line.
std::string difference(const Job& before, const Job& after);
/// A job that is added or deleted: its definition as JSON, with status and next run.
std::string shown_whole(const Job& job);

}  // namespace foliot::service
