// When a job fires. Pure functions from instant to instant; no clock inside. Every instant is UTC microseconds; only a
// cron looks at local time, that of its zone.
// The grammar of cron fields is APScheduler 3's (contracts: Flask-APScheduler document); all fields are ANDed, weekday
// 0 is Monday.
#pragma once

#include "base/clock.hpp"
#include "trigger/zone.hpp"

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace foliot::json {
struct Value;
}

namespace foliot::trigger {

/// Never fires by itself; the job runs only by hand.
struct None {
    bool operator==(const None&) const = default;
};

/// An instant as its caller wrote it; for echo only.
struct Written {
    Micros at = 0;
    int offset_seconds = 0;
    bool operator==(const Written&) const = default;
};

/// Fires once.
struct Date {
    Micros at = 0;
    int offset_seconds = 0;                 ///< as the caller wrote it; for echo only
    std::optional<Written> written_date{};  ///< the caller's, when a next run by hand has moved `at`
    ZonePtr zone{};                         ///< in which dates without an offset were and will be given
    bool operator==(const Date& other) const;
};

/// Fires at start + n * every, n >= 0, up to and including end.
struct Interval {
    Micros every = kSecond;  ///< > 0
    Micros start = 0;
    std::optional<Micros> end;
    int offset_seconds = 0;                  ///< of start and the fires, for echo
    int end_offset_seconds = 0;              ///< for echo
    std::optional<Written> written_start{};  ///< the caller's, when a next run by hand has moved `start`
    bool start_defaulted = false;            ///< nobody gave the start: it is a length after the trigger was made
    ZonePtr zone{};                          ///< for echo: the fires are shown in it when there is one
    std::string source{};                    ///< its length as the caller wrote it, if in words; for echo only
    bool operator==(const Interval& other) const;
};

enum class Field { year, month, day, week, day_of_week, hour, minute, second };
inline constexpr std::size_t kFieldCount = 8;
std::string_view field_name(Field field);

/// How days are chosen by both, the day of the month and that of the week.
enum class DayRule { both, either };

/// A compiled cron expression. Make it with make_cron(), make_crontab() or make_seed_cron().
struct Cron {
    std::array<std::optional<std::string>, kFieldCount> given;  ///< normalised, only what the caller gave
    std::string line;                                           ///< the crontab line as written, if it was one
    std::string source{};                                       ///< Seed's definition as written, if it was one
    ZonePtr zone;
    std::optional<Micros> start, end;
    int offset_seconds = 0;      ///< of start, for echo
    int end_offset_seconds = 0;  ///< for echo

    // Compiled, a function of `given` or `line`.
    std::bitset<10000> years;                    ///< by year
    std::bitset<13> months;                      ///< 1..12
    std::bitset<54> weeks;                       ///< ISO week 1..53
    std::bitset<7> weekdays;                     ///< 0 is Monday
    std::bitset<32> days;                        ///< 1..31
    std::bitset<7> last_weekdays;                ///< "last fri"
    std::array<std::bitset<7>, 6> nth_weekdays;  ///< [1..5]: "2nd mon"
    bool last_day = false;                       ///< "last"
    std::bitset<24> hours;
    std::bitset<60> minutes, seconds;
    DayRule day_rule = DayRule::both;
    /// Hour and minute have no `*`: where the clock is changed each of its times fires once (docs/triggers.md).
    bool fixed_times = false;

