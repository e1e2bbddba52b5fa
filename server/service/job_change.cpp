#include "service/job_change.hpp"

#include "base/error.hpp"
#include "service/job_unit.hpp"
#include "service/words.hpp"

namespace foliot::service {
namespace {

/// A cursor beyond now is that of a next run set by hand, or of a clock that was set back so little that it is waited
/// for.
bool accounts_for_fires(const JobState& job, Micros now) { return job.cursor <= now || !waits_for_hand_set_run(job); }

/// Like arm(), but what history accounts for already, of the trigger before, is not accounted for again.
Arming arm_after(const trigger::Trigger& trigger, Micros now, const JobState* before) {
    Arming arming = arm(trigger, now);
    const bool repeats = !std::holds_alternative<trigger::Date>(trigger);
    if (repeats && before != nullptr && before->cursor > arming.cursor && accounts_for_fires(*before, now)) {
        arming.anchor = arming.cursor = before->cursor;
        arming.next_fire = trigger::next_after(trigger, before->cursor);
    }
    return arming;
}

/// A shared schedule is looked up; who goes by it already goes on as before.
trigger::Trigger looked_up(store::Tx& tx, trigger::Trigger wished, const trigger::Trigger* present) {
    const auto* shared = std::get_if<trigger::Shared>(&wished);
    if (shared == nullptr || shared->rev != 0) return wished;
    const auto* used = present != nullptr ? std::get_if<trigger::Shared>(present) : nullptr;
    if (used != nullptr && used->schedule == shared->schedule) return *used;
    const auto schedule = tx.schedules().schedule(shared->schedule);
    if (!schedule) throw invalid_field("schedule", "there is no schedule " + std::to_string(shared->schedule));
    return used_from(*schedule, tx.now());
}

/// When the job begins to use a schedule's instant that has passed: that instant. It has nothing to fire then, and the
/// next turn ends it. Those that the schedule has moved there wait for it to move again.
std::optional<Micros> passed(const trigger::Trigger& wished, const trigger::Trigger* present, Micros now) {
    const auto* shared = std::get_if<trigger::Shared>(&wished);
    const auto* date = shared != nullptr ? std::get_if<trigger::Date>(&shared->rule) : nullptr;
    if (date == nullptr || date->at > now) return std::nullopt;
    const auto* used = present != nullptr ? std::get_if<trigger::Shared>(present) : nullptr;
    if (used != nullptr && used->schedule == shared->schedule) return std::nullopt;
    return date->at;
}

/// The trigger that the edit asks for; `present`: the definition as it is.
trigger::Trigger wished_trigger(store::Tx& tx, const JobEdit& edit, const Definition& present, bool from_scratch) {
    const trigger::Trigger* old = from_scratch ? nullptr : &present.trigger;
    if (edit.trigger) return looked_up(tx, edit.trigger(old, tx.now()), old);
    return from_scratch ? trigger::Trigger(trigger::Date{tx.now()}) : present.trigger;
}

/// A job that has nothing left to run would neither fire nor end.
void check_runs(const Job& before, const Definition& wished) {
    const auto &most = wished.max_runs, &had = before.definition.max_runs;
    const std::int64_t spent = had ? *had - before.state.runs_left.value_or(0) : 0;
    if (most && most != had && *most <= spent)
        throw invalid_field("max_runs", "must be more than the " + counted(spent, "run") + " that " +
                                            (spent == 1 ? "was" : "were") + " made");
}

void put(store::Tx& tx, const Caller& caller, const Job& before, Definition definition,
         const std::optional<Arming>& arming) {
    tx.put_job({before.state.id, std::move(definition), arming, false, caller.who.account},
               store::ExpectedRev::exact(before.state.rev));
}

/// By its new times, if it got some.
void wake_up(store::Tx& tx, const std::string& id, const std::optional<Arming>& arming) {
    const Job job = find_job(tx, id);
    if (job.state.status != JobStatus::paused) return;
    arming ? tx.resume(job.state.key, *arming) : go_on(tx, job);
}

/// Brings the job's status to what the edit says of it or of its next run; an edit that speaks of neither leaves it.
void pause_or_resume(store::Tx& tx, const Job& job, const JobEdit& edit, const std::optional<Arming>& arming) {
    if (edit.paused) return *edit.paused ? tx.pause(job.state.key) : wake_up(tx, job.state.id, arming);
    if (!edit.next_run) return;
    if (!edit.next_run->at) {
        tx.pause(job.state.key);
    } else if (job.state.status == JobStatus::paused) {
        tx.resume(job.state.key, arming.value());
    }
}

}  // namespace

std::optional<Arming> rearm(store::Tx& tx, const JobEdit& edit, Definition& definition, bool from_scratch,
                            const Job* present) {
    const Micros now = tx.now();
    std::optional<Arming> arming;
    if (edit.trigger || from_scratch) {
        trigger::Trigger wished = wished_trigger(tx, edit, definition, from_scratch);
        const bool anew = from_scratch || edit.reschedule || wished != definition.trigger ||
                          present->state.status == JobStatus::broken;
        const auto over = passed(wished, from_scratch ? nullptr : &definition.trigger, now);
        definition.trigger = std::move(wished);
        if (anew) arming = arm_after(definition.trigger, now, present != nullptr ? &present->state : nullptr);
        if (anew && over) arming->next_fire = over;
    }
    if (edit.next_run && edit.next_run->at) arming = arm_by_hand(definition.trigger, *edit.next_run, now);
    return arming;
}

bool held_back(store::Tx& tx, const Job& job) {
    const auto& next = job.state.next_fire;
    return job.state.status == JobStatus::active && next && *next <= tx.now() && tx.claims_held();
}

bool stays_owed(store::Tx& tx, const Job& job, const JobEdit& edit, bool from_scratch) {
    const bool by_hand = edit.next_run && edit.next_run->at;
    return !by_hand && held_back(tx, job) &&
           wished_trigger(tx, edit, job.definition, from_scratch) == job.definition.trigger;
}

Job ended(JobKey key, const std::string& id, const Definition& definition) {
    Job job{{}, definition};
    job.state.key = key;
    job.state.id = id;
    job.state.status = JobStatus::finished;
    return job;
}

void go_on(store::Tx& tx, const Job& paused) {
    const JobState& slept = paused.state;
    const auto next = trigger::next_after(paused.definition.trigger, slept.cursor);
    const bool by_hand = std::holds_alternative<trigger::None>(paused.definition.trigger);
    if ((next || by_hand) && slept.runs_left != 0) {
        tx.resume(slept.key, {slept.anchor, tx.now(), slept.cursor, next});
    } else {
        settle(tx, paused, Occasion::resume);
    }
}

void settle_before_edit(store::Tx& tx, const Job& job) {
    if (!job.state.next_fire && job.state.status != JobStatus::paused) return;
    settle(tx, job, held_back(tx, job) ? Occasion::reschedule : Occasion::edit);
}

std::optional<Job> change_job(store::Tx& tx, const Caller& caller, const Job& job, const JobEdit& edit,
                              const std::function<void(Definition&)>& check) {
    const bool stays = stays_owed(tx, job, edit, false);
    if (!stays) settle_before_edit(tx, job);
    const Job before = find_job(tx, job.state.id);
    Definition definition = before.definition;
    apply(edit, definition);
    check(definition);
    check_runs(before, definition);
    const auto arming = stays ? std::nullopt : rearm(tx, edit, definition, false, &before);
    put(tx, caller, before, definition, arming);
    pause_or_resume(tx, before, edit, arming);
    auto answer = tx.job(job.state.id);
    const Job after = answer ? *answer : ended(before.state.key, before.state.id, definition);
    audit(tx, caller, after, {"modified", "", difference(before, after)});
    announce(tx, before.state.key);
    return answer;
}

}  // namespace foliot::service
