// A shared schedule: a trigger with an id that several jobs use, so that all of them move with it.
#pragma once

#include "base/clock.hpp"
#include "trigger/trigger.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace foliot {

struct Schedule {
    std::int64_t id = 0;
    std::int64_t rev = 0;  ///< one more with each change of when it fires
    std::optional<std::string> name{};
    bool once = false;  ///< each job that uses it fires once
    trigger::Rule rule;

    bool fires_once() const { return once || std::holds_alternative<trigger::Date>(rule); }
    bool operator==(const Schedule&) const = default;
};

/// The trigger of a job that begins to use it at `now`. Once: an interval fires a length from now, a cron next time.
trigger::Shared used_from(const Schedule& schedule, Micros now);

/// `once` and `rule` in our own stored form.
std::string to_json(const Schedule& schedule);
/// Sets them. Throws std::runtime_error for what to_json did not write.
void read_json(std::string_view text, Schedule& schedule);

}  // namespace foliot
