// Shared schedules as the store has them. That jobs follow a change is the business of whoever makes it.
#pragma once

#include "domain/schedule.hpp"
#include "store/page.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace foliot::store {

/// Which unfinished jobs use a schedule.
struct UsersOf {
    std::int64_t schedule = 0;
    std::optional<std::int64_t> older_than{};  ///< only those that go by an older revision than this
    std::size_t limit = 1'000;
    std::int64_t after = 0;  ///< job key, from Page::next
};

struct ScheduleUser {
    std::string id, func;  ///< of the job; func: "module:function"
};

class ScheduleReader {
  public:
    virtual ~ScheduleReader() = default;
    virtual std::optional<Schedule> schedule(std::int64_t id) = 0;
    virtual std::vector<Schedule> schedules(std::size_t limit, std::int64_t offset) = 0;  ///< by id
    virtual std::int64_t schedule_count() = 0;
    virtual Page<ScheduleUser> users(const UsersOf& of) = 0;  ///< by key
    /// The first schedule after that id of which some job goes by an older revision than there is.
    virtual std::optional<Schedule> half_moved(std::int64_t after) = 0;
};

/// The part of a unit of work that changes schedules.
class Schedules : public ScheduleReader {
  public:
    /// Id 0: a new one, else the one with that id (Refused{missing}). Returns it as it is then: with its id, and one
    /// revision later when `once` or the rule are others than before.
    virtual Schedule put(const Schedule& schedule) = 0;
    virtual void remove_schedule(std::int64_t id) = 0;  ///< Refused{conflict} while an unfinished job uses it
};

}  // namespace foliot::store
