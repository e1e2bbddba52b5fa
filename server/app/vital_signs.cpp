#include "app/vital_signs.hpp"

#include "base/log.hpp"

#include <utility>

namespace foliot::app {

VitalSigns::VitalSigns(store::Store& store, std::vector<Loop> loops) : store_(store) {
    for (Loop& loop : loops) {
        const std::uint64_t beats = loop.beats();
        loop.nudge();
        loops_.push_back({std::move(loop), beats});
    }
}

bool VitalSigns::all_turn() {
    bool all = true;
    for (Watched& watched : loops_) all = turned(watched) && all;
    try {
        store_.write(store::Store::Class::api, [](store::Tx&) {});
    } catch (const std::exception&) {  // the engine tells of it, and holds on to what it has
    }
    return all;
}

bool VitalSigns::turned(Watched& watched) {
    const std::uint64_t beats = watched.loop.beats();
    const bool stuck = beats == watched.seen;
    watched.seen = beats;
    watched.loop.nudge();
    if (std::exchange(watched.stuck, stuck) != stuck) {
        if (stuck) {
            log::error("loop-stuck", watched.loop.name +
                                         " does not turn any more: the service manager is not told that this " +
                                         "server is alive, and ends it");
        } else {
            log::warning("loop-turns-again", watched.loop.name + " turns again");
        }
    }
    return !stuck;
}

}  // namespace foliot::app
