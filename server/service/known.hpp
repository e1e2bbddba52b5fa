// Credentials that were found good a moment ago.
#pragma once

#include "domain/account.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace foliot::service {

/// Principals by the hash of their credentials, believed for a second, and not at all once any account has changed.
/// Thread-safe, bounded.
class KnownPrincipals {
  public:
    explicit KnownPrincipals(const Clock& clock) : clock_(clock) {}

    std::optional<Principal> recall(const std::string& hash);
    /// Ask before reading the store: what was read before a change is not remembered after it.
    std::uint64_t generation();
    void remember(const std::string& hash, const Principal& who, std::uint64_t generation);
    void forget_all();

  private:
    struct Known {
        Principal who;
        Micros until;  ///< monotonic
    };

    const Clock& clock_;
    std::mutex mutex_;
    std::unordered_map<std::string, Known> known_;  // guarded by mutex_
    std::uint64_t generation_ = 0;                  // guarded by mutex_
};

/// Which password hash a name and password were found to match. It is good only as long as that hash is the stored one,
/// so whoever asks reads the store first. Thread-safe, bounded.
class VerifiedPasswords {
  public:
    explicit VerifiedPasswords(const Clock& clock) : clock_(clock) {}

    /// In the last five minutes: believed without a look.
    bool holds(const std::string& hash, const std::string& stored);
    /// In the last day: who says it guesses nothing.
    bool was_right(const std::string& hash, const std::string& stored);
    void remember(const std::string& hash, const std::string& stored);

  private:
    struct Verified {
        std::string stored;
        Micros believed_until, until;  ///< monotonic
    };
    bool matched(const std::string& hash, const std::string& stored, Micros Verified::*end);

    const Clock& clock_;
    std::mutex mutex_;
    std::unordered_map<std::string, Verified> verified_;  // guarded by mutex_
};

}  // namespace foliot::service
