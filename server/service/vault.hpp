// Secrets at rest: sealed with a key that is in a file beside the database, not in it.
#pragma once

#include "base/clock.hpp"
#include "domain/account.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace foliot::service {

/// Seals values (XChaCha20-Poly1305) and opens them again. Immutable, thread-safe.
///
/// The key file has a line "NUMBER KEY" for each key, KEY being 64 hex digits. What is sealed names the number of its
/// key; the highest one seals. A key that is made here has the time as its number, in seconds: lines of several files
/// make one.
class Vault {
  public:
    /// Makes the file with one key, readable for its owner alone, when there is none. Throws std::runtime_error that
    /// says what is wrong with the file and what to do.
    Vault(const std::filesystem::path& key_file, const Clock& clock);

    bool made_key() const { return made_key_; }  ///< there was none

    /// `json` of an account (of nobody in particular: 0 or kAnybody) as the stored form: {"$secret":"..."}
    /// (domain/sealed.hpp).
    std::string seal(std::int64_t owner, std::string_view json) const;
    /// The JSON that was sealed. Throws std::runtime_error: the key is missing, or it is not what seal() made.
    std::string open(std::string_view sealed) const;
    static std::int64_t owner_of(std::string_view sealed);  ///< 0: cannot be told
    /// Its owner and administrators may see a secret.
    static bool may_read(const Principal& who, std::string_view sealed);

    /// A hash that tells nothing about `text` without the key.
    std::string digest(std::string_view text) const;

  private:
    bool made_key_ = false;
    std::map<std::int64_t, std::string> keys_;  ///< by number, 32 bytes each; never empty
};

}  // namespace foliot::service
