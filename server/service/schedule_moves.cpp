#include "service/schedule_moves.hpp"

#include "service/job_change.hpp"
#include "service/job_unit.hpp"

namespace foliot::service {
namespace {

/// Nothing when its definition cannot be read: it stays as it is, and breaks alone.
std::optional<Job> find_user(store::Tx& tx, const std::string& id, std::int64_t schedule) {
    auto job = tx.job(id);
    const auto* shared = job ? std::get_if<trigger::Shared>(&job->definition.trigger) : nullptr;
    if (shared == nullptr || shared->schedule != schedule) return std::nullopt;
    return job;
}

/// Who changes a schedule has not looked at its jobs: they keep their authors.
Principal no_author(const Caller& caller) {
    Principal who = caller.who;
    who.account = 0;
    return who;
}

void move_user(store::Tx& tx, const Caller& caller, const std::string& id, const Schedule& schedule) {
    auto job = find_user(tx, id, schedule.id);
    if (!job) return;
    settle_before_edit(tx, *job);
    job = tx.job(id);
    if (!job) return;  // it fired for the last time
    JobEdit edit;
    edit.trigger = [&](const trigger::Trigger*, Micros now) { return used_from(schedule, now); };
    const Principal who = no_author(caller);
    change_job(tx, {who, caller.via}, *job, edit, [](Definition&) {});
}

void detach_user(store::Tx& tx, const Caller& caller, const std::string& id, std::int64_t schedule) {
    const auto before = find_user(tx, id, schedule);
    if (!before) return;
    store::JobWrite write{.id = id, .def = before->definition, .arming = {}};
    write.def.trigger = trigger::own(std::get<trigger::Shared>(before->definition.trigger).rule);
    tx.put_job(write, store::ExpectedRev::exact(before->state.rev));
    audit(tx, caller, *before, {"modified", "", difference(*before, tx.job(id).value())});
    announce(tx, before->state.key);
}

}  // namespace

std::optional<std::int64_t> move_users(store::Tx& tx, const Caller& caller, const Schedule& schedule,
                                       std::int64_t after, std::size_t limit) {
    const auto page =
        tx.schedules().users({.schedule = schedule.id, .older_than = schedule.rev, .limit = limit, .after = after});
    for (const auto& user : page.items) move_user(tx, caller, user.id, schedule);
    return page.next;
}

std::optional<std::int64_t> detach_users(store::Tx& tx, const Caller& caller, std::int64_t schedule, std::int64_t after,
                                         std::size_t limit) {
    const auto page = tx.schedules().users({.schedule = schedule, .limit = limit, .after = after});
    for (const auto& user : page.items) detach_user(tx, caller, user.id, schedule);
    return page.next;
}

}  // namespace foliot::service
