// Time zones of the system's tz database (Debian's package tzdata): where a wall clock stands at an instant. Past the
// last transition in a zone's file the rule in its footer goes on (RFC 8536, 3.3).
#pragma once

#include "base/clock.hpp"

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::trigger {

/// The last instant there is, 9999-12-31T23:59:59.999999 UTC, and the first, 0001-01-01.
inline constexpr Micros kLastInstant = 253'402'300'800 * kSecond - 1;
inline constexpr Micros kFirstInstant = -62'135'596'800 * kSecond;

/// Immutable, shared by the triggers that use it.
class Zone final {
  public:
    /// A stretch of time [begin, end) with one offset: local time = UTC + offset. Local times are Micros too.
    struct Stretch {
        Micros begin, end;
        Micros offset;  ///< whole seconds, east of Greenwich
        Micros seen;    ///< the latest local time that any clock of the zone showed before `begin`
    };

    /// Ascending by `begin`, gapless; `repeats`: the last 400 years of them go on for ever.
    Zone(std::string name, std::vector<Stretch> stretches, bool repeats);
    /// One that the database does not have, or not in a file that can be read.
    explicit Zone(std::string name) : name_(std::move(name)), repeats_(false) {}

    const std::string& name() const { return name_; }  ///< as the database spells it
    bool missing() const { return stretches_.empty(); }
    /// Throws RequestError (invalid) naming "timezone" when it is missing.
    Stretch at(Micros instant) const;

    /// The first instant whose local time is `local` or, in a gap, later.
    Micros instant_of(Micros local) const;

  private:
    const std::string name_;
    const std::vector<Stretch> stretches_;
    const bool repeats_;
};

/// Null is UTC, which has no zone.
using ZonePtr = std::shared_ptr<const Zone>;

/// The same by name; a later database may have brought another object.
inline bool same_zone(const ZonePtr& one, const ZonePtr& other) {
    return one == other || (one != nullptr && other != nullptr && one->name() == other->name());
}
inline std::string zone_name(const ZonePtr& zone) { return zone == nullptr ? "UTC" : zone->name(); }

/// The database cannot be read; what to do is in its text.
struct NoZones : std::runtime_error {
    using runtime_error::runtime_error;
};

/// The zone of that name, in upper or lower case; nothing when the database has none. Any thread.
std::optional<ZonePtr> find_zone(std::string_view name);

/// The zone of a stored trigger, by its exact name; a missing one when the database has none.
ZonePtr stored_zone(const std::string& name);

/// The same zone as the database has it now, when that was replaced. Any thread; cheap.
ZonePtr latest(const ZonePtr& zone);

/// That of the database the zones are from, as "2026f".
std::string tz_version();

/// Nothing when all that was read is as it is installed now; else a text that stays the same while what is installed
/// does.
std::optional<std::string> tz_change();

/// Reads the database anew: zones found from now on are its. Answers those that it has no longer, or not in a file that
/// can be read: they go on by their old rules. Any thread; throws NoZones, and then all stays.
std::vector<std::string> refresh_zones();

/// How often refresh_zones() was called: what was made of zones before is to be made anew. Any thread; cheap.
unsigned tz_refreshes();

}  // namespace foliot::trigger
