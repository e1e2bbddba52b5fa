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
};

/// The fires of one job through all its triggers.
class Owed {
  public:
    void change(const Plain& trigger, Micros now);  ///< it holds from now on; what was due before stays owed
    void close(Micros now);                         ///< nothing fires any more
    const std::vector<Micros>& until(Micros now);
    const Plain& trigger() const { return trigger_; }

  private:
    Plain trigger_;
    Micros listed_ = 0;  ///< up to here
    bool open_ = false;
    std::vector<Micros> fires_;
};

}  // namespace foliot::testing
