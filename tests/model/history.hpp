// Holds what the store tells of a job against what the job owed.
#pragma once

#include "model/expected.hpp"
#include "model/system.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace foliot::testing {

struct ModelJob {
    std::string id;
    JobKey key{};
    Definition def;  ///< as last given
    Owed owed;
    bool alive = true, paused = false;
    bool deleted = false;  ///< one that is gone and was not deleted may still have retries
    Micros armed_at = 0;
    Micros settled = 0;  ///< every fire up to here has to be in history
    int most_instances = 1;
    std::vector<RunId> moved_back;  ///< the newest row each time that the job was, since the clock had been set back
};

/// Throws std::logic_error that says what is wrong.
class History {
  public:
    explicit History(System& system) : system_(system) {}

    /// Each fire is covered by one row, in order, up to `job.settled`; nothing is covered that the job did not owe.
    void check_accounting(ModelJob& job);
    /// Rows that came since the last look: only what nobody could have claimed in time is missed, and what is too late
    /// does not run. `held`: nobody can claim, so nothing is to run yet.
    void check_new_rows(const ModelJob& job, Micros awake_since, bool held);
    /// Every run ended as its code did, and what failed with retries left has a next attempt.
    void check_ends(const ModelJob& job);
    /// Once all workers are idle, nothing that could run waits.
    void check_nothing_is_stuck(const ModelJob& job);

  private:
    static void check_missed(const ModelJob& job, const store::RunView& row, Micros claimable);
    static void check_run(const ModelJob& job, const store::RunView& row, Micros claimable);
    std::vector<store::RunView> rows(
        const ModelJob& job) const;  ///< by time, but what the clock was set back behind first

    System& system_;
    std::set<RunId> seen_;
};

}  // namespace foliot::testing
