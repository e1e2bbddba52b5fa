// What became of executions since the store was opened, and how its commits went: counted where it is committed.
#pragma once

#include "base/tally.hpp"
#include "domain/endings.hpp"

#include <array>
#include <cstdint>

namespace foliot::store {

inline constexpr std::array<Micros, 12> kCommitBounds{200,
                                                      500,
                                                      kMillisecond,
                                                      2 * kMillisecond,
                                                      5 * kMillisecond,
                                                      10 * kMillisecond,
                                                      25 * kMillisecond,
                                                      50 * kMillisecond,
                                                      100 * kMillisecond,
                                                      500 * kMillisecond,
                                                      kSecond,
                                                      5 * kSecond};

/// What becomes of a fire as far as it is known when it is planned.
enum class FireFate { run, missed, skipped };

struct Tally {
    std::array<std::array<Count, kReasons.size()>, kFinalStates> ended;  ///< executions, by state and number of reason
    std::array<Count, 3> fires;                                          ///< nominal fire times, by FireFate
    Count retries;                                                       ///< attempts that others ask for
    Count units, refused_units, commits, failed_commits;
    Durations commit_time{kCommitBounds};  ///< of all commits, with the work in them
    std::atomic<Micros> last_success{0};   ///< UTC, when one was stored; 0: none yet
};

/// How many executions wait now.
struct Queue {
    std::int64_t waiting = 0;  ///< for their time: retries, jitter
    std::int64_t blocked = 0;  ///< behind others of their job
    std::int64_t ready = 0;    ///< for a place
};

}  // namespace foliot::store
