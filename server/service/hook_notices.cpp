#include "service/hook_notices.hpp"

#include "service/hook_data.hpp"
#include "service/hook_events.hpp"
#include "service/hook_unit.hpp"
#include "service/unit.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace foliot::service {
namespace {

constexpr std::size_t kMostDeliveries = 100;  // in a unit, if every webhook wants every end

struct Ending {
    RunId run{};
    std::optional<store::RunView> view;  ///< nothing: it was pruned
};

std::vector<Ending> some_endings(store::Store& store) {
    std::vector<Ending> endings;
    read(store, [&](store::Snapshot& snapshot) {
        const auto hooks = static_cast<std::size_t>(snapshot.hooks().hook_count());
        const std::size_t most = std::max<std::size_t>(1, kMostDeliveries / std::max<std::size_t>(1, hooks));
        for (const RunId run : snapshot.hooks().endings(most)) endings.push_back({run, snapshot.run(run)});
    });
    return endings;
}

}  // namespace

bool HookNotices::tell_some() {
    const auto endings = some_endings(store_);
    if (endings.empty()) return false;
    write(store_, [&](store::Tx& tx) {
        for (const auto& [run, view] : endings) {
            tx.hooks().forget_ending(run);
            if (!view) continue;
            tell_hooks(tx, event_of(view->state), [&, &seen = *view] { return hook_data(seen, tx.public_ids()); });
        }
    });
    return true;
}

}  // namespace foliot::service
