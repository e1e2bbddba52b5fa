#include "store/sqlite/places.hpp"

#include <algorithm>

namespace foliot::store::sqlite {
namespace {

struct Queue {
    std::int64_t lane;
    std::vector<Candidate> runs;
    std::size_t taken = 0;
    bool empty() const { return taken == runs.size(); }
};

bool goes_first(const Candidate& a, const Candidate& b) {
    if (a.prio != b.prio) return a.prio > b.prio;
    return a.due < b.due;
}

int own_places(const Room& room, std::int64_t lane) {
    int places = 0;
    for (const Room::Lane& entry : room.lanes) {
        if (entry.lane == lane) places += entry.places;
    }
    return places;
}

std::vector<Queue> queues_behind(Lanes&& lanes, std::int64_t last_lane) {
    std::vector<Queue> queues;
    for (auto& [lane, runs] : lanes) {
        std::stable_sort(runs.begin(), runs.end(), goes_first);
        queues.push_back({lane, std::move(runs)});
    }
    const auto first = std::find_if(queues.begin(), queues.end(), [&](const Queue& q) { return q.lane > last_lane; });
    std::rotate(queues.begin(), first, queues.end());
    return queues;
}

}  // namespace

int most_places(const Room& room, std::int64_t lane) { return own_places(room, lane) + room.any; }

std::vector<Candidate> share_places(Lanes lanes, const Room& room, std::int64_t& last_lane) {
    std::vector<Queue> queues = queues_behind(std::move(lanes), last_lane);
    std::vector<Candidate> chosen;
    for (Queue& queue : queues) {
        for (int places = own_places(room, queue.lane); places > 0 && !queue.empty(); --places) {
            chosen.push_back(queue.runs[queue.taken++]);
        }
    }
    int any = room.any;
    for (bool progress = true; any > 0 && progress;) {
        progress = false;
        for (Queue& queue : queues) {
            if (any == 0 || queue.empty()) continue;
            chosen.push_back(queue.runs[queue.taken++]);
            last_lane = queue.lane;
            --any;
            progress = true;
        }
    }
    return chosen;
}

}  // namespace foliot::store::sqlite
