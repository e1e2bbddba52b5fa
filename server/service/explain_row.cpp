#include "base/time_text.hpp"
#include "engine/module_waits.hpp"
#include "service/attempt_words.hpp"
#include "service/explain.hpp"
#include "service/words.hpp"

#include <exception>

namespace foliot::service {
namespace {

using store::RunView;

constexpr std::size_t kMostAttemptsTold = 5;

/// Tells what a row says about the instant that it accounts for.
class RowStory {
  public:
    explicit RowStory(const FireCase& fire) : fire_(fire), row_(*fire.row) {}

    std::string tell() const {
        if (row_.state == RunState::missed) return was("missed") + missed() + by_hand();
        if (row_.state == RunState::skipped) return was("skipped") + skipped() + by_hand();
        if (row_.state == RunState::error && row_.reason.starts_with("trigger")) return broken_trigger() + by_hand();
        return together() + attempts();
    }

  private:
    std::string range() const { return "from " + iso_time(row_.first_nominal) + " to " + iso_time(row_.nominal); }

    /// "The fire at T was missed, with 3 others from A to B: "
    std::string was(const std::string& what) const {
        std::string text = "The fire at " + iso_time(fire_.time) + " was " + what;
        if (row_.fires > 1) text += ", with " + counted(row_.fires - 1, "other") + " " + range();
        return text + ": ";
    }
    std::string together() const {
        if (row_.fires <= 1) return "";
        return "The fire at " + iso_time(fire_.time) + " was run together with " + counted(row_.fires - 1, "other") +
               ", " + range() + ", as one run (misfire_policy is once). ";
    }

    std::string missed() const {
        if (row_.reason == "cap") return "so many late fires were due at once that only the newest 100 were run.";
        if (row_.reason == engine::kModuleUnavailable) return row_.error + until_when();
        const Micros booked = row_.created();
        const std::string late = "the scheduler came to it at " + iso_time(booked) + ", " +
                                 said_length(booked - row_.nominal) + " after " +
                                 (row_.fires > 1 ? "the newest of them" : "its time");
        const std::string before = whose_fault();
        if (row_.def && row_.def->misfire == MisfirePolicy::skip) {
            return late + ", and the job does not run late fires (misfire_policy is skip)." + before;
        }
        if (!row_.def || !row_.def->misfire_grace) return late + "." + before;
        return late + ", and misfire_grace_time allows " + said_length(*row_.def->misfire_grace) + "." + before;
    }

    std::string until_when() const { return row_.ended ? ", at " + iso_time(*row_.ended) + "." : "."; }

    std::string whose_fault() const {
        const Micros armed = fire_.record.job.state.armed_at;
        if (row_.nominal < armed && armed <= row_.created())
            return " The job was only given this time at " + iso_time(armed) + ".";
        return " Until then the server was down, or the scheduler or the job was not active.";
    }
    std::string skipped() const {
        const int most = row_.def ? row_.def->max_instances : 1;
        if (row_.reason == "overlap") {
            return "the job had " + counted(most, "run") + " that had not ended (max_instances is " +
                   std::to_string(most) + ", overlap is skip)." + culprit();
        }
        if (row_.reason == "queue_full") {
            return "as many runs of the job waited already as max_queued allows (" +
                   std::to_string(row_.def ? row_.def->max_queued : 0) + ")." + culprit();
        }
        if (row_.reason == "paused") return "the job was paused then.";
        if (row_.reason == "deleted") return "it was due and not yet begun when the job was deleted.";
        if (row_.reason == "edited") {
            return "it was due while nothing was started (the scheduler was paused or stopped, or the server held "
                   "back), and then the job's times were changed.";
        }
        if (row_.reason == "replaced") return "a newer run took its place while it waited (overlap is replace).";
        return "reason " + row_.reason + ".";
    }
    /// The run that was in the way, if it still is.
    std::string culprit() const {
        for (const RunView& run : fire_.live) {
            if (!run.started || *run.started > row_.nominal) continue;
            return " " + fire_.id_of(run.id) + ", running since " + iso_time(*run.started) + ", still has not ended.";
        }
        for (const RunView& run : fire_.live) {  // queued runs are instances too
            if (run.started || raw(run.id) >= raw(row_.id)) continue;
            return " " + attempt_text(fire_, run, fire_.id_of(run.id));
        }
        return "";
    }
    /// What did not run may have been run by hand since.
    std::string by_hand() const {
        const auto& all = fire_.attempts;
        if (all.size() < 2) return "";
        std::string text = " It was run by hand later.";
        for (std::size_t i = 1; i < all.size(); ++i) {
            if (is_told(i)) text += " " + attempt_text(fire_, all[i], ordinal(i));
        }
        return text + no_more_attempts_text(all.back());
    }

    std::string broken_trigger() const {
        const auto colon = row_.reason.find(": ");
        const std::string why = colon == std::string::npos ? "" : ": " + row_.reason.substr(colon + 2);
        return "The trigger could not be evaluated" + why + ". The job was broken from then on.";
    }

    std::string attempts() const {
        const auto& all = fire_.attempts;
        if (all.size() == 1) {
            const std::string subject = row_.fires > 1 ? "It" : "The run of " + iso_time(fire_.time);
            return attempt_text(fire_, row_, subject) + no_more_attempts_text(row_);
        }
        std::string text = "There are " + std::to_string(all.size()) + " attempts.";
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (is_told(i)) text += " " + attempt_text(fire_, all[i], ordinal(i));
        }
        return text + no_more_attempts_text(all.back());
    }
    /// Of many attempts the first and the last ones.
    bool is_told(std::size_t index) const {
        const std::size_t count = fire_.attempts.size();
        return count <= kMostAttemptsTold || index == 0 || index >= count - (kMostAttemptsTold - 1);
    }
    /// A snoozed or interrupted attempt comes again under its number.
    std::string ordinal(std::size_t index) const {
        const RunView& run = fire_.attempts[index];
        const bool again = index > 0 && fire_.attempts[index - 1].attempt == run.attempt;
        return "Attempt " + std::to_string(run.attempt) + (again ? " (again)" : "");
    }

    const FireCase& fire_;
    const RunView& row_;
};

/// By the trigger as it was; the ends of the row are fires for certain.
bool fired_at(const RunView& row, Micros time) {
    if (time == row.nominal || time == row.first_nominal) return true;
    try {
        return row.def && trigger::next_after(row.def->trigger, time - 1) == time;
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace

Explanation explain_row(const FireCase& fire, const Explanation& around) {
    const RunView& row = *fire.row;
    Explanation words;
    if (fired_at(row, fire.time)) {
        words.outcome = outcome_of(fire.attempts.back().state);
        words.text = RowStory(fire).tell();
        return words;
    }
    words.outcome = "no_fire";
    words.text = no_fire_text(fire, around) + " It lies among the " + counted(row.fires, "fire") + " from " +
                 iso_time(row.first_nominal) + " to " + iso_time(row.nominal) + " that execution " +
                 fire.id_of(row.id) + " accounts for (" + std::string(outcome_of(fire.attempts.back().state)) + ").";
    return words;
}

}  // namespace foliot::service
