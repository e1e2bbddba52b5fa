// One engine turn inside the writer's transaction: what ended, what is due, who starts.
#pragma once

#include "store/sqlite/fires.hpp"
#include "store/sqlite/places.hpp"

#include <set>
#include <vector>

namespace foliot::store::sqlite {

/// Reports from the runner: ends, starts, runs given back. Returns the finishes that were refused.
std::vector<RunId> book_reports(Work& work, const TurnIn& in);

/// Waiting rows whose time has come become ready or blocked; true when there may be more of them.
bool admit_waiting(Work& work);

/// Plans what is due, then gives places to what is ready and to what was just planned.
class Claims final {
  public:
    struct Params {
        const Fence& fence;
        const TurnIn& in;
        const Planner& planner;
        Micros awake_since;
        EngineState engine;
        std::int64_t& last_lane;  ///< whom the common places were given to last
    };
    Claims(Work& work, const Params& params)
        : work_(work), params_(params), stops_before_(work.stops.size()), events_before_(work.events.size()) {}

    /// A job that violates a constraint becomes broken, alone; the rest is done again without it.
    void run(TurnOut& out);

  private:
    void attempt(TurnOut& out);
    std::vector<Due> due_jobs();
    void claim(TurnOut& out);
    void add_stored(Lanes& lanes);
    void add_stored_lane(Lanes& lanes, std::int64_t lane);
    std::vector<std::int64_t> ready_lanes();
    void place(TurnOut& out);
    void start_stored(const Candidate& candidate, TurnOut& out);
    void start_birth(Birth& birth, TurnOut& out);

    struct Stored {
        RunId id;
        JobKey job;
        std::int64_t rev, lane;
        std::string job_id;
        Assigned assigned;
    };
    Work& work_;
    const Params& params_;
    const std::size_t stops_before_, events_before_;
    std::set<JobKey> broken_;
    JobKey current_{};  // whose rows are being written
    std::vector<Birth> births_;
    std::vector<Stored> stored_;
};

}  // namespace foliot::store::sqlite
