// Use cases that look at a job's fires: what became of one, and which come next.
#pragma once

#include "service/caller.hpp"
#include "service/explain.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace foliot::service {

struct FireReport {
    FireCase fire;
    Explanation words;
};

struct NextFires {
    JobStatus status = JobStatus::active;
    std::vector<Micros> fires;
    bool truncated = false;  ///< there are more
    trigger::Trigger trigger{};
    Micros now = 0;  ///< when this was asked
};

/// The job's next nominal fires; of a paused job those that there would be if it were resumed now. Ends where max_runs
/// or the trigger does. Pure.
NextFires next_fires(const Job& job, Micros now, std::size_t count);

/// Why this server starts nothing now; "" when it does. Any thread.
using WhyHeld = std::function<std::string()>;

/// Thread-safe. Both throw RequestError: not_found "Job X not found"; of several jobs that had the id the last counts,
/// be it finished or deleted.
class History {
  public:
    History(store::Store& store, WhyHeld why_held) : store_(store), why_held_(std::move(why_held)) {}

    /// Without `time`: the latest fire that was due.
    FireReport explain(const Caller& caller, std::string_view job_id, std::optional<Micros> time);
    NextFires next(const Caller& caller, std::string_view job_id, std::size_t count);

  private:
    store::Store& store_;
    WhyHeld why_held_;
};

}  // namespace foliot::service
