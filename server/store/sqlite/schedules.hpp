// Shared schedules and who uses them.
#pragma once

#include "store/sqlite/work.hpp"

namespace foliot::store::sqlite {

std::optional<Schedule> find_schedule(Connection& db, std::int64_t id);
std::vector<Schedule> find_schedules(Connection& db, std::size_t limit, std::int64_t offset);
std::int64_t count_schedules(Connection& db);
Page<ScheduleUser> find_users(Connection& db, const UsersOf& of);
std::optional<Schedule> find_half_moved(Connection& db, std::int64_t after);
Schedule put_schedule(Work& work, const Schedule& schedule);
void remove_schedule(Work& work, std::int64_t id);

/// The reading half of `Interface`; every call goes through `guard(body)`.
template <class Interface, class Guard>
class ScheduleReads : public Interface {
  public:
    ScheduleReads(Connection& db, Guard guard) : db_(db), guard_(guard) {}

    std::optional<Schedule> schedule(std::int64_t id) override {
        return guard_([&] { return find_schedule(db_, id); });
    }
    std::vector<Schedule> schedules(std::size_t limit, std::int64_t offset) override {
        return guard_([&] { return find_schedules(db_, limit, offset); });
    }
    std::int64_t schedule_count() override {
        return guard_([&] { return count_schedules(db_); });
    }
    Page<ScheduleUser> users(const UsersOf& of) override {
        return guard_([&] { return find_users(db_, of); });
    }
    std::optional<Schedule> half_moved(std::int64_t after) override {
        return guard_([&] { return find_half_moved(db_, after); });
    }

  private:
    Connection& db_;
    Guard guard_;
};

class UnitSchedules final : public ScheduleReads<Schedules, Unguarded> {
  public:
    explicit UnitSchedules(Work& work) : ScheduleReads(work.db, Unguarded{}), work_(work) {}

    Schedule put(const Schedule& schedule) override { return put_schedule(work_, schedule); }
    void remove_schedule(std::int64_t id) override { sqlite::remove_schedule(work_, id); }

  private:
    Work& work_;
};

}  // namespace foliot::store::sqlite
