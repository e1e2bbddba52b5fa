// Do the parts turn without which nothing works? For a watchdog: what does not turn cannot be waited for.
#pragma once

#include "store/store.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace foliot::app {

/// One thread uses it.
class VitalSigns {
  public:
    /// A loop that sleeps until there is something to do.
    struct Loop {
        std::string name;
        std::function<std::uint64_t()> beats;  ///< how often it came by; any thread
        std::function<void()> nudge;           ///< it comes by soon, if it turns
    };
    VitalSigns(store::Store& store, std::vector<Loop> loops);

    /// Did each loop come by since the last time, and does the store's writer commit? Waits for the latter, however
    /// long that takes; a commit that fails is one. Nudges the loops for the next time. What it finds stuck the log
    /// says.
    bool all_turn();

  private:
    struct Watched {
        Loop loop;
        std::uint64_t seen;
        bool stuck = false;
    };
    bool turned(Watched& watched);

    store::Store& store_;
    std::vector<Watched> loops_;
};

}  // namespace foliot::app
