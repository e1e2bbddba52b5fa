// Books what the planner decided: rows for fires, the job's cursor, its next fire.
#pragma once

#include "store/sqlite/jobs.hpp"
#include "store/sqlite/runs.hpp"
#include "store/sqlite/slots.hpp"

#include <exception>
#include <string>
#include <vector>

namespace foliot::store::sqlite {

/// A run that may start: not stored yet, since with a place to go it is born assigned.
struct Birth {
    NewRun run;
    std::string job_id;
    Definitions::Ptr definition;
    Slots::Keys keys;  ///< its limits, once somebody asks
};

struct Due {
    JobRow row;
    Definitions::Ptr definition;
    Live live;
};

/// Asks the planner; when it (or the stored definition) cannot be evaluated, a plan that makes the job broken.
FirePlan plan_fires(const Due& due, const Planner& planner, Micros now, Micros awake_since);

/// Throws SqlError for a constraint, std::logic_error when the plan contradicts itself or the cursor moved meanwhile.
void book(Work& work, const Due& due, const FirePlan& plan, std::vector<Birth>& births);

/// Unfinished job with its live runs; `definition` stays empty when it cannot be read.
Due due_job(Work& work, JobRow row);

/// Plans and books up to now; runs are left ready.
void settle(Work& work, JobKey key, const Planner& planner, Micros awake_since);

/// The last resort: out of the way without a row.
void break_job(Work& work, JobKey key);

}  // namespace foliot::store::sqlite
