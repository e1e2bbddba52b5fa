// Parsed definitions by (job, rev): a fire parses no JSON. What a rev says never changes once committed.
#pragma once

#include "domain/job.hpp"
#include "store/sqlite/db.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace foliot::store::sqlite {

/// Bounded; what was not used for a while goes. Thread-safe.
class Definitions final {
  public:
    using Ptr = std::shared_ptr<const Definition>;

    /// Looks into the database on a miss. Throws std::runtime_error when the stored text cannot be read.
    Ptr get(Connection& db, JobKey job, std::int64_t rev);
    /// The same, but a text that cannot be read gives a definition that says so: one broken job must not hide the
    /// others.
    Ptr get_or_placeholder(Connection& db, JobKey job, std::int64_t rev);
    /// After a rollback that may have taken definitions with it.
    void clear();

  private:
    struct Key {
        std::int64_t job, rev;
        bool operator==(const Key&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Key& key) const noexcept {
            return std::hash<std::uint64_t>{}(static_cast<std::uint64_t>(key.job) * 31U +
                                              static_cast<std::uint64_t>(key.rev));
        }
    };
    using Map = std::unordered_map<Key, Ptr, Hash>;

    Ptr find(const Key& key);
    void keep(const Key& key, Ptr definition);
    void forget_old_zones();

    std::mutex mutex_;    // of all below
    unsigned zones_ = 0;  // trigger::tz_refreshes() when these were made
    Map young_, old_;     // a full young generation becomes the old one; hits come back from it
};

}  // namespace foliot::store::sqlite
