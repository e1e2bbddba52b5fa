// One engine turn inside the writer's transaction: what ended, what is due, who starts.
#pragma once

#include "store/sqlite/fires.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/slots.hpp"

#include <map>
#include <set>
#include <vector>

namespace foliot::store::sqlite {

/// Reports from the runner: ends, starts, runs given back. Returns the finishes that were refused.
std::vector<RunId> book_reports(Work& work, const TurnIn& in, Slots& slots);

/// Waiting rows whose time has come become ready or blocked; true when there may be more of them.
bool admit_waiting(Work& work, Micros awake_since);

/// Plans what is due, then gives places to what is ready and to what was just planned.
class Claims final {
  public:
    struct Params {
        const Fence& fence;
        const TurnIn& in;
        const Planner& planner;
        Micros awake_since;
        EngineState engine;
        Turns& turns;
        Slots& slots;
    };
    Claims(Work& work, const Params& params);

    /// A job that violates a constraint becomes broken, alone; the rest is done again without it.
    void run(TurnOut& out);

  private:
    struct Stored {
        std::int64_t rev = 0;
        Assigned assigned;
        int prio = 5;
        Micros due = 0;
        Micros since = 0;  ///< its deadline counts from then
        Slots::Keys keys;
    };

    struct ReadyLane {
        std::int64_t lane;
        int most;  ///< of its runs could start
    };

    void attempt(TurnOut& out);
    std::vector<Due> due_jobs();
    void claim(TurnOut& out);

    void add_stored(Lanes& lanes);
    const LaneRange* unavailable(std::int64_t lane) const;
    void find_lanes(const LaneRange& range, std::int64_t last, int wanted, std::map<std::int64_t, int>& found);
    std::optional<ReadyLane> next_lane(std::int64_t after, std::int64_t end);
    int most_now(std::int64_t lane, JobKey job, std::int64_t rev);
    std::vector<Stored> ready_runs(std::int64_t lane, int most);
    bool may_start(Stored& run);
    void end_unstarted(const Assigned& run, RunState state, std::string_view reason, std::string_view error);
    void add_births(Lanes& lanes);
    bool take(const Candidate& candidate);
    void place(TurnOut& out);
    void start_stored(Stored& run, TurnOut& out);
    void start_birth(Birth& birth, TurnOut& out);

    Work& work_;
    const Params& params_;
    const std::size_t stops_before_, events_before_;
    const Happened::Mark happened_before_;
    std::vector<LaneRange> unavailable_;  // lanes whose runs are not to start
    std::set<JobKey> broken_;
    JobKey current_{};  // whose rows are being written
    std::vector<Birth> births_;
    std::vector<Stored> stored_;
    std::map<JobKey, int> ended_;  // how many runs of a job ended here without having started
    bool lanes_left_ = false;      // not every lane was looked at
    bool refused_ = false;         // a limit became full within the turn
};

}  // namespace foliot::store::sqlite
