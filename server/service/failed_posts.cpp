#include "service/failed_posts.hpp"

#include "base/error.hpp"
#include "service/unit.hpp"

namespace foliot::service {
namespace {

constexpr std::size_t kMostBytes = 16U << 20U;  // of a page
constexpr std::size_t kLookedAtOnce = 50;
constexpr int kMostLooks = 200;                // of a request to try all again, and
constexpr std::int64_t kMostRequeued = 2'000;  // so many: the server may want to stop

store::RunFilter filter_of(const FailedQuery& query) {
    store::RunFilter filter;
    filter.states = {RunState::failed, RunState::timeout, RunState::error, RunState::missed};
    filter.func = "http:post";
    filter.last_attempts = true;
    filter.limit = query.limit;
    filter.before = query.before;
    filter.after = query.after;
    filter.max_bytes = kMostBytes;
    return filter;
}

}  // namespace

store::Page<store::RunView> FailedPosts::find(const FailedQuery& query) {
    store::Page<store::RunView> page;
    read(store_, [&](store::Snapshot& snapshot) { page = snapshot.runs(filter_of(query)); });
    return page;
}

FailedPage FailedPosts::list(const Caller& caller, const FailedQuery& query) {
    require(caller, Power::read, "read executions");
    auto found = find(query);
    FailedPage page{std::move(found.items), found.next};
    read(store_, [&](store::Snapshot& snapshot) { page.count = snapshot.count_bad_runs(filter_of(query)); });
    return page;
}

store::RunView FailedPosts::get(const Caller& caller, std::string_view id) {
    require(caller, Power::read, "read executions");
    const auto number = store_.public_ids().parse(id);
    if (number) {
        for (auto& run : find({.limit = 1, .after = *number - 1}).items) {
            if (raw(run.id) == *number) return std::move(run);
        }
    }
    throw RequestError(Problem::not_found, "Failed task " + std::string(id) + " not found");
}

/// From the newest on to older ones, so that what fails again meanwhile is not tried for ever.
void FailedPosts::requeue_all(const Caller& caller) {
    require(caller, Power::run, "run jobs");
    FailedQuery query{.limit = kLookedAtOnce};
    std::int64_t queued = 0;
    for (int looks = 0; looks < kMostLooks && queued < kMostRequeued; ++looks) {
        const auto page = find(query);
        queued += jobs_.retry_all(caller, page.items);
        if (!page.next) return;
        query.before = page.next;
    }
}

}  // namespace foliot::service
