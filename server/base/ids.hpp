// Ids that we make: 63-bit numbers inside, UUIDv7 text outside (RFC 9562), both in order of time.
#pragma once

#include "base/clock.hpp"

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace foliot {

/// Makes ever-rising numbers: 42 bits of milliseconds | 8 bits of node | 13 bits of counter. When the clock steps back
/// or the counter runs out, the milliseconds run ahead of the clock, so a number never repeats. Thread-safe.
class IdGenerator {
  public:
    /// `last`: the largest number ever handed out (from the store), so that a restart never repeats one.
    IdGenerator(const Clock& clock, unsigned node, std::int64_t last);

    std::int64_t next();

    /// Unix microseconds at which `id` was made (millisecond precision).
    static Micros time_of(std::int64_t id);
    /// The smallest id of that instant: ranges of time are ranges of ids.
    static std::int64_t first_at(Micros instant);

  private:
    const Clock& clock_;
    std::mutex mutex_;
    std::int64_t node_bits_;
    std::int64_t last_;
};

/// Turns a number into a UUIDv7 and back without storing it: what a UUID holds beyond the number is a keyed hash of the
/// number, so a guessed or mistyped id is refused without a look-up. Immutable, thread-safe.
class PublicIds {
  public:
    using Key = std::array<unsigned char, 16>;
    explicit PublicIds(const Key& key) : key_(key) {}

    std::string hex(std::int64_t id) const;     ///< 32 hex digits
    std::string dashed(std::int64_t id) const;  ///< 8-4-4-4-12
    /// Takes both spellings, any case; nothing when it is not one of ours.
    std::optional<std::int64_t> parse(std::string_view text) const;

    static Key random_key();

  private:
    std::array<unsigned char, 16> bytes(std::int64_t id) const;
    Key key_;
};

std::string to_hex(std::string_view bytes);

}  // namespace foliot
