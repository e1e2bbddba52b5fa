#include "service/hook_notices.hpp"

#include "service/hook_data.hpp"
#include "service/hook_events.hpp"
#include "service/hook_unit.hpp"
#include "service/unit.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::service {
namespace {

constexpr std::size_t kMostDeliveries = 100;  // in a unit, if every webhook wants every end

struct Ending {
    RunId run{};
    std::string_view event;           ///< that it is
    std::optional<std::string> data;  ///< nothing: it was pruned
};

std::vector<RunId> some_endings(store::Store& store) {
    std::vector<RunId> runs;
    read(store, [&](store::Snapshot& snapshot) {
        const auto hooks = static_cast<std::size_t>(snapshot.hooks().hook_count());
        runs = snapshot.hooks().endings(std::max<std::size_t>(1, kMostDeliveries / std::max<std::size_t>(1, hooks)));
    });
    return runs;
}

/// In a snapshot of its own: many results together take longer to read than a snapshot may be open.
Ending ending_of(store::Store& store, RunId run) {
    std::optional<store::RunView> view;
    read(store, [&](store::Snapshot& snapshot) { view = snapshot.run(run); });
    if (!view) return {run, {}, std::nullopt};
    return {run, event_of(view->state), hook_data(*view, store.public_ids())};
}

}  // namespace

bool HookNotices::tell_some() {
    std::vector<Ending> endings;
    for (const RunId run : some_endings(store_)) endings.push_back(ending_of(store_, run));
    if (endings.empty()) return false;
    write(store_, [&](store::Tx& tx) {
        for (const Ending& ending : endings) {
            tx.hooks().forget_ending(ending.run);
            if (ending.data) tell_hooks(tx, ending.event, [&] { return *ending.data; });
        }
    });
    return true;
}

}  // namespace foliot::service
