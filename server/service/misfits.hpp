// Jobs that cannot run as they are: their module cannot be used, their function is gone, or it takes other arguments
// since.
#pragma once

#include "module/catalogue.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace foliot::service {

struct Misfit {
    std::string job_id, func;
    std::string problem;  ///< what is wrong, in words
};

/// Thread-safe. The most that is remembered is `kMost`; there may be more.
class Misfits {
  public:
    static constexpr std::size_t kMost = 100;
    Misfits(store::Store& store, const module::Catalogue& catalogue) : store_(store), catalogue_(catalogue) {}

    /// Goes through all jobs if a module is another one than at the last look, and warns of what it finds. Never
    /// throws: what cannot be read is said in the log.
    void look();
    /// Of those that the last look found the ones that still are; by job.
    std::vector<Misfit> list() const;

  private:
    std::string modules_now() const;
    void walk();

    store::Store& store_;
    const module::Catalogue& catalogue_;
    mutable std::mutex mutex_;
    std::vector<std::string> found_;        // guarded by mutex_; ids of jobs
    std::optional<std::string> looked_at_;  // for look() alone: the modules as they were; nothing: never yet
};

}  // namespace foliot::service
