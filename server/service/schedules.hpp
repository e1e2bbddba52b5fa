// Use cases of shared schedules. A change of when one fires moves every job that uses it.
#pragma once

#include "service/caller.hpp"
#include "service/privileged_modules.hpp"
#include "service/vault.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace foliot::service {

/// What is not there stays as it is, or takes its default in a new schedule.
struct ScheduleEdit {
    std::optional<std::optional<std::string>> name{};
    std::optional<bool> once{};
    /// From the present one (null: a new schedule). Pure: it may be called again. Required in a new one.
    std::function<trigger::Rule(const trigger::Rule* present, Micros now)> rule{};
};

struct SchedulePage {
    std::vector<Schedule> items;
    std::int64_t count = 0;  ///< of all
};

/// Thread-safe. Every method throws RequestError, and then nothing was changed, but as edit() says; unknown ids are
/// not_found.
class Schedules {
  public:
    Schedules(store::Store& store, PrivilegedModules privileged, const Vault& vault)
        : store_(store), privileged_(std::move(privileged)), vault_(vault) {}

    SchedulePage list(const Caller& caller, std::size_t limit, std::int64_t offset);
    Schedule get(const Caller& caller, std::int64_t id);
    /// Ids of the unfinished jobs that use it, the first 1,000.
    std::vector<std::string> users(const Caller& caller, std::int64_t id);
    std::int64_t add(const Caller& caller, const ScheduleEdit& wish);
    /// Up to 1,000 jobs move in the same unit; more of them in small units after it, and the answer comes after the
    /// last. What is cut off there (an error then says so) goes on with the next edit, or by finish_moves().
    Schedule edit(const Caller& caller, std::int64_t id, const ScheduleEdit& wish);
    /// conflict while jobs use it; with `detach` they keep what it says as their own trigger.
    void remove(const Caller& caller, std::int64_t id, bool detach);
    /// A reference that is not looked up yet becomes what a job would go by that begins to use the schedule now.
    trigger::Trigger looked_up(const Caller& caller, trigger::Trigger trigger);

    /// At start, before jobs are claimed.
    void finish_moves();

  private:
    void move_rest(const Caller& caller, std::int64_t id);
    void move_all(const Caller& caller, std::int64_t id);

    store::Store& store_;
    PrivilegedModules privileged_;
    const Vault& vault_;
};

}  // namespace foliot::service
