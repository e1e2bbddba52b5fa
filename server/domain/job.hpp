// A job: what to call, with what, when, and by which rules.
#pragma once

#include "base/clock.hpp"
#include "domain/ids.hpp"
#include "domain/resource_limits.hpp"
#include "trigger/trigger.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot {

/// "module:function"; the dotted form "a.b.C" means module "a.b", function "C".
struct FuncRef {
    std::string module, function;
    std::string text() const { return module + ":" + function; }
    std::string dotted() const { return module + "." + function; }
    bool operator==(const FuncRef&) const = default;
};
/// Takes both spellings. Module: parts [A-Za-z_][A-Za-z0-9_-]* joined by dots, 128 bytes at most; function:
/// [A-Za-z_][A-Za-z0-9_]{0,63}.
std::optional<FuncRef> parse_func(std::string_view text);

/// Runs of one module and one set of tags share a lane: a queue whose runs are all below the same limits. This is the
/// lane without tags, which stands for the module where the module alone counts. Stable over restarts.
std::int64_t lane_of(std::string_view module);
/// `tags` are sorted and unique.
std::int64_t lane_of(std::string_view module, const std::vector<std::string>& tags);
/// A module's lanes are neighbours.
struct LaneRange {
    std::int64_t first, last;
    bool contains(std::int64_t lane) const { return first <= lane && lane <= last; }
};
LaneRange lanes_of_module(std::int64_t any_lane_of_it);

enum class Overlap { skip, queue, replace };   ///< a fire while max_instances are live
enum class MisfirePolicy { once, all, skip };  ///< once: late fires as one run (coalesce); all: a run each; skip: none
enum class Isolation { warm, fresh };

/// The words of the API, the configuration and the database.
std::string_view name_of(Overlap overlap);
std::string_view name_of(MisfirePolicy policy);
std::string_view name_of(Isolation isolation);

struct RetryPolicy {
    int max_retries = 0;
    Micros delay = 10 * kSecond;
    double factor = 2.0;
    Micros max_delay = 3600 * kSecond;
    bool operator==(const RetryPolicy&) const = default;
};

/// The parts of a retry policy that somebody decides; the rest stays as it is.
struct RetryWishes {
    std::optional<int> max_retries{};
    std::optional<Micros> delay{};
    std::optional<double> factor{};
    std::optional<Micros> max_delay{};
    bool operator==(const RetryWishes&) const = default;
};
void apply(const RetryWishes& wishes, RetryPolicy& policy);

/// Everything a user decides about a job. Immutable once stored: an edit stores another one under the next rev.
struct Definition {
    std::string name;
    FuncRef func;
    std::string args = "[]";    ///< JSON array, verbatim
    std::string kwargs = "{}";  ///< JSON object, verbatim
    trigger::Trigger trigger;
    std::optional<Micros> misfire_grace = 3600 * kSecond;  ///< nothing: any age will do
    bool coalesce = true;
    MisfirePolicy misfire = MisfirePolicy::once;
    int max_instances = 1;
    Overlap overlap = Overlap::skip;
    int max_queued = 10;  ///< of Overlap::queue
    Micros timeout = 0;   ///< of each attempt; 0: none
    Micros jitter = 0;    ///< each fire is delayed by up to that; its nominal time stays
    Micros deadline = 0;  ///< from when the run was due to the end of its last attempt; 0: none
    RetryPolicy retry;
    int priority = 5;  ///< 0..9, 9 first
    Isolation isolation = Isolation::warm;
    ResourceLimits limits{};  ///< the job's own
    std::optional<std::int64_t> max_runs;
    std::string description;
    std::vector<std::string> tags;  ///< sorted, unique
    bool operator==(const Definition&) const = default;
};

/// The misfire policy and `coalesce` say one thing twice: `once` is coalesce, `all` is not; `skip` leaves it alone.
void set_misfire(MisfirePolicy policy, Definition& definition);
/// Between `once` and `all`; late fires that are skipped stay skipped.
void set_coalesce(bool coalesce, Definition& definition);

std::string to_json(const Definition& definition);
Definition definition_from_json(std::string_view text);  ///< throws std::runtime_error for what to_json did not write

enum class JobStatus { active = 0, paused = 1, finished = 2, broken = 3, deleted = 4 };

/// The part of a job that changes with each fire. `cursor`: the last nominal fire time that history accounts for.
struct JobState {
    JobKey key{};
    std::int64_t rev = 1;
    std::string id;  ///< any text the creator chose; unique among unfinished jobs
    JobStatus status = JobStatus::active;
    Micros anchor = 0;    ///< accounting starts here: fires are those in (anchor, ...]
    Micros armed_at = 0;  ///< created, resumed, or trigger edited; no fire before it can have been "on time"
    Micros cursor = 0;
    std::optional<Micros> next_fire;  ///< nothing: paused, finished or broken
    std::optional<Micros> paused_at;
    std::optional<std::int64_t> runs_left;
    std::optional<RunId> open_skip;  ///< a skip row that the next skip of the same reason extends
};

/// The job waits for a next run set by hand, so its cursor, just before that, accounts for nothing yet. (Of a paused
/// job that can only be guessed.)
bool waits_for_hand_set_run(const JobState& job);

struct Job {
    JobState state;
    Definition definition;
};

/// Where a job's accounting starts when it is created, resumed or gets another trigger. `next_run` replaces the first
/// fire by hand.
struct Arming {
    Micros anchor, armed_at, cursor;
    std::optional<Micros> next_fire;
};
Arming arm(const trigger::Trigger& trigger, Micros now);

/// How much later than `nominal` a fire of the job is due: 0 to `jitter`, spread evenly, always the same for one fire.
Micros jitter_of(JobKey job, Micros nominal, Micros jitter);

}  // namespace foliot
