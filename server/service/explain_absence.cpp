#include "base/ids.hpp"
#include "base/time_text.hpp"
#include "service/explain.hpp"
#include "service/words.hpp"

#include <algorithm>

namespace foliot::service {
namespace {

using store::EngineState;

/// Says why no row accounts for an instant.
class Absence {
  public:
    Absence(const FireCase& fire, const Explanation& around)
        : fire_(fire), around_(around), job_(fire.record.job.state), at_(iso_time(fire.time)) {}

    Explanation tell() const {
        if (fire_.time > job_.cursor && job_.status == JobStatus::deleted) return deleted();
        if (fire_.time > job_.cursor && job_.status == JobStatus::finished) return finished();
        if (set_by_hand_beyond()) return next_set_by_hand(*job_.next_fire);
        if (fire_.time > job_.cursor) return ahead_of_cursor();
        return fire_.time > job_.anchor ? behind_cursor() : before_accounting();
    }

  private:
    static Explanation say(std::string_view outcome, std::string text) {
        return {outcome, std::move(text), false, {}, {}};
    }
    Explanation no_fire() const { return say("no_fire", no_fire_text(fire_, around_)); }
    std::string gone() const { return fire_.record.gone_at ? " at " + iso_time(*fire_.record.gone_at) : ""; }

    Explanation deleted() const {
        return say("not_active", "The job was deleted" + gone() + "; it does not fire any more.");
    }
    Explanation finished() const {
        const std::string why = job_.runs_left == 0 ? "max_runs was reached" : "its trigger had no fire left";
        return say("finished", "The job ended" + gone() + ": " + why + ".");
    }
    Explanation next_set_by_hand(Micros next) const {
        return say("not_active", "The job's next run was set by hand to " + iso_time(next) +
                                     "; it does not fire between that edit and then.");
    }
    /// The accounting then begins at the next run, whatever the trigger has before it.
    bool set_by_hand_beyond() const {
        return job_.next_fire && fire_.time < *job_.next_fire && fire_.time >= job_.armed_at &&
               job_.anchor == *job_.next_fire - 1 && job_.cursor == job_.anchor;
    }

    Explanation ahead_of_cursor() const {
        if (job_.status == JobStatus::broken) return broken();
        if (!around_.is_fire) return no_fire();
        return fire_.time > fire_.now ? future() : due();
    }
    Explanation broken() const {
        return say("broken", "The job is broken and does not fire until it is edited or resumed" +
                                 (fire_.broken_why.empty() ? "." : ": " + fire_.broken_why + "."));
    }

    Explanation due() const {
        if (job_.status == JobStatus::paused) {
            return say("paused", "The job " + paused_since() +
                                     ". When it is resumed, changed or deleted, the fire at " + at_ +
                                     " is recorded as skipped.");
        }
        const std::string due = "The fire at " + at_ + " is due, " + said_length(fire_.now - fire_.time) + " by now, ";
        const bool running = fire_.engine == EngineState::running;
        if (running && fire_.held.empty()) return say("pending", due + "and about to be claimed.");
        return say("pending", due + "but " +
                                  (running ? "this server starts nothing now: " + fire_.held : scheduler_state()) +
                                  ". Once it goes on, the fire is late and the job's misfire rules decide.");
    }
    Explanation future() const {
        if (job_.status == JobStatus::paused) {
            return say("paused", "The job " + paused_since() + ". The fire at " + at_ +
                                     " is skipped unless it is resumed before.");
        }
        if (runs_out_before()) {
            return say("finished", "The job ends after " + counted(*job_.runs_left, "more run") +
                                       " (max_runs), and that is before " + at_ + ".");
        }
        std::string text = "The job will fire at " + at_ + ", in " + said_length(fire_.time - fire_.now) + ".";
        if (fire_.engine != EngineState::running) text += " For now " + scheduler_state() + ".";
        return say("future", text);
    }
    bool runs_out_before() const {
        if (!job_.runs_left) return false;
        const auto& trigger = fire_.record.job.definition.trigger;
        constexpr std::int64_t kFar = 100'000;  // fires of several triggers are walked
        if (*job_.runs_left >= kFar && trigger::rule_as<trigger::Any>(trigger) != nullptr) return false;
        const auto beyond = trigger::nth_after(trigger, job_.cursor, *job_.runs_left + 1);
        return beyond && *beyond <= fire_.time;
    }
    std::string paused_since() const {
        return job_.paused_at ? "has been paused since " + iso_time(*job_.paused_at) : std::string("is paused");
    }
    std::string scheduler_state() const {
        return fire_.engine == EngineState::paused ? "the scheduler is paused, for all jobs"
                                                   : "the scheduler is shut down, for all jobs";
    }

    Explanation behind_cursor() const {
        if (!around_.is_fire) return no_fire();
        if (fire_.record.fires_pruned > 0) {
            return say("pruned", "The fire at " + at_ + " was accounted for, but its row is no longer kept: " +
                                     counted(fire_.record.fires_pruned, "fire") +
                                     " of this job are older than the history.");
        }
        return say("not_active",
                   "The job's present trigger fires at " + at_ +
                       ", but the job did not owe that fire: its next run was set by hand, or its trigger "
                       "was another one then.");
    }
    Explanation before_accounting() const {
        const Micros made = IdGenerator::time_of(raw(job_.key));
        if (fire_.time < made) {
            return say("not_active", "The job was made at " + iso_time(made) + ", after " + at_ + ".");
        }
        if (fire_.time >= job_.armed_at) {  // or its anchor would lie before that
            return say("not_active", "The job's next run was set by hand to " + iso_time(job_.anchor + 1) +
                                         "; it did not fire between that edit, at " + iso_time(job_.armed_at) +
                                         ", and then.");
        }
        std::string text = "No row accounts for " + at_ + ": the job's fires count from " + iso_time(job_.armed_at) +
                           " on, when it was made, resumed or given its trigger.";
        if (fire_.record.fires_pruned > 0) {
            text += " Rows of " + counted(fire_.record.fires_pruned, "older fire") + " are no longer kept.";
        }
        return say("not_active", text);
    }

    const FireCase& fire_;
    const Explanation& around_;
    const JobState& job_;
    std::string at_;
};

}  // namespace

Explanation explain_absence(const FireCase& fire, const Explanation& around) { return Absence(fire, around).tell(); }

}  // namespace foliot::service
