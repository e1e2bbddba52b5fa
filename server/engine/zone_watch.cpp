#include "engine/zone_watch.hpp"

#include "base/log.hpp"
#include "base/time_text.hpp"

#include <stdexcept>
#include <utility>

namespace foliot::engine {
namespace {

constexpr Micros kPause = 60 * kSecond;
constexpr std::size_t kUnit = 500;
constexpr std::string_view kSetting = "tzdata";

std::string shown(const std::optional<Micros>& at) { return at ? iso_time(*at) : "never"; }

store::AuditEntry audit_of(const Job& job, const std::optional<Micros>& next) {
    store::AuditEntry entry;
    entry.actor = entry.via = "system";
    entry.event = "rescheduled";
    entry.kind = "job";
    entry.ref = job.state.id;
    entry.job = job.state.key;
    entry.name = job.definition.name;
    entry.before = "next run " + shown(job.state.next_fire);
    entry.after = "next run " + shown(next) + " by time zone data " + trigger::tz_version();
    return entry;
}

/// True when the job fires at another time now. What its history accounts for stays as it is.
bool recompute(store::Tx& tx, const std::string& id) {
    const auto job = tx.job(id);
    if (!job || job->state.status != JobStatus::active || waits_for_hand_set_run(job->state)) return false;
    const JobState& state = job->state;
    const auto next = trigger::next_after(job->definition.trigger, state.cursor);
    if (next == state.next_fire) return false;
    tx.set_next_fire(state.key, {state.anchor, state.armed_at, state.cursor, next});
    tx.audit(audit_of(*job, next));
    return true;
}

}  // namespace

bool ZoneWatch::step() {
    const Micros now = clock_.now();
    const bool waiting = now < next_ && now >= next_ - kPause;  // a clock that was set back does not make it wait
    if (!after_ && waiting) return false;
    try {
        if (after_) return recompute_some();
        next_ = now + kPause;
        return look();
    } catch (const store::StoreUnavailable&) {  // the turns say so
    } catch (const store::CommitUnknown& error) {
        log::warning(
            std::string("jobs were given the times of new time zone data, or not; they are looked at again: ") +
            error.what());
    } catch (const trigger::NoZones& error) {
        log::warning(std::string("the new time zone data is not taken yet: ") + error.what());
    }
    return false;
}

/// True when the stored times are to be made anew. A package is unpacked file by file: what is the same at two looks is
/// whole.
bool ZoneWatch::look() {
    const auto installed = trigger::installed_tz_version();
    if (installed && *installed != trigger::tz_version()) {
        if (std::exchange(noticed_, installed) != installed) return false;
        trigger::refresh_zones();
        log::info("new time zone data, " + trigger::tz_version() + ": jobs in time zones get its times");
    }
    noticed_.reset();
    if (store_.read()->setting(kSetting) == trigger::tz_version()) return false;
    after_ = 0;
    moved_ = 0;
    return true;
}

bool ZoneWatch::recompute_some() {
    const auto page = store_.read()->jobs({.limit = kUnit, .after = *after_});
    std::size_t moved = 0;
    store_.write(store::Store::Class::bulk, [&](store::Tx& tx) {
        moved = 0;
        for (const Job& job : page.items) {
            if (trigger::zoned(job.definition.trigger)) moved += recompute(tx, job.state.id) ? 1 : 0;
        }
    });
    moved_ += moved;
    after_ = page.next;
    if (!after_) finish();
    return true;
}

void ZoneWatch::finish() {
    const std::string version = trigger::tz_version();
    store_.write(store::Store::Class::bulk, [&](store::Tx& tx) { tx.settings().set(kSetting, version); });
    if (moved_ > 0)
        log::info("time zone data " + version + " moved the next runs of " + std::to_string(moved_) + " jobs");
}

}  // namespace foliot::engine
