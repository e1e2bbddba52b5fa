#include "engine/zone_watch.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/time_text.hpp"
#include "engine/system_audit.hpp"

#include <utility>
#include <vector>

namespace foliot::engine {
namespace {

constexpr Micros kPause = 60 * kSecond;
constexpr std::size_t kUnit = 500;

std::string shown(const std::optional<Micros>& at) { return at ? iso_time(*at) : "never"; }

store::AuditEntry audit_of(const Job& job, const std::optional<Micros>& next) {
    auto entry = by_system("rescheduled", job);
    entry.before = "next run " + shown(job.state.next_fire);
    entry.after = "next run " + shown(next) + " by time zone data " + trigger::tz_version();
    return entry;
}

/// The first fire by the zones as they are. When a zone's clocks were put back, a fixed time that has fired comes again
/// a little after that: the same fire, which is not due twice.
std::optional<Micros> next_by_zones(const Job& job) {
    constexpr Micros kFurthest = Micros{86'400} * kSecond;  // that a clock was ever put
    const trigger::Trigger& trigger = job.definition.trigger;
    const JobState& state = job.state;
    const auto next = trigger::next_after(trigger, state.cursor);
    const auto* cron = trigger::rule_as<trigger::Cron>(trigger);
    const bool has_fired = state.cursor != state.anchor;
    if (!next || !state.next_fire || !has_fired || cron == nullptr || !cron->fixed_times) return next;
    const bool is_fire_still = trigger::next_after(trigger, state.cursor - 1) == state.cursor;
    const Micros shift = *next - state.cursor;
    const bool again = !is_fire_still && shift <= kFurthest && shift <= (*state.next_fire - state.cursor) / 2;
    return again ? trigger::next_after(trigger, *next) : next;
}

/// The job's next fire by the zones as they are, when it is another one. What its history accounts for stays as it is.
struct Next {
    std::optional<Micros> at;
};
std::optional<Next> moved(const Job& job) {
    const JobState& state = job.state;
    if (state.status != JobStatus::active || waits_for_hand_set_run(state) || !trigger::zoned(job.definition.trigger))
        return std::nullopt;
    try {
        const auto next = next_by_zones(job);
        return next == state.next_fire ? std::nullopt : std::optional(Next{next});
    } catch (const RequestError& error) {
        log::warning("job-will-break", "job '" + state.id + "' breaks when it is due next: " + error.what() +
                                           "; give it another time zone, or install what is missing");
        return std::nullopt;
    }
}

bool recompute(store::Tx& tx, const std::string& id) {
    const auto job = tx.job(id);
    const auto next = job ? moved(*job) : std::nullopt;
    if (!next) return false;
    const JobState& state = job->state;
    tx.set_next_fire(state.key, {state.anchor, state.armed_at, state.cursor, next->at});
    tx.audit(audit_of(*job, next->at));
    return true;
}

}  // namespace

bool ZoneWatch::step() {
    const Micros now = clock_.now();
    const bool waiting = now < next_ && now >= next_ - kPause;  // a clock that was set back does not make it wait
    if (waiting) return false;
    next_ = now + kPause;  // also after a failure
    try {
        const bool more = after_ ? recompute_some() : look();
        if (more) next_ = now;
        return more;
    } catch (const store::StoreUnavailable&) {  // the turns say so
    } catch (const store::CommitUnknown& error) {
        log::warning(
            "zone-data-unsure",
            std::string("jobs were given the times of new time zone data, or not; they are looked at again: ") +
                error.what());
    } catch (const trigger::NoZones& error) {
        log::warning("zone-data-not-taken", std::string("the new time zone data is not taken yet: ") + error.what());
    }
    return false;
}

/// True when the stored times are to be made anew. A package is unpacked file by file: what is the same at two looks is
/// whole.
bool ZoneWatch::look() {
    const auto change = trigger::tz_change();
    const auto before = std::exchange(noticed_, change);
    if (!change || before != change) return false;
    for (const std::string& zone : trigger::refresh_zones())
        log::warning("zone-gone", "the tz database has no zone " + zone +
                                      " any more, or its file is damaged: its jobs go on by its old " +
                                      "rules until the server is started again");
    log::info("zone-data-new", "new time zone data, " + trigger::tz_version() + ": jobs in time zones get its times");
    noticed_.reset();
    after_ = 0;
    moved_ = 0;
    return true;
}

bool ZoneWatch::recompute_some() {
    const auto page = store_.read()->jobs({.limit = kUnit, .after = *after_});
    std::vector<std::string> ids;
    for (const Job& job : page.items) {
        if (moved(job)) ids.push_back(job.state.id);
    }
    std::size_t done = 0;
    if (!ids.empty()) {
        store_.write(store::Store::Class::bulk, [&](store::Tx& tx) {
            done = 0;
            for (const std::string& id : ids) done += recompute(tx, id) ? 1 : 0;
        });
    }
    moved_ += done;
    after_ = page.next;
    if (!after_ && moved_ > 0)
        log::info("zone-data-moved-jobs", "jobs whose next run was moved by time zone data " + trigger::tz_version() +
                                              ": " + std::to_string(moved_));
    return after_.has_value();
}

}  // namespace foliot::engine
