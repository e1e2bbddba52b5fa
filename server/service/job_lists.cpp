#include "base/error.hpp"
#include "service/job_unit.hpp"
#include "service/jobs.hpp"
#include "service/unit.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace foliot::service {
namespace {

constexpr std::size_t kListLimit = 10'000;
constexpr std::size_t kListBytes = 64U << 20U;
constexpr std::size_t kReadAtOnce = 500;  // of a snapshot, which must be short

bool by_next_run(const Job& a, const Job& b) {
    constexpr Micros kNever = std::numeric_limits<Micros>::max();
    const Micros next_a = a.state.next_fire.value_or(kNever);
    const Micros next_b = b.state.next_fire.value_or(kNever);
    return std::tie(next_a, a.state.id) < std::tie(next_b, b.state.id);
}

}  // namespace

Job Jobs::get(const Caller& caller, std::string_view id) {
    require(caller, Power::read, "read jobs");
    std::optional<Job> job;
    read(store_, [&](store::Snapshot& snapshot) { job = snapshot.job(id); });
    if (!job) throw job_not_found(id);
    return *std::move(job);
}

store::Page<Job> Jobs::list(const Caller& caller) {
    require(caller, Power::read, "read jobs");
    store::Page<Job> page;
    read(store_, [&](store::Snapshot& snapshot) { page = snapshot.jobs_by_next_fire(kListLimit, kListBytes); });
    std::sort(page.items.begin(), page.items.end(), by_next_run);
    return page;
}

store::Page<Job> Jobs::find(const Caller& caller, const JobQuery& query) {
    require(caller, Power::read, "read jobs");
    if (query.limit) return pick(query, *query.limit);
    if (query.cursor) throw invalid_field("cursor", "goes with a limit");
    if (!query.wanted) return list(caller);
    store::Page<Job> page = pick(query, kListLimit);
    std::sort(page.items.begin(), page.items.end(), by_next_run);
    return page;
}

/// In the order in which they were made.
store::Page<Job> Jobs::pick(const JobQuery& query, std::size_t limit) const {
    store::JobFilter filter{.limit = kReadAtOnce};
    if (query.cursor) {
        const auto after = store_.public_ids().parse(*query.cursor);
        if (!after) throw invalid_field("cursor", "is none that this server gave: '" + *query.cursor + "'");
        filter.after = *after;
    }
    store::Page<Job> picked;
    std::size_t bytes = 0;
    for (std::optional<std::int64_t> next = filter.after; next;) {
        store::Page<Job> page;
        filter.after = *next;
        read(store_, [&](store::Snapshot& snapshot) { page = snapshot.jobs(filter); });
        for (Job& job : page.items) {
            if (query.wanted && !query.wanted(job)) continue;
            if (picked.items.size() == limit || bytes >= kListBytes) {
                picked.next = raw(picked.items.back().state.key);
                return picked;
            }
            bytes += job.definition.args.size() + job.definition.kwargs.size();
            picked.items.push_back(std::move(job));
        }
        next = page.next;
    }
    return picked;
}

}  // namespace foliot::service
