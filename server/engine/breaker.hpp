// The crash breaker: a function whose process crashes again and again is not run until somebody says so, or its module
// is replaced.
#pragma once

#include "domain/job.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace foliot::engine {

/// What is known of a function that crashed, by its module's identity then.
///
/// A crash in a process that had run something before may be the fault of what ran before. So it does not count, but
/// from then on each run of the function has a process of its own, until one succeeds, which begins the count anew;
/// ends of other kinds change nothing. Thread-safe; costs an atomic load while nothing crashes.
class Breaker final {
  public:
    struct Tripped {
        std::string func;  ///< "module:function"
        std::string identity;
        int crashes = 0;
        Micros since = 0;  ///< UTC
        std::string why;   ///< reason of the last crash
    };
    enum class Course { usual, alone, refused };

    /// `limit` crashes in a row trip it; 0: none do.
    explicit Breaker(int limit) : limit_(limit) {}

    /// How the next run of the function is to go. Forgets what was known of another version of its module.
    Course course_of(const FuncRef& func, const std::string& identity);
    /// `alone`: nothing had run in that process before. Something: it has tripped just now.
    std::optional<Tripped> crashed(const FuncRef& func, const std::string& identity, bool alone, Micros at,
                                   const std::string& why);
    void succeeded(const FuncRef& func);
    /// Nothing: it has not tripped.
    std::optional<Tripped> tripped(const std::string& func) const;
    std::vector<Tripped> tripped() const;
    /// By hand. Nothing: it has not tripped.
    std::optional<Tripped> resume(const std::string& func);
    void trip(Tripped again);  ///< as it was before

    /// Those that have tripped, as JSON, for the store.
    std::string text() const;
    void read(const std::string& text);  ///< "": none; what cannot be read is left out, with a warning
    /// Those that go on since there is another version of their module; each is told once.
    std::vector<std::string> take_released();

  private:
    struct Entry {
        Tripped told;
        bool has_tripped = false;
    };
    const int limit_;
    mutable std::mutex mutex_;
    std::map<std::string, Entry> entries_;  // guarded by mutex_; by function
    std::vector<std::string> released_;     // guarded by mutex_
    std::atomic<bool> any_{false};          ///< there are entries
};

/// What to do about a function that is not run any more, for people.
std::string way_out(const std::string& func);

/// The setting that keeps text().
inline constexpr const char* kBreakersSetting = "breakers";

}  // namespace foliot::engine
