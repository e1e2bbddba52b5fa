#include "store/sqlite/schedules.hpp"

namespace foliot::store::sqlite {
namespace {

#define FOLIOT_SCHEDULE_COLUMNS "s.id,s.rev,s.name,s.def FROM schedule s"
#define FOLIOT_USER_STATUS "j.status IN (0,1,3)"

Schedule schedule_row(const Query& query) {
    Schedule schedule;
    schedule.id = query.integer(0);
    schedule.rev = query.integer(1);
    schedule.name = query.maybe_text(2);
    read_json(query.text(3), schedule);
    return schedule;
}

Schedule must_find(Connection& db, std::int64_t id) {
    auto schedule = find_schedule(db, id);
    if (!schedule) throw Refused(Refused::Why::missing, "there is no schedule " + std::to_string(id));
    return *std::move(schedule);
}

}  // namespace

std::optional<Schedule> find_schedule(Connection& db, std::int64_t id) {
    Query query = db.query("SELECT " FOLIOT_SCHEDULE_COLUMNS " WHERE s.id=?");
    if (!query.bind(id).next()) return std::nullopt;
    return schedule_row(query);
}

std::vector<Schedule> find_schedules(Connection& db, std::size_t limit, std::int64_t offset) {
    Query query = db.query("SELECT " FOLIOT_SCHEDULE_COLUMNS " ORDER BY s.id LIMIT ? OFFSET ?");
    query.bind(limit, offset);
    std::vector<Schedule> found;
    while (query.next()) found.push_back(schedule_row(query));
    return found;
}

std::int64_t count_schedules(Connection& db) { return db.query("SELECT count(*) FROM schedule").number(); }

Page<ScheduleUser> find_users(Connection& db, const UsersOf& of) {
    Query query = db.query("SELECT j.key,j.id,j.func FROM job j WHERE j.schedule_id=? AND " FOLIOT_USER_STATUS
                           " AND j.key>? AND (?3 IS NULL OR j.schedule_rev<?3) ORDER BY j.key LIMIT ?4");
    query.bind(of.schedule, of.after, of.older_than, of.limit + 1);
    Page<ScheduleUser> page;
    for (std::int64_t last = of.after; query.next(); last = query.integer(0)) {
        if (page.items.size() == of.limit) {
            page.next = last;
            break;
        }
        page.items.push_back({query.text(1), query.text(2)});
    }
    return page;
}

std::optional<Schedule> find_half_moved(Connection& db, std::int64_t after) {
    Query query =
        db.query("SELECT " FOLIOT_SCHEDULE_COLUMNS
                 " WHERE s.id>? AND EXISTS(SELECT 1 FROM job j WHERE j.schedule_id=s.id AND " FOLIOT_USER_STATUS
                 " AND j.schedule_rev<s.rev) ORDER BY s.id LIMIT 1");
    if (!query.bind(after).next()) return std::nullopt;
    return schedule_row(query);
}

Schedule put_schedule(Work& work, const Schedule& schedule) {
    Schedule stored = schedule;
    if (schedule.id == 0) {
        stored.rev = 1;
        stored.id = work.db.query("INSERT INTO schedule(name,rev,def,at) VALUES(?,1,?,?) RETURNING id")
                        .bind(schedule.name, to_json(schedule), work.now)
                        .number();
        return stored;
    }
    const Schedule before = must_find(work.db, schedule.id);
    const bool fires_otherwise = before.once != schedule.once || before.rule != schedule.rule;
    stored.rev = before.rev + (fires_otherwise ? 1 : 0);
    work.db.query("UPDATE schedule SET name=?,rev=?,def=?,at=? WHERE id=?")
        .bind(schedule.name, stored.rev, to_json(schedule), work.now, schedule.id)
        .run();
    return stored;
}

void remove_schedule(Work& work, std::int64_t id) {
    must_find(work.db, id);
    if (const auto users = find_users(work.db, {.schedule = id, .limit = 1}); !users.items.empty()) {
        throw Refused(Refused::Why::conflict, "Schedule " + std::to_string(id) + " is used by job '" +
                                                  users.items.front().id + "'" + (users.next ? " and others" : ""));
    }
    work.db.query("DELETE FROM schedule WHERE id=?").bind(id).run();
}

}  // namespace foliot::store::sqlite
