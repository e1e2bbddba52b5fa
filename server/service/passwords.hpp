// Passwords: argon2id, one hash at a time in the whole process, for each takes 19 MiB and tens of milliseconds.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace foliot::service {

/// Throws RequestError (invalid) naming the field: 8 characters at least, 1024 bytes at most, UTF-8 without control
/// characters, for HTTP Basic has no way to say those.
void check_password(std::string_view field, std::string_view password);

inline constexpr std::size_t kLongestPassword = 1024;

/// Thread-safe.
class Passwords {
  public:
    /// The right to hash; whoever comes later waits until it goes. Never hold two.
    class Turn {
      public:
        ~Turn();
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

        // Both throw RequestError (unavailable) when memory is short.
        std::string hash(std::string_view password);
        bool matches(const std::string& stored, std::string_view password);

      private:
        friend class Passwords;
        explicit Turn(Passwords& all) : all_(all) {}
        Passwords& all_;
    };

    /// Waits for those who came before. Throws RequestError (throttled) when too many of them wait already.
    Turn take_turn();
    std::string hash(std::string_view password) { return take_turn().hash(password); }

    /// Was it made by weaker rules than those of now?
    static bool is_outdated(const std::string& stored);
    /// The hash of a password that nobody knows: comparing with it costs what any comparison does.
    static const std::string& nobodys();

    std::uint64_t computed() const { return computed_; }  ///< hashes since the start
    std::uint64_t waiting() const;                        ///< for their turn, now

  private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t last_ticket_ = 0, served_ = 0;  // guarded by mutex_
    std::atomic<std::uint64_t> computed_{0};
};

}  // namespace foliot::service
