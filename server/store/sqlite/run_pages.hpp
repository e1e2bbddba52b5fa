// Executions as readers see them.
#pragma once

#include "store/sqlite/definitions.hpp"
#include "store/store.hpp"

namespace foliot::store::sqlite {

std::optional<RunView> find_run(Connection& db, Definitions& definitions, RunId id);
std::optional<RunView> run_covering(Connection& db, Definitions& definitions, JobKey key, Micros nominal);
/// The newest that accounts for fires.
std::optional<RunView> last_accounting_run(Connection& db, Definitions& definitions, JobKey key);
std::vector<RunView> runs_at(Connection& db, Definitions& definitions, JobKey key, Micros nominal);
std::vector<RunView> live_runs_of(Connection& db, Definitions& definitions, JobKey key, std::size_t limit);
struct UnnotedQuery {
    std::string_view module;
    const std::optional<ReadyPlace>& after;
    std::size_t look_at = 0;
};
UnnotedRuns unnoted_ready_runs(Connection& db, Definitions& definitions, const UnnotedQuery& wanted);
/// One job's: by nominal time, newest first; else by id, newest first. Of bad ends of one function, or of last
/// attempts, 20,000 are looked at: then `next` may come with few runs, or none.
Page<RunView> page_of_runs(Connection& db, Definitions& definitions, const RunFilter& filter);
/// Of all pages of a filter by bad states, among the newest 20,000 of these; not of one job's.
std::int64_t count_bad_runs(Connection& db, const RunFilter& filter);

}  // namespace foliot::store::sqlite
