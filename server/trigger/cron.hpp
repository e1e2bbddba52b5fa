// The parts of cron inside this room: the grammar that compiles fields, the calendar of days, the matching seconds of
// local time, the fires.
#pragma once

#include "trigger/trigger.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace foliot::trigger {

class FieldText;

/// Sets what `text` stands for in `cron`; returns the text normalised. Throws RequestError naming the field.
std::string compile_field(Cron& cron, const FieldText& text);

/// Compiles all fields, those that are not given by APScheduler's defaults. Throws RequestError naming the field, also
/// when no date ever matches.
Cron compile_cron(std::array<std::optional<std::string>, kFieldCount> given, DayRule rule);

bool date_matches(const Cron& cron, std::chrono::sys_days date);

/// How many dates in [from, to) the fields match. Some 40 nanoseconds a month.
std::int64_t count_dates(const Cron& cron, std::chrono::sys_days from, std::chrono::sys_days to);

/// The matching date at or after `from` that has `skip` matching ones before it; years end with 9999.
std::optional<std::chrono::sys_days> nth_date(const Cron& cron, std::chrono::sys_days from, std::int64_t skip);

/// Local time in whole seconds since 1970-01-01T00:00.
using LocalSeconds = std::int64_t;

/// The matching local time at or after `from` that has `skip` matching ones before it.
std::optional<LocalSeconds> nth_local(const Cron& cron, LocalSeconds from, std::int64_t skip);

/// How many local times in [from, to) the fields match.
std::int64_t count_local(const Cron& cron, LocalSeconds from, LocalSeconds to);

/// The first matching time after `local` on its date, whether the date matches or not.
std::optional<LocalSeconds> next_in_day(const Cron& cron, LocalSeconds local);

/// What a pattern makes of a stretch of time with one offset: local times in [from, to) fire at their instant; when any
/// in [gap, from) matches, that is one fire at `begin`.
struct Part {
    Micros begin, end, offset;
    LocalSeconds gap, from, to;

    Micros instant(LocalSeconds local) const { return local * kSecond - offset; }
    LocalSeconds local(Micros instant) const;
};

/// Stands at one fire after the other: those of one date and offset are found without looking for the date again.
class CronSteps {
  public:
    /// The cron must outlive it.
    CronSteps(const Cron& cron, Micros after) : cron_(&cron) { jump(after); }
    void step();

    std::optional<Micros> at;

  private:
    void jump(Micros after);

    const Cron* cron_;
    Part part_{};
    LocalSeconds local_ = 0;     ///< of `at`
    bool date_matches_ = false;  ///< that of `local_`: not when a gap brought the fire there
};

bool fires_at(const Cron& cron, Micros at);

/// The fires in (after, until], start and end considered. The cost is that of the months between.
Fires count_cron(const Cron& cron, Micros after, Micros until);

/// The n-th fire, from 1, strictly after `after`, start and end considered.
std::optional<Micros> nth_cron(const Cron& cron, Micros after, std::int64_t n);

}  // namespace foliot::trigger
