// What the wall clock of a place shows, as instants, where its clock is changed too.
#pragma once

#include "base/clock.hpp"

#include <functional>
#include <optional>
#include <string>

namespace foliot::cli {

/// How far local time is ahead of UTC at an instant.
using OffsetAt = std::function<Micros(Micros)>;

struct WallTime {
    enum class Comes { once, twice, never } comes = Comes::once;
    Micros at = 0;  ///< the first instant that shows it; where it is left out, that at which the clock is set forward
};
WallTime wall_time(Micros reading, const OffsetAt& offset_at);

/// "2026-10-25 02:30 comes twice: ..."; "" for what comes once.
std::string note_of(const WallTime& time, Micros reading, const OffsetAt& offset_at);

/// That of a zone by its name; nothing: this machine's database has none of that name.
std::optional<OffsetAt> offset_of_zone(const std::string& name);

/// That of the local zone (TZ, or the system's).
Micros local_offset(Micros at);

}  // namespace foliot::cli
