// Instants and lengths of time as people write and read them.
#pragma once

#include "base/clock.hpp"
#include "cli/options.hpp"
#include "cli/wall_clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace foliot::cli {

/// A time that somebody gave.
struct Moment {
    Micros at = 0;
    std::string note;  ///< what a change of the clock does to it; "": nothing
};

/// In the local zone (TZ, or the system's), unless --utc is given.
class Times {
  public:
    explicit Times(const Options& options) : utc_(options.has("utc")) {}
    /// "2026-11-21 02:30:00+01:00" of ISO 8601, as the API has it; what is no time stays as it is.
    std::string shown(std::string_view iso) const;
    std::string shown(Micros at) const;
    std::string exact(Micros at) const;  ///< with its fraction of a second, if it has any
    /// A sentence of the server's with its times as they are shown here.
    std::string within(std::string_view text) const;
    /// ISO 8601, in this zone if it has no offset; "now"; "+10m": so long from `now`, "-2h": so long before it. Throws
    /// UsageError that names the option.
    Moment moment(std::string_view option, const std::string& text, Micros now) const;
    /// The same where the clocks go by `offset_at`.
    static Moment moment(std::string_view option, const std::string& text, Micros now, const OffsetAt& offset_at);

  private:
    Micros offset_at(Micros at) const;
    bool utc_;
};

/// "90", "5m", "1h30m", "2d": seconds, or weeks, days, hours, minutes, seconds in this order, above 0. Nothing: it is
/// none.
std::optional<Micros> length_in(std::string_view text);

/// "3 h 12 min", "5 min", "4.2 s", "0.02 ms": its two largest units.
std::string length_text(Micros length);

}  // namespace foliot::cli
