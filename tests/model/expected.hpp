// What a job owes, worked out the slow way: every fire time of its trigger, one after the other.
#pragma once

#include "trigger/trigger.hpp"

#include <optional>
#include <vector>

namespace foliot::testing {

/// A trigger simple enough to be stepped through by hand.
struct Plain {
    enum class Kind { date, interval, minutes } kind = Kind::interval;
    Micros at = 0;     ///< date; start of an interval
    Micros every = 0;  ///< of an interval; for minutes: N of "*/N", times a minute
    std::optional<Micros> end;

    trigger::Trigger trigger() const;
    /// All fires in (from, until], in order.
    void append_fires(Micros from, Micros until, std::vector<Micros>& fires) const;
    bool operator==(const Plain&) const = default;
};

/// The fires of one job through all its triggers.
class Owed {
  public:
    /// It holds from then on; what was due up to `covered` stays owed.
    void change(const Plain& trigger, Micros from, Micros covered);
    /// The clock was set back: what is covered (up to that fire) stays; from `now` on its fires may come again.
    void restart(const Plain& trigger, Micros covered, Micros now);
    void close(Micros now);  ///< nothing fires any more
    const std::vector<Micros>& until(Micros now);
    /// How many fires in all have to be in history once everything is up to that instant.
    std::size_t count(Micros settled);
    const Plain& trigger() const { return trigger_; }

  private:
    void forget_after(Micros instant);

    Plain trigger_;
    Micros listed_ = 0;  ///< up to here
    bool open_ = false;
    std::vector<Micros> fires_;  ///< in order of time from base_ on
    std::size_t base_ = 0;       ///< before it: from before the clock was set back
};

}  // namespace foliot::testing
