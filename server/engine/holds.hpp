// Why this node starts nothing now.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::engine {

enum class Hold { clock, disk, store, not_allowed, draining };
inline constexpr std::array<Hold, 5> kHolds{Hold::clock, Hold::disk, Hold::store, Hold::not_allowed, Hold::draining};
std::string_view name_of(Hold hold);  ///< for programs: clock, disk, store, host, draining

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
    std::vector<Reason> all() const;
    /// Called after each set() and clear() that changed what is held, on their threads. Before the first of them.
    void tell(std::function<void()> changed) { changed_ = std::move(changed); }
    /// All but Hold::store: a store that takes no writes ends claims by itself.
    bool stop_claims() const;

  private:
    std::function<void()> changed_ = [] {};
    mutable std::mutex mutex_;
    std::map<Hold, std::string> reasons_;
};

}  // namespace foliot::engine
