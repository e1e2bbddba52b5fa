// Who is who: the first account, and whom a token belongs to.
#pragma once

#include "base/clock.hpp"
#include "domain/account.hpp"
#include "store/store.hpp"

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace foliot::service {

/// Thread-safe.
class Accounts {
  public:
    Accounts(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

    /// First start: makes the user `admin` and writes its token to `token_file` (mode 0600) before the account exists,
    /// so that no crash leaves an account whose token nobody knows. Does nothing when `admin` is there. True when it
    /// was made.
    bool ensure_admin(const std::filesystem::path& token_file);

    /// Of an Authorization header: "Token T" or "Bearer T". Nothing: nobody known. A verified token is believed for up
    /// to a second without asking the store. Throws RequestError (unavailable) when the store cannot be read.
    std::optional<Principal> authenticate(std::string_view authorization);

  private:
    struct Known {
        Principal who;
        Micros until;  ///< monotonic
    };
    std::optional<Principal> recall(const std::string& hash, Micros now);
    void remember(const std::string& hash, const Principal& who, Micros now);

    store::Store& store_;
    const Clock& clock_;
    std::mutex mutex_;
    std::unordered_map<std::string, Known> known_;  // guarded by mutex_
};

}  // namespace foliot::service
