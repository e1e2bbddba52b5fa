// The fires of a trigger one after the other: cheaper than asking next_after() for each.
#pragma once

#include "trigger/trigger.hpp"

#include <optional>
#include <vector>

namespace foliot::trigger {

/// The trigger must outlive it.
class Walk final {
  public:
    /// Begins with the first fire strictly after `after`.
    Walk(const Trigger& trigger, Micros after);
    Walk(const Any& any, Micros after);
    ~Walk();
    Walk(const Walk&) = delete;
    Walk& operator=(const Walk&) = delete;

    std::optional<Micros> next();

  private:
    class Steps;
    template <class Of>
    void add(const Of& one, Micros after);

    std::vector<Steps> steps_;  ///< of each of its triggers
};

}  // namespace foliot::trigger
