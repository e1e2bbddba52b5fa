#include "service/failed_posts.hpp"

#include "base/error.hpp"
#include "service/unit.hpp"

namespace foliot::service {
namespace {

constexpr std::size_t kMostBytes = 16U << 20U;  // of a page

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

std::vector<store::RunView> FailedPosts::find(const FailedQuery& query) {
    std::vector<store::RunView> runs;
    read(store_, [&](store::Snapshot& snapshot) { runs = snapshot.runs(filter_of(query)).items; });
    return runs;
}

FailedPage FailedPosts::list(const Caller& caller, const FailedQuery& query) {
    require(caller, Power::read, "read executions");
    FailedPage page;
    read(store_, [&](store::Snapshot& snapshot) {
        const store::RunFilter filter = filter_of(query);
        auto runs = snapshot.runs(filter);
        page = {std::move(runs.items), runs.next.has_value(), snapshot.count_bad_runs(filter)};
    });
    return page;
}

store::RunView FailedPosts::get(const Caller& caller, std::string_view id) {
    require(caller, Power::read, "read executions");
    const auto number = store_.public_ids().parse(id);
    if (number) {
        for (auto& run : find({.limit = 1, .after = *number - 1})) {
            if (raw(run.id) == *number) return std::move(run);
        }
    }
    throw RequestError(Problem::not_found, "Failed task " + std::string(id) + " not found");
}

/// From the newest on to older ones, so that what fails again meanwhile is not tried for ever.
void FailedPosts::requeue_all(const Caller& caller) {
    require(caller, Power::run, "run jobs");
    FailedQuery query;
    for (auto runs = find(query); !runs.empty(); runs = find(query)) {
        query.before = raw(runs.back().id);
        jobs_.retry_all(caller, runs);
    }
}

}  // namespace foliot::service
