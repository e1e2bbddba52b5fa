#include "service/schedules.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "service/account_unit.hpp"
#include "service/job_edit.hpp"
#include "service/once.hpp"
#include "service/schedule_moves.hpp"
#include "service/unit.hpp"
#include "trigger/describe.hpp"

namespace foliot::service {
namespace {

constexpr std::size_t kAtOnce = 1'000;  ///< jobs that move in the unit of the change itself
constexpr std::size_t kUnit = 500;      ///< in each one after it

Schedule must_find(store::ScheduleReader& schedules, std::int64_t id) {
    auto schedule = schedules.schedule(id);
    if (!schedule) throw not_found("Schedule", id);
    return *std::move(schedule);
}

/// A name may be shared, and need not be there.
void check_schedule_name(const std::optional<std::string>& name) {
    if (name && name->size() > kMaxName)
        throw invalid_field("name", "must not be longer than " + std::to_string(kMaxName) + " bytes");
}

void apply(const ScheduleEdit& edit, Micros now, Schedule& schedule) {
    if (edit.name) schedule.name = *edit.name;
    if (edit.once) schedule.once = *edit.once;
    if (edit.rule) schedule.rule = edit.rule(schedule.id != 0 ? &schedule.rule : nullptr, now);
}

std::string when(const Schedule& schedule) { return trigger::describe(trigger::own(schedule.rule)); }

std::string shown(const Schedule& schedule) {
    json::Writer writer;
    writer.begin_object()
        .field("name", schedule.name)
        .field("once", schedule.fires_once())
        .field("when", when(schedule));
    return writer.end_object().take();
}

std::string difference(const Schedule& before, const Schedule& after) {
    Difference difference;
    difference.field("name", shown_text(before.name), shown_text(after.name));
    difference.field("once", before.fires_once() ? "true" : "false", after.fires_once() ? "true" : "false");
    const bool told = when(before) != when(after) || before.rule == after.rule;
    const auto shown_rule = [&](const Schedule& one) {
        return told ? when(one) : trigger::to_json(trigger::own(one.rule));  // other rules in the same words
    };
    difference.field("when", shown_rule(before), shown_rule(after));
    return difference.text();
}

void audit(store::Tx& tx, const Caller& caller, const Schedule& schedule, std::string event, std::string before,
           std::string after) {
    audit(tx, caller,
          {"schedule", schedule.id, schedule.name.value_or(""), std::move(event), std::move(before), std::move(after)});
}

/// Who may not edit a job may not move it either.
void require_users(store::Tx& tx, const Caller& caller, std::int64_t schedule, const PrivilegedModules& privileged) {
    store::UsersOf of{.schedule = schedule};
    for (std::optional<std::int64_t> next = 0; next;) {
        of.after = *next;
        const auto page = tx.schedules().users(of);
        for (const auto& user : page.items)
            privileged.require(caller, user.func.substr(0, user.func.find(':')),
                               "change the schedule of '" + user.id + "'");
        next = page.next;
    }
}

}  // namespace

void Schedules::require_reader(const Caller& caller) const {
    const bool guest = caller.who.account == 0;
    if (!guest || !for_guests_) require(caller, Power::read, "read schedules");
}

SchedulePage Schedules::list(const Caller& caller, std::size_t limit, std::int64_t offset) {
    require_reader(caller);
    SchedulePage page;
    read(store_, [&](store::Snapshot& seen) {
        page = {seen.schedules().schedules(limit, offset), seen.schedules().schedule_count()};
    });
    return page;
}

Schedule Schedules::get(const Caller& caller, std::int64_t id) {
    require_reader(caller);
    Schedule schedule;
    read(store_, [&](store::Snapshot& seen) { schedule = must_find(seen.schedules(), id); });
    return schedule;
}

std::vector<std::string> Schedules::users(const Caller& caller, std::int64_t id) {
    require(caller, Power::read, "read schedules");
    std::vector<std::string> ids;
    read(store_, [&](store::Snapshot& seen) {
        for (auto& user : seen.schedules().users({.schedule = id}).items) ids.push_back(std::move(user.id));
    });
    return ids;
}

std::int64_t Schedules::add(const Caller& caller, const ScheduleEdit& wish) {
    require(caller, Power::write, "add schedules");
    if (!wish.rule) throw RequestError(Problem::invalid, "missing required field 'config'", "config");
    check_schedule_name(wish.name.value_or(std::nullopt));
    std::string id;
    write(store_, [&](store::Tx& tx) {
        id = once(tx, caller, vault_, [&] {
            Schedule fresh;
            apply(wish, tx.now(), fresh);
            const Schedule made = tx.schedules().put(fresh);
            audit(tx, caller, made, "added", "", shown(made));
            return std::to_string(made.id);
        });
    });
    return std::stoll(id);
}

Schedule Schedules::edit(const Caller& caller, std::int64_t id, const ScheduleEdit& wish) {
    require(caller, Power::write, "change schedules");
    check_schedule_name(wish.name.value_or(std::nullopt));
    Schedule after;
    bool more = false;
    write(store_, [&](store::Tx& tx) {
        const Schedule before = must_find(tx.schedules(), id);
        Schedule wished = before;
        apply(wish, tx.now(), wished);
        after = tx.schedules().put(wished);
        if (after.rev != before.rev) require_users(tx, caller, id, privileged_);
        const std::string text = difference(before, after);
        if (!text.empty()) audit(tx, caller, after, "modified", "", text);
        more = move_users(tx, caller, after, 0, kAtOnce).has_value();
    });
    if (more) move_rest(caller, id);
    return after;
}

/// The schedule and the first jobs have changed, whatever happens now.
void Schedules::move_rest(const Caller& caller, std::int64_t id) {
    try {
        move_all(caller, id);
    } catch (const RequestError& e) {
        throw RequestError(e.problem(),
                           "the schedule was changed, but some of its jobs go by the old one still: send " +
                               std::string("the change again, or start the server anew: ") + e.what());
    }
}

/// In small units, so that fires go on in between. Each goes by the schedule as it is then.
void Schedules::move_all(const Caller& caller, std::int64_t id) {
    for (std::optional<std::int64_t> after = 0; after;) {
        std::optional<std::int64_t> next;
        write(store_, [&](store::Tx& tx) {
            next.reset();
            const auto schedule = tx.schedules().schedule(id);
            if (schedule) next = move_users(tx, caller, *schedule, *after, kUnit);
        });
        after = next;
    }
}

void Schedules::remove(const Caller& caller, std::int64_t id, bool detach) {
    require(caller, Power::write, "delete schedules");
    for (std::optional<std::int64_t> after = 0; after;) {
        std::optional<std::int64_t> next;
        write(store_, [&](store::Tx& tx) {
            const Schedule schedule = must_find(tx.schedules(), id);
            if (detach) require_users(tx, caller, id, privileged_);
            next = detach ? detach_users(tx, caller, id, *after, kUnit) : std::nullopt;
            if (next) return;
            tx.schedules().remove_schedule(id);
            audit(tx, caller, schedule, "deleted", shown(schedule), "");
        });
        after = next;
    }
}

trigger::Trigger Schedules::looked_up(const Caller& caller, trigger::Trigger trigger) {
    const auto* shared = std::get_if<trigger::Shared>(&trigger);
    if (shared == nullptr || shared->rev != 0) return trigger;
    try {
        return used_from(get(caller, shared->schedule), store_.now());
    } catch (const RequestError& e) {
        if (e.problem() != Problem::not_found) throw;
        throw invalid_field("schedule", "there is no schedule " + std::to_string(shared->schedule));
    }
}

void Schedules::finish_moves() {
    const Principal system{0, "system", Role::admin, Scope::admin};
    std::optional<Schedule> schedule;
    for (std::int64_t last = 0;; last = schedule->id) {
        read(store_, [&](store::Snapshot& seen) { schedule = seen.schedules().half_moved(last); });
        if (!schedule) return;
        log::info("schedule-move-resumed", "going on to move the jobs of schedule " + std::to_string(schedule->id));
        try {
            move_all({system, "system"}, schedule->id);
        } catch (const std::exception& e) {
            log::error("schedule-move-stuck", "some jobs go by an older revision of schedule " +
                                                  std::to_string(schedule->id) +
                                                  " still; change the schedule or these jobs: " + e.what());
        }
    }
}

}  // namespace foliot::service
