#include "store/sqlite/happened.hpp"

namespace foliot::store::sqlite {

void Happened::append(const Happened& other) {
    endings_.insert(endings_.end(), other.endings_.begin(), other.endings_.end());
    for (std::size_t i = 0; i < counts_.fires.size(); ++i) counts_.fires[i] += other.counts_.fires[i];
    counts_.retries += other.counts_.retries;
}

void Happened::count_in(Tally& tally, Micros now) const {
    for (const Ending& one : endings_) {
        tally.ended[static_cast<std::size_t>(one.state) - kFirstFinal][one.reason].add(
            static_cast<std::uint64_t>(one.rows));
        if (one.state == RunState::succeeded) tally.last_success = now;
    }
    for (std::size_t i = 0; i < counts_.fires.size(); ++i) {
        if (counts_.fires[i] > 0) tally.fires[i].add(counts_.fires[i]);
    }
    if (counts_.retries > 0) tally.retries.add(counts_.retries);
}

}  // namespace foliot::store::sqlite
