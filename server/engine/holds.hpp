// Why this node starts nothing now.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace foliot::engine {

enum class Hold { clock, disk, store, not_allowed, draining };

/// Thread-safe. Worst first, as in Hold.
class Holds final {
  public:
    struct Reason {
        Hold what;
        std::string why;
    };
    /// False: it was held for that already; the text is the new one.
    bool set(Hold what, const std::string& why);
    bool clear(Hold what);
    bool has(Hold what) const;
    std::optional<Reason> worst() const;
    /// All but Hold::store: a store that takes no writes ends claims by itself.
    bool stop_claims() const;

  private:
    mutable std::mutex mutex_;
    std::map<Hold, std::string> reasons_;
};

}  // namespace foliot::engine
