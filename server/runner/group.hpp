// Workers that can stand in for each other: one version of one module, one isolation, the same limits.
#pragma once

#include "runner/worker.hpp"

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace foliot::runner {

inline constexpr Micros kFast = 2 * kMillisecond;   ///< functions with a lower mean are queued ahead
inline constexpr Micros kSlow = 20 * kMillisecond;  ///< a run this old is reported as running, and gives up its queue

/// Recent mean duration of each function; a function that was never seen is not fast.
class Speeds final {
  public:
    void saw(std::uint32_t function, Micros duration) {
        const auto [at, first] = mean_.try_emplace(function, static_cast<double>(duration));
        if (!first) at->second += (static_cast<double>(duration) - at->second) / 8;
    }
    /// It is at least this slow right now.
    void slow(std::uint32_t function) { mean_[function] = static_cast<double>(kSlow); }
    bool fast(std::uint32_t function) const {
        const auto at = mean_.find(function);
        return at != mean_.end() && at->second < static_cast<double>(kFast);
    }

  private:
    std::unordered_map<std::uint32_t, double> mean_;
};

struct Group {
    std::string key;
    std::shared_ptr<const module::Module> module;
    std::int64_t lane = 0;
    bool fresh = false;                        ///< a worker for each run
    ResourceLimits limits;                     ///< of each run; all but `cpu` and `output` are its workers', too
    std::deque<std::unique_ptr<Run>> pending;  ///< not sent yet, in order
    Speeds speeds;
    std::uint32_t last_function = 0;
    bool outdated = false;     ///< a newer version of the module was ordered
    bool changed = false;      ///< its file is another one now: pending runs are given back
    Micros blocked_until = 0;  ///< monotonic; no worker is spawned before
    Micros backoff = 0;

    bool fast(const Run& run) const { return !fresh && speeds.fast(run.order.function.function->index); }
};

}  // namespace foliot::runner
