#include "service/watching.hpp"

#include "service/unit.hpp"

#include <algorithm>
#include <utility>

namespace foliot::service {
namespace {

constexpr std::size_t kMostRows = 32;          // in one snapshot, which must be short
constexpr std::size_t kMostBytes = 1U << 20U;  // of texts, likewise

std::size_t bytes_of(const Sight& sight) {
    if (sight.run) {
        const store::RunView& run = *sight.run;
        const auto size = [](const std::optional<std::string>& text) { return text ? text->size() : 0; };
        return run.error.size() + size(run.result) + size(run.args) + size(run.kwargs);
    }
    return sight.job ? sight.job->definition.args.size() + sight.job->definition.kwargs.size() : 0;
}

bool is_gone(const Job& job) {
    return job.state.status == JobStatus::finished || job.state.status == JobStatus::deleted;
}

}  // namespace

Watcher::Watcher(store::Store& store, Changes& changes, WatchQuery query)
    : store_(store), all_(changes), query_(std::move(query)), reader_(changes, query_.after) {}

std::string Watcher::position() const {
    return all_.id_of(changes_.empty() ? reader_.position() : changes_.front().n - 1);
}

std::optional<std::vector<Sight>> Watcher::next() {
    std::vector<Sight> sights;
    if (changes_.empty()) {
        auto taken = reader_.take();
        if (!taken) return std::nullopt;
        changes_ = *std::move(taken);
        std::erase_if(changes_, [&](const Change& change) { return query_.kind && *query_.kind != change.kind; });
    }
    if (changes_.empty()) return sights;
    std::size_t looked_at = 0;
    read(store_, [&](store::Snapshot& snapshot) {
        for (std::size_t bytes = 0; looked_at < std::min(changes_.size(), kMostRows) && bytes < kMostBytes;) {
            if (auto sight = look_at(snapshot, changes_[looked_at++])) {
                bytes += bytes_of(*sight);
                sights.push_back(*std::move(sight));
            }
        }
    });
    changes_.erase(changes_.begin(), changes_.begin() + static_cast<std::ptrdiff_t>(looked_at));
    return sights;
}

/// Nothing: it is not wanted, or was pruned.
std::optional<Sight> Watcher::look_at(store::Snapshot& snapshot, const Change& change) const {
    if (change.kind == Change::Kind::job) return look_at_job(snapshot, change);
    if (change.kind == Change::Kind::module) {
        auto module = query_.job_id ? std::nullopt : snapshot.module(change.ref);
        if (!module) return std::nullopt;
        return Sight{.id = all_.id_of(change.n), .module = std::move(module)};
    }
    auto run = snapshot.run(RunId{change.ref});
    if (!run || !is_wanted(run->job_id)) return std::nullopt;
    return Sight{.id = all_.id_of(change.n), .run = std::move(run)};
}

std::optional<Sight> Watcher::look_at_job(store::Snapshot& snapshot, const Change& change) const {
    auto job = snapshot.job(JobKey{change.ref});
    if (!job || !is_wanted(job->state.id)) return std::nullopt;
    Sight sight{.id = all_.id_of(change.n)};
    if (!is_gone(*job)) {
        sight.job = std::move(job);
    } else {
        if (snapshot.job(job->state.id)) return std::nullopt;  // another one has its id now, and tells of itself
        sight.gone_job = job->state.id;
    }
    return sight;
}

std::unique_ptr<Watcher> Watching::open(const Caller& caller, WatchQuery query) {
    require(caller, Power::read, "read executions and jobs");
    return std::make_unique<Watcher>(store_, changes_, std::move(query));
}

}  // namespace foliot::service
