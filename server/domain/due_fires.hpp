// The fires of one job that are due, as a range that can be cut and counted without listing it.
#pragma once

#include "trigger/trigger.hpp"

#include <optional>
#include <vector>

namespace foliot {

using trigger::Fires;

/// The fires in (cursor, now]. When the first fire was set by hand, it stands for all that the trigger has up to and
/// including its instant. The trigger must outlive it.
class DueFires {
  public:
    DueFires(const trigger::Trigger& trigger, Micros cursor, std::optional<Micros> next_fire, Micros now);

    Micros last() const { return all_.last; }  ///< the cursor when nothing is due
    Fires after(Micros after) const { return between(after, last()); }
    Fires between(Micros after, Micros until) const;  ///< in (after, until]
    Micros nth(Micros after, std::int64_t n) const;   ///< the n-th (from 1) after `after`, or last()
    std::vector<Micros> newest(Micros after, Micros until, std::int64_t n) const;  ///< ascending
    std::optional<Micros> next(Micros after) const;  ///< the first after `after`, due or not

  private:
    Fires from_first(Micros until) const;

    const trigger::Trigger& trigger_;
    std::optional<Micros> first_;  ///< where the fires begin
    Fires all_;                    ///< counted once: mostly it is all that is asked for
};

}  // namespace foliot
