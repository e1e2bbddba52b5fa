// Who gets the free places: pure.
#pragma once

#include "store/store.hpp"

#include <cstdint>
#include <functional>
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

/// The lanes that were served last, from turn to turn: whose turn it is comes behind them.
struct Turns {
    std::int64_t any = 0;                         ///< of the places that are open to all
    std::map<std::int64_t, std::int64_t> module;  ///< of a module's own, by its lane
    bool any_first = false;
};

/// How many runs of the lane could be placed at most, by what is held before the turn.
int most_places(const Room& room, std::int64_t lane);

/// Takes what the run needs besides a place; false: its lane cannot go on in this turn.
using Take = std::function<bool(const Candidate&)>;

/// Each lane's best (priority, then due, then the order given) go first; a module's own places go round its lanes,
/// those open to all go round all lanes, but for the kept ones, of which a module gets one if it holds none.
/// `alternate`: lanes compete for something besides places, so neither kind of place is always given out first.
std::vector<Candidate> share_places(Lanes&& lanes, const Room& room, Turns& turns, const Take& take, bool alternate);

}  // namespace foliot::store::sqlite
