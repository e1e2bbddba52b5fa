// Pruning: history beyond its limits goes, a few milliseconds of work at a time.
#pragma once

#include "store/sqlite/work.hpp"

#include <set>

namespace foliot::store::sqlite {

/// A condition on the row e: ended, and not the one that its live job's next skipped fires would be added to.
#define FOLIOT_MAY_GO                                                                                           \
    "e.state>=10 AND NOT EXISTS(SELECT 1 FROM job j WHERE j.key=e.job_key AND j.open_skip=e.id AND j.status IN" \
    " (0,1,3))"

/// Remembers how far it came, so that a pass over a long history is made of short units. A value: who runs it keeps the
/// copy whose unit was committed.
class Pruner final {
  public:
    /// One unit: the next stretch of the pass that has anything to do.
    Pruned run(Work& work, const Retention& retention, const Clock& clock);

  private:
    enum class Stage { count, runs, jobs, audit, tokens, sessions, keys };
    struct Unit {
        Work& work;
        const Retention& retention;
        const Clock& clock;
        Micros end;             ///< monotonic: no new row is begun after it
        std::int64_t rows = 0;  ///< removed so far
        bool time_is_up() const { return clock.monotonic() >= end; }
    };
    struct Row {
        RunId id;
        JobKey job;
        std::int64_t fires = 0;
        bool may_go = false;  ///< ended, and no longer growing
        Micros ended = 0;
    };
    struct JobAtHand {
        JobKey key;
        std::int64_t rev = 0;
        std::optional<Micros> gone_at;
    };

    bool step(Unit& unit);
    bool count(Unit& unit);
    bool prune_runs(Unit& unit);
    bool prune_jobs(Unit& unit);
    bool prune_audit(Unit& unit) const;
    static bool prune_tokens(Unit& unit);
    static bool counted_in(Unit& unit, std::int64_t removed);

    void begin_jobs(Unit& unit);
    bool finish_job(Unit& unit, const JobAtHand& job);
    bool trim_job(Unit& unit, JobKey job);
    bool drop_revisions(Unit& unit, const JobAtHand& job);
    void find_old_revisions(Unit& unit, const JobAtHand& job);
    void drop_if_gone(Unit& unit, const JobAtHand& job) const;
    static void remove(Unit& unit, const Row& row);

    Stage stage_ = Stage::count;

    std::int64_t counted_ = 0, counted_to_ = 0;  ///< executions up to that id; later ones have larger ids
    std::int64_t runs_after_ = 0;                ///< id

    Micros next_jobs_ = 0;
    bool among_jobs_ = false;
    Micros jobs_cutoff_ = 0;       ///< what was replaced or gone before it may go
    std::int64_t jobs_after_ = 0;  ///< key
    std::int64_t kept_ = 0;        ///< of the job at hand: rows that are beyond its number, and must stay

    // Old revisions of the job at hand that no row was found to use, up to (nominal, seq).
    bool among_rows_ = false;
    std::set<std::int64_t> unused_;
    std::int64_t nominal_ = 0, seq_ = 0;
};

}  // namespace foliot::store::sqlite
