// How often somebody may fail to prove a password: a token bucket for each peer, and one for each user name.
#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace foliot::service {

/// Of each key: `burst` at once, then one each `pause`. Bounded: of too many keys the one that has failed least is
/// forgotten. Not thread-safe.
class Buckets {
  public:
    struct Rule {
        int burst;
        Micros pause;
    };
    explicit Buckets(const Rule& rule, std::size_t most = 4096) : rule_(rule), most_(most) {}

    Micros wait(const std::string& key, Micros now) const;  ///< until one may be taken; 0: now
    void take(const std::string& key, Micros now);
    void give_back(const std::string& key);
    std::size_t size() const { return full_at_.size(); }

  private:
    void make_room(Micros now);

    Rule rule_;
    std::size_t most_;
    std::unordered_map<std::string, Micros> full_at_;  ///< when the bucket will be full again
};

/// Thread-safe. What is tried counts as failed until it has succeeded, so that attempts side by side gain nothing. What
/// cannot be tried (prove() throws) does not count.
class Throttle {
  public:
    explicit Throttle(const Clock& clock) : clock_(clock) {}

    /// Throws RequestError (throttled) when `peer` or `name` has failed too often of late. An empty peer does not
    /// count.
    void check(std::string_view peer, const std::string& name);
    bool attempt(std::string_view peer, const std::string& name, const std::function<bool()>& prove);  ///< as prove()

  private:
    void begin(const std::string& peer, const std::string& name);
    void give_back(const std::string& peer, const std::string& name);
    void check_locked(const std::string& peer, const std::string& name, Micros now) const;

    const Clock& clock_;
    std::mutex mutex_;
    Buckets peers_{{.burst = 10, .pause = 6 * kSecond}};  // guarded by mutex_
    Buckets names_{{.burst = 20, .pause = 3 * kSecond}};  // guarded by mutex_: more, for others may try a name
};

}  // namespace foliot::service
