#include "domain/planner.hpp"

#include "base/ids.hpp"
#include "domain/due_fires.hpp"

#include <algorithm>

namespace foliot {
namespace {

constexpr std::int64_t kCatchUpCap = 100;  // runs that one job may catch up on at once
constexpr Micros kOpenSkipLife =
    3'600 * kSecond;  // an open skip row is closed after that, so that history shows the hours

bool runs_each(const Definition& def) { return !def.coalesce || def.misfire == MisfirePolicy::all; }

PlannedRow row_of(RunState state, const Fires& fires, std::string reason = {}) {
    return {.state = state,
            .nominal = fires.last,
            .first_nominal = fires.first,
            .fires = fires.count,
            .due = fires.last,
            .reason = std::move(reason)};
}

/// Plans the due fires of one active job, oldest first; `done_` is the last one accounted for.
class ClaimPlanner {
  public:
    ClaimPlanner(const DueJob& due, const DueFires& fires, Micros now, Micros awake_since)
        : due_(due),
          def_(due.def),
          fires_(fires),
          now_(now),
          claimable_(std::max(awake_since, due.job.armed_at)),
          done_(due.job.cursor),
          runs_left_(due.job.runs_left) {}

    FirePlan plan() {
        if (def_.misfire == MisfirePolicy::skip) account(RunState::missed, late(), "misfire");
        runs_each(def_) ? plan_each() : plan_as_one();
        plan_.extend_open_skip = grows_open_skip();
        plan_.cursor = done_;
        plan_.runs_left = runs_left_;
        return std::move(plan_);
    }

  private:
    bool full() const { return due_.instances >= def_.max_instances; }

    /// A fire from `claimable_` on could be claimed in time; before, nobody was there to do it.
    Fires late() const { return fires_.between(done_, claimable_ - 1); }
    Fires beyond_grace() const {
        if (!def_.misfire_grace) return {};
        const Micros grace = std::min(*def_.misfire_grace, claimable_ - done_);  // no further than what is due
        return fires_.between(done_, claimable_ - grace - 1);
    }

    void account(RunState state, const Fires& fires, const std::string& reason = {}) {
        if (fires.count == 0) return;
        plan_.rows.push_back(row_of(state, fires, reason));
        done_ = fires.last;
        const bool is_run = state == RunState::ready || state == RunState::blocked;
        if (state == RunState::ready) delay(plan_.rows.back());
        if (is_run && runs_left_) --*runs_left_;
    }

    /// Never to the next fire, which it would be in the way of. A blocked run waits for its predecessor instead.
    void delay(PlannedRow& row) const {
        if (def_.jitter == 0) return;
        const auto next = trigger::next_after(def_.trigger, row.nominal);
        const Micros most = next ? std::min(def_.jitter, *next - row.nominal - 1) : def_.jitter;
        row.due += jitter_of(due_.job.key, row.nominal, most);
        if (row.due > now_) row.state = RunState::waiting;
    }

    void plan_as_one() {
        const Fires all = fires_.after(done_);
        if (all.count == 0) return;
        if (beyond_grace().count == all.count) return account(RunState::missed, all, "misfire");
        if (!full()) return account(RunState::ready, all);
        switch (def_.overlap) {
            case Overlap::skip: return account(RunState::skipped, all, "overlap");
            case Overlap::queue:
                return due_.queued < def_.max_queued ? account(RunState::blocked, all)
                                                     : account(RunState::skipped, all, "queue_full");
            case Overlap::replace: plan_.replace_live = true; return account(RunState::blocked, all);
        }
    }

    void plan_each() {
        account(RunState::missed, beyond_grace(), "misfire");
        const bool skips = full() && def_.overlap == Overlap::skip;
        // With fewer runs left than may be caught up on, the fires end with the last of them.
        const bool last_runs = !skips && runs_left_ && *runs_left_ <= kCatchUpCap;
        const Micros end = last_runs ? fires_.nth(done_, *runs_left_) : fires_.last();
        const std::int64_t owed = fires_.between(done_, end).count;
        if (owed > kCatchUpCap)
            account(RunState::missed, fires_.between(done_, fires_.nth(done_, owed - kCatchUpCap)), "cap");
        if (skips) return account(RunState::skipped, fires_.after(done_), "overlap");
        plan_serial(fires_.newest(done_, end, kCatchUpCap));
    }