    bool operator==(const Cron& other) const;
};

/// Fires when one of its triggers does; an instant counts once. Make it with make_any().
using Single = std::variant<Date, Interval, Cron>;
struct Any {
    std::vector<Single> of;  ///< one to eight
    bool operator==(const Any&) const = default;
};

/// What a shared schedule may say.
using Rule = std::variant<Date, Interval, Cron, Any>;

/// Fires as a shared schedule says. The rule is a copy, so that a trigger is whole: whoever changes the schedule gives
/// the jobs that use it the new one.
struct Shared {
    std::int64_t schedule = 0;  ///< its id
    std::int64_t rev = 0;       ///< the schedule's, of the rule; 0: not looked up yet
    Rule rule;
    bool operator==(const Shared&) const = default;
};

using Trigger = std::variant<None, Date, Interval, Cron, Any, Shared>;

Trigger own(const Rule& rule);                        ///< as a job's own trigger
std::optional<Rule> rule_of(const Trigger& trigger);  ///< its own or the schedule's; none of None

/// The rule as a T when it is one, the trigger's own or a schedule's; else null.
template <class T>
const T* rule_as(const Trigger& trigger) {
    const auto* shared = std::get_if<Shared>(&trigger);
    return shared != nullptr ? std::get_if<T>(&shared->rule) : std::get_if<T>(&trigger);
}

/// What the caller gave, wherever a next run by hand has moved it.
Written written_date(const Date& date);
Written written_start(const Interval& interval);

/// Compiles the expressions that are given; APScheduler's defaults fill the rest (fields below the least significant
/// given one take their minimum, those above `*`; none given: every second). Throws RequestError (Problem::invalid)
/// naming the field and what was expected; also when the fields together can never match any date (30 February).
Cron make_cron(std::array<std::optional<std::string>, kFieldCount> given, std::optional<Micros> start,
               std::optional<Micros> end, ZonePtr zone = {});

/// A crontab line (crontab(5)): five fields, or six with seconds first, or @hourly and its like. 0 and 7 are Sunday; of
/// a day and a weekday that are both restricted either will do. Throws RequestError (invalid) naming "line", the field
/// and what is wrong.
Cron make_crontab(std::string_view line, std::optional<Micros> start, std::optional<Micros> end, ZonePtr zone = {});

/// A cron definition as Seed Scheduler reads it (parse-crontab): five fields, of whose day and weekday either will
/// do; six with the year last, or seven with seconds first, too, of whose both must fit; @hourly and its like. `line`
/// and `given` say the same in the words of the other two. Throws RequestError (invalid) naming "cron_definition", in
/// the words of Seed's.
Cron make_seed_cron(std::string_view definition, std::optional<Micros> start, std::optional<Micros> end,
                    ZonePtr zone = {});

/// Throws RequestError (invalid) naming "triggers" when there are none or more than eight, or an interval under a
/// second: fires of several triggers are walked, not counted.
Any make_any(std::vector<Single> of);

/// The zone that its fires, or times given for it without an offset, are in; nothing when it says none.
std::optional<ZonePtr> zone_of(const Trigger& trigger);

/// Its fires depend on the rules of a time zone.
bool zoned(const Trigger& trigger);

/// Seconds east of UTC at which a fire at `at` is shown: that of its zone, else as its dates were written.
int shown_offset(const Trigger& trigger, Micros at);

/// The first fire strictly after `after`; nothing when there is none (years end with 9999). Strictly rising, never
/// hangs.
std::optional<Micros> next_after(const Trigger& trigger, Micros after);

/// The last fire strictly before `before`; nothing when there is none. Asks next_after() some sixty times.
std::optional<Micros> last_before(const Trigger& trigger, Micros before);

/// The n-th fire, from 1, strictly after `after`; nothing when there are fewer.
std::optional<Micros> nth_after(const Trigger& trigger, Micros after, std::int64_t n);

/// The fires in (after, until]. Counted, not walked (but those of Any): seconds cost no more than days.
struct Fires {
    std::int64_t count = 0;
    Micros first = 0, last = 0;  ///< valid when count > 0
};
Fires fires_between(const Trigger& trigger, Micros after, Micros until);

/// The newest min(count, n) fires in (after, until], ascending.
std::vector<Micros> newest_fires(const Trigger& trigger, Micros after, Micros until, std::int64_t n);

/// Our own stored form, a JSON object with "type". from_json throws std::runtime_error for what to_json did not write.
std::string to_json(const Trigger& trigger);
Trigger from_json(const json::Value& value);

}  // namespace foliot::trigger
