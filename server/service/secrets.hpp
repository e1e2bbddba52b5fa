// Random ids and tokens, and the hashes that stand for secrets.
#pragma once

#include <string>
#include <string_view>

namespace foliot::service {

std::string random_id();     ///< 32 hex digits
std::string random_token();  ///< 256 bits, 64 hex digits

/// BLAKE2b-256: tokens are random, so a fast hash without salt is as hard to turn back as a slow one.
std::string token_hash(std::string_view secret);

/// Hashes what is easily guessed, for caches of this process: without its key, which is never stored, they tell
/// nothing.
class KeyedHash {
  public:
    KeyedHash();
    std::string operator()(std::string_view text) const;

  private:
    std::string key_;
};

}  // namespace foliot::service