    /// A run each, one after the other: the first when there is room, the rest when their predecessor has ended.
    void plan_serial(const std::vector<Micros>& nominals) {
        if (nominals.empty()) return;
        auto room = static_cast<std::int64_t>(nominals.size());
        if (full() && def_.overlap == Overlap::queue)
            room = std::clamp<std::int64_t>(def_.max_queued - due_.queued, 0, room);
        plan_.replace_live = full() && def_.overlap == Overlap::replace;
        for (std::int64_t i = 0; i < room; ++i) {
            const Micros at = nominals[static_cast<std::size_t>(i)];
            const bool first_free = i == 0 && !full();
            account(first_free ? RunState::ready : RunState::blocked, {.count = 1, .first = at, .last = at});
        }
        if (room < static_cast<std::int64_t>(nominals.size()))
            account(RunState::skipped, fires_.after(done_), "queue_full");
    }

    /// A job that is stuck for hours gets one growing row, not one for each fire.
    bool grows_open_skip() const {
        if (plan_.rows.empty() || plan_.rows.front().state != RunState::skipped || !due_.job.open_skip) return false;
        const Micros age = now_ - IdGenerator::time_of(raw(*due_.job.open_skip));
        // After the clock was set back the row seems to come from the future: then a row for each hour of the clock.
        if (age < 0) return plan_.rows.front().nominal / kOpenSkipLife == due_.job.cursor / kOpenSkipLife;
        return age < kOpenSkipLife;
    }

    const DueJob& due_;
    const Definition& def_;
    const DueFires& fires_;
    Micros now_, claimable_, done_;
    std::optional<std::int64_t> runs_left_;
    FirePlan plan_;
};

FirePlan no_rows(const JobState& job) {
    FirePlan plan;
    plan.cursor = job.cursor;
    plan.runs_left = job.runs_left;
    plan.status = job.status;
    return plan;
}

/// One row for all that is due.
FirePlan plan_skipped(const JobState& job, const DueFires& fires, const char* reason) {
    FirePlan plan = no_rows(job);
    const Fires all = fires.after(job.cursor);
    if (all.count == 0) return plan;
    plan.rows.push_back(row_of(RunState::skipped, all, reason));
    plan.cursor = all.last;
    return plan;
}

JobStatus status_after(JobStatus before, Occasion occasion) {
    if (occasion == Occasion::remove) return JobStatus::deleted;
    if (occasion == Occasion::resume && before == JobStatus::paused) return JobStatus::active;
    return before;
}

/// What comes after `plan`: the next fire, or the end.
void look_ahead(FirePlan& plan, const DueFires& fires) {
    if (plan.status != JobStatus::active) return;
    const auto next = fires.next(plan.cursor);
    if (next && plan.runs_left != 0) {
        plan.next_fire = next;
    } else {
        plan.status = JobStatus::finished;
    }
}

}  // namespace

FirePlan plan(const DueJob& due, Micros now, Micros awake_since, Occasion occasion) {
    const JobState& job = due.job;
    const bool paused = job.status == JobStatus::paused;
    const bool accounts = job.status == JobStatus::active || (paused && occasion != Occasion::claim);
    FirePlan plan = no_rows(job);
    const JobStatus after = status_after(job.status, occasion);
    plan.status = after;
    if (!accounts) return plan;

    const DueFires fires(due.def.trigger, job.cursor, job.next_fire, now);
    if (paused) {
        plan = plan_skipped(job, fires, "paused");
    } else if (occasion == Occasion::remove) {
        plan = plan_skipped(job, fires, "deleted");
    } else if (occasion == Occasion::reschedule) {
        plan = plan_skipped(job, fires, "edited");
    } else if (job.runs_left != 0) {
        plan = ClaimPlanner(due, fires, now, awake_since).plan();
    }
    plan.status = after;
    look_ahead(plan, fires);
    if (occasion == Occasion::reschedule) plan.status = job.status;  // its new times are to come
    return plan;
}

FirePlan broken_plan(const JobState& job, Micros now, const std::string& why) {
    const Micros nominal = job.next_fire.value_or(now);
    FirePlan plan = no_rows(job);
    plan.cursor = std::max(job.cursor, nominal);
    plan.status = JobStatus::broken;
    plan.rows.push_back(row_of(RunState::error, {.count = 1, .first = nominal, .last = nominal},
                               why.empty() ? "trigger" : "trigger: " + why));
    return plan;
}

}  // namespace foliot
