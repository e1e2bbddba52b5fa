#include "engine/reanchor.hpp"

#include "base/log.hpp"
#include "base/time_text.hpp"
#include "engine/system_audit.hpp"

namespace foliot::engine {
namespace {

constexpr std::size_t kUnit = 500;
constexpr Micros kLeftAhead = 3'600 * kSecond;  // by small steps back, at most; they are 5 minutes each

bool has_fired(const Job& job) {
    const auto* date = trigger::rule_as<trigger::Date>(job.definition.trigger);
    return date != nullptr && date->at <= job.state.cursor;
}

store::AuditEntry audit_of(const Job& job, Micros now) {
    auto entry = by_system("reanchored", job);
    entry.before = "accounts for fires up to " + iso_time(job.state.cursor);
    entry.after = "the clock was set back: fires count from " + iso_time(now);
    return entry;
}

/// The job waits for a run that was set to after `until`, the clock before the step; else accounts beyond that were
/// left there by smaller steps back. A paused job knows no next run: it is moved if in doubt, or it might be silent.
bool set_by_hand(const JobState& job, Micros until) {
    const Micros for_certain = job.next_fire ? until : until + kLeftAhead;
    return job.cursor > for_certain && waits_for_hand_set_run(job);
}

/// True when the job had to be moved.
bool reanchor_job(store::Tx& tx, const std::string& id, Micros until) {
    const auto job = tx.job(id);
    const Micros now = tx.now();
    if (!job || job->state.cursor <= now) return false;
    if (set_by_hand(job->state, until)) return false;
    if (job->state.status == JobStatus::broken || has_fired(*job)) return false;
    Definition definition = job->definition;
    definition.trigger = rebased(definition.trigger, job->state.cursor, now);
    const Arming arming = arm(definition.trigger, now);
    if (definition == job->definition) {
        tx.set_next_fire(job->state.key, arming);
    } else {
        tx.put_job({.id = id, .def = definition, .arming = arming, .paused = false, .by = 0},
                   store::ExpectedRev::exact(job->state.rev));
    }
    tx.audit(audit_of(*job, now));
    return true;
}

}  // namespace

trigger::Trigger rebased(const trigger::Trigger& trigger, Micros cursor, Micros now) {
    const auto* interval = std::get_if<trigger::Interval>(&trigger);
    if (interval == nullptr || interval->start <= now) return trigger;
    const bool began = interval->start <= cursor + interval->every + 1;
    if (!began) return trigger;
    trigger::Interval moved = *interval;
    moved.start -= (interval->start - now - 1) / interval->every * interval->every;
    return moved;
}

void reanchor(store::Store& store, Micros back, const std::optional<store::AuditEntry>& note) {
    const Micros now = store.now();
    const Micros until = now + back;
    std::size_t moved = 0;
    store::JobFilter filter{.limit = kUnit, .after = 0, .cursor_after = now};
    for (std::optional<std::int64_t> next = 0; next;) {
        filter.after = *next;
        const auto page = store.read()->jobs(filter);
        next = page.next;
        if (page.items.empty()) continue;
        std::size_t in_unit = 0;
        store.write(store::Store::Class::bulk, [&](store::Tx& tx) {
            in_unit = 0;
            for (const Job& job : page.items) in_unit += reanchor_job(tx, job.state.id, until) ? 1 : 0;
        });
        moved += in_unit;
    }
    store.write(store::Store::Class::bulk, [&](store::Tx& tx) {
        tx.settle_step_back(back);
        if (note) tx.audit(*note);
    });
    log::warning("clock-set-back", "the clock was set back by " + std::to_string(back / kSecond) + " s; the fires of " +
                                       std::to_string(moved) + " jobs count from now on anew");
}

}  // namespace foliot::engine
