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

struct RunReport {
    store::RunView run;
    std::string_view outcome;    ///< one word
    std::string text;            ///< sentences
    std::string_view waits_for;  ///< one word (service/waiting_words); "" when it does not wait
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

/// Thread-safe. Of a job they throw RequestError: not_found "Job X not found"; of several jobs that had the id the last
/// counts, be it finished or deleted.
class History {
  public:
    History(store::Store& store, WhyHeld why_held) : store_(store), why_held_(std::move(why_held)) {}

    /// Without `time`: the latest fire that was due.
    FireReport explain(const Caller& caller, std::string_view job_id, std::optional<Micros> time);
    /// How a run went, or what it waits for. Throws RequestError: not_found "Execution not found: ID".
    RunReport explain_run(const Caller& caller, std::string_view execution_id);
    NextFires next(const Caller& caller, std::string_view job_id, std::size_t count);

  private:
    FireCase new_case() const;

    store::Store& store_;
    WhyHeld why_held_;
};

}  // namespace foliot::service
