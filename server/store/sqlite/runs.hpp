// Rows of the execution table.
#pragma once

#include "store/sqlite/work.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace foliot::store::sqlite {

inline constexpr std::size_t kInlineResult = 1024;  ///< longer ones live in a table of their own
inline constexpr int kMaxManualRuns = 1000;         ///< live ones of one job

struct NewRun {
    JobKey job{};
    std::int64_t rev = 0;
    RunState state = RunState::ready;
    Micros nominal = 0, first_nominal = 0;
    std::int64_t fires = 0;
    std::int64_t seq = 0;
    int attempt = 1;
    Origin origin = Origin::fire;
    Micros due = 0;
    int prio = 5;
    std::int64_t lane = 0;
    std::optional<std::int64_t> node = {};
    std::optional<std::int64_t> claim = {};
    std::string reason = {}, error = {};
    std::optional<std::string> args = {}, kwargs = {};
    std::optional<RunId> parent = {};
};

/// A fire whose nominal is in history already (the clock or the job was set back) gets the next free seq.
RunId insert_run(Work& work, NewRun run);
std::int64_t next_seq(Work& work, JobKey job, Micros nominal);

struct Live {
    int instances = 0;  ///< but blocked ones
    int queued = 0;     ///< blocked
    int delayed = 0;    ///< of the instances, fires that wait for their jitter: who asks by hand need not wait for them
};
Live count_live(Work& work, JobKey job);

/// Readies blocked runs while the job has instances to spare. Runs by hand and retries go as far as that; of its fires
/// no more than `freed` beside one that may always go, so that those a job catches up on stay one after the other. A
/// paused job's fires stay where they are.
void promote(Work& work, JobKey job, int freed);
/// The same when the job goes on after a pause: the fires that were ready then are again; with a queue, all there is
/// room for.
void promote_woken(Work& work, JobKey job);

RunId run_now(Work& work, JobKey job, const ManualRun& manual);
bool request_stop(Work& work, RunId run, StopWhy why);
/// A run that was given out and never began waits for a place again; one of a paused job waits for the job.
void requeue(Work& work, RunId run);
/// See Tx.
void note_wait(Work& work, RunId run, std::string_view reason);
void end_ready(Work& work, RunId run, RunState state, std::string_view reason, std::string_view error);
/// All that have not been given out.
void end_waiting(Work& work, JobKey job, RunState state, std::string_view reason);
/// Ends live runs for a new one: started ones are asked to stop, queued ones are skipped.
void replace_live(Work& work, JobKey job);

/// The linked row of the next attempt; none (false) when nobody wants one: the job was deleted, say.
bool insert_next_attempt(Work& work, RunId run, const NextAttempt& next);

std::string_view stop_reason(StopWhy why);

}  // namespace foliot::store::sqlite
