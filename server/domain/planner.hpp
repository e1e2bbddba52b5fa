// The planner: what becomes of each nominal fire. Pure, so that it may be run again on a retried transaction.
// Every nominal in (cursor, new cursor] is accounted for by exactly one planned row (its `fires`), none by two.
#pragma once

#include "domain/execution.hpp"
#include "domain/job.hpp"

#include <optional>
#include <string>
#include <vector>

namespace foliot {

struct DueJob {
    JobState job;
    Definition def;
    int instances = 0;  ///< live executions but blocked ones
    int queued = 0;     ///< blocked ones
};

struct PlannedRow {
    RunState state = RunState::ready;  ///< ready, waiting (delayed by jitter), blocked, missed, skipped, error
    Micros nominal = 0, first_nominal = 0;
    std::int64_t fires = 1;
    Micros due = 0;
    std::string reason;
    bool operator==(const PlannedRow&) const = default;
};

struct FirePlan {
    std::vector<PlannedRow> rows;
    bool extend_open_skip = false;  ///< rows.front() is no new row: it grows the job's open skip row
    bool replace_live = false;      ///< stop live runs (stop_why replaced), skip blocked ones as skipped/replaced
    Micros cursor = 0;
    std::optional<Micros> next_fire;
    std::optional<std::int64_t> runs_left;
    JobStatus status = JobStatus::active;
};

enum class Occasion {
    claim,       ///< the job is due
    edit,        ///< trigger, options or id change; pause; replace
    reschedule,  ///< an edit of the times while nobody could claim: what is due becomes skipped/edited, the job goes on
    resume,      ///< a paused job goes on: what it slept through is skipped/paused
    remove,      ///< delete: unclaimed due fires become skipped/deleted
};

/// core rules: late = due before anybody could claim: s = max(awake_since, armed_at); late iff f < s, by s - f.
/// A paused job's fires up to now become one skipped/paused row on any occasion but claim.
/// Throws only when the trigger cannot be evaluated; the caller then plans with broken_plan().
FirePlan plan(const DueJob& due, Micros now, Micros awake_since, Occasion occasion = Occasion::claim);

/// One error/trigger row; the job becomes broken and hurts no other.
FirePlan broken_plan(const JobState& job, Micros now, const std::string& why);

}  // namespace foliot
