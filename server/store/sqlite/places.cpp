#include "store/sqlite/places.hpp"

#include <algorithm>

namespace foliot::store::sqlite {
namespace {

bool goes_first(const Candidate& a, const Candidate& b) {
    if (a.prio != b.prio) return a.prio > b.prio;
    return a.due < b.due;
}

/// A lane's runs in their order; closed for this turn when one cannot have what it needs.
class Queue {
  public:
    Queue(std::int64_t lane, std::vector<Candidate> runs) : lane_(lane), runs_(std::move(runs)) {
        std::stable_sort(runs_.begin(), runs_.end(), goes_first);
    }
    std::int64_t lane() const { return lane_; }

    bool give_place(const Take& take, std::vector<Candidate>& chosen) {
        if (taken_ == runs_.size()) return false;
        const Candidate& run = runs_[taken_];
        if (!take(run)) {
            taken_ = runs_.size();
            return false;
        }
        ++taken_;
        chosen.push_back(run);
        return true;
    }

  private:
    std::int64_t lane_;
    std::vector<Candidate> runs_;
    std::size_t taken_ = 0;
};

/// Whose module holds a place. One that was given out in this turn counts.
class Holders {
  public:
    explicit Holders(const Room& room) : kept_(room.kept) {
        if (kept_ > 0) lanes_ = room.holders;
    }
    /// With so many places left, is the next one for this lane?
    bool may_take(std::int64_t lane, int places) const { return places > kept_ || !has(lane); }
    void took(std::int64_t lane) {
        if (kept_ > 0 && !has(lane)) lanes_.push_back(lane);
    }

  private:
    bool has(std::int64_t lane) const {
        const LaneRange module = lanes_of_module(lane);
        return std::any_of(lanes_.begin(), lanes_.end(), [&](std::int64_t one) { return module.contains(one); });
    }
    int kept_;
    std::vector<std::int64_t> lanes_;
};

/// Gives out places one a lane, round and round, beginning behind `last`, which is moved on.
void serve(std::vector<Queue*> queues, int places, Holders holders, std::int64_t& last, const Take& take,
           std::vector<Candidate>& chosen) {
    const auto first = std::find_if(queues.begin(), queues.end(), [&](const Queue* q) { return q->lane() > last; });
    std::rotate(queues.begin(), first, queues.end());
    for (bool progress = true; places > 0 && progress;) {
        progress = false;
        for (Queue* queue : queues) {
            if (places == 0) break;
            if (!holders.may_take(queue->lane(), places) || !queue->give_place(take, chosen)) continue;
            holders.took(queue->lane());
            last = queue->lane();
            --places;
            progress = true;
        }
    }
}

void serve_modules(std::vector<Queue>& queues, const Room& room, Turns& turns, const Take& take,
                   std::vector<Candidate>& chosen) {
    for (const Room::Lane& own : room.lanes) {
        const LaneRange range = lanes_of_module(own.lane);
        std::vector<Queue*> mine;
        for (Queue& queue : queues) {
            if (range.contains(queue.lane())) mine.push_back(&queue);
        }
        if (!mine.empty()) serve(std::move(mine), own.places, Holders(Room{}), turns.module[own.lane], take, chosen);
    }
}

}  // namespace

int most_places(const Room& room, std::int64_t lane) {
    int places = Holders(room).may_take(lane, 0) ? room.any : std::max(0, room.any - room.kept);
    for (const Room::Lane& own : room.lanes) {
        if (lanes_of_module(own.lane).contains(lane)) places += own.places;
    }
    return places;
}

std::vector<Candidate> share_places(Lanes&& lanes, const Room& room, Turns& turns, const Take& take, bool alternate) {
    std::vector<Queue> queues;
    queues.reserve(lanes.size());
    for (auto& [lane, runs] : lanes) queues.emplace_back(lane, std::move(runs));
    std::vector<Queue*> all;
    all.reserve(queues.size());
    for (Queue& queue : queues) all.push_back(&queue);

    std::vector<Candidate> chosen;
    turns.any_first = alternate && !turns.any_first;
    if (!turns.any_first) serve_modules(queues, room, turns, take, chosen);
    serve(std::move(all), room.any, Holders(room), turns.any, take, chosen);
    if (turns.any_first) serve_modules(queues, room, turns, take, chosen);
    return chosen;
}

}  // namespace foliot::store::sqlite
