// Who gets the free places: pure.
#pragma once

#include "store/store.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace foliot::store::sqlite {

/// A run that could start now: one that is stored (`stored`) or one that is about to be; `index` is the caller's.
struct Candidate {
    bool stored = false;
    std::size_t index = 0;
    int prio = 5;
    Micros due = 0;
};
using Lanes = std::map<std::int64_t, std::vector<Candidate>>;

/// How many runs of the lane could be placed at most.
int most_places(const Room& room, std::int64_t lane);

/// Each lane's best (priority, then due, then the order given) take its own places; the places open to any lane go
/// round, one a lane at a time, starting behind `last_lane`, which is moved on.
std::vector<Candidate> share_places(Lanes lanes, const Room& room, std::int64_t& last_lane);

}  // namespace foliot::store::sqlite
