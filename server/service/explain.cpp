#include "service/explain.hpp"

#include "base/time_text.hpp"

#include <exception>

namespace foliot::service {
namespace {

/// A trigger that cannot be evaluated has no fires.
void look_around(const FireCase& fire, Explanation& around) {
    const Job& job = fire.record.job;
    try {
        const trigger::Trigger& trigger = job.definition.trigger;
        around.previous_fire = trigger::last_before(trigger, fire.time);
        around.next_fire = trigger::next_after(trigger, fire.time);
        around.is_fire = trigger::next_after(trigger, fire.time - 1) == fire.time;
    } catch (const std::exception&) {
        around = {};
    }
    if (job.state.next_fire == fire.time) around.is_fire = true;  // may have been set by hand
}

}  // namespace

std::string no_fire_text(const FireCase& fire, const Explanation& around) {
    std::string text = "The job does not fire at " + iso_time(fire.time);
    if (!around.previous_fire && !around.next_fire) return text + ": its trigger has no fires.";
    text += around.previous_fire ? ": it does before that, at " + iso_time(*around.previous_fire) + ","
                                 : std::string(": not at any time before that,");
    return text + (around.next_fire ? " and after it at " + iso_time(*around.next_fire) + "." : " and never after it.");
}

Explanation explain(const FireCase& fire) {
    Explanation answer;
    look_around(fire, answer);
    Explanation words = fire.row ? explain_row(fire, answer) : explain_absence(fire, answer);
    answer.outcome = words.outcome;
    answer.text = std::move(words.text);
    return answer;
}

}  // namespace foliot::service
