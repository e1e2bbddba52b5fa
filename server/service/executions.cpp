#include "service/executions.hpp"

#include "base/error.hpp"
#include "service/unit.hpp"

#include <algorithm>

namespace foliot::service {
namespace {

constexpr std::size_t kMostLookedAt = 20'000;
constexpr std::size_t kPage = 1'000;

RequestError not_found(std::string_view id) { return {Problem::not_found, "Execution not found: " + std::string(id)}; }

/// The part of the query that the store's indexes answer.
store::RunFilter filter_of(const ExecutionQuery& query) {
    store::RunFilter filter;
    filter.from = query.from;
    filter.until = query.until;
    filter.before = query.before;
    filter.limit = query.limit;
    if (query.states.size() == 1) filter.state = query.states.front();
    return filter;
}

/// Ids are reused by later jobs and finished jobs have none any more, so a job's id is compared row by row.
bool matches(const store::RunView& run, const ExecutionQuery& query) {
    if (query.job_id && run.job_id != *query.job_id) return false;
    return query.states.empty() || std::find(query.states.begin(), query.states.end(), run.state) != query.states.end();
}

store::Page<store::RunView> scan(store::Snapshot& snapshot, const ExecutionQuery& query) {
    store::Page<store::RunView> found;
    store::RunFilter filter = filter_of(query);
    filter.limit = kPage;
    for (std::size_t looked_at = 0; looked_at < kMostLookedAt; looked_at += kPage) {
        auto page = snapshot.runs(filter);
        for (auto& run : page.items) {
            if (!matches(run, query)) continue;
            if (found.items.size() == query.limit) {
                found.next = raw(found.items.back().id);
                return found;
            }
            found.items.push_back(std::move(run));
        }
        found.next = filter.before = page.next;
        if (!page.next) break;
    }
    return found;
}

}  // namespace

RunId Executions::parse(std::string_view id) const {
    const auto number = store_.public_ids().parse(id);
    if (!number) throw not_found(id);
    return RunId{*number};
}

store::RunView Executions::find(store::Snapshot& snapshot, std::string_view id) const {
    auto run = snapshot.run(parse(id));
    if (!run) throw not_found(id);
    return *std::move(run);
}

store::Page<store::RunView> Executions::list(const Caller& caller, const ExecutionQuery& query) {
    require(caller, Power::read, "read executions");
    const bool row_by_row = query.job_id || query.states.size() > 1;
    store::Page<store::RunView> page;
    read(store_, [&](store::Snapshot& snapshot) {
        page = row_by_row ? scan(snapshot, query) : snapshot.runs(filter_of(query));
    });
    return page;
}

store::RunView Executions::get(const Caller& caller, std::string_view id) {
    require(caller, Power::read, "read executions");
    store::RunView run;
    read(store_, [&](store::Snapshot& snapshot) { run = find(snapshot, id); });
    return run;
}

std::vector<OutputChunk> Executions::output(const Caller& caller, std::string_view id) {
    require(caller, Power::read, "read executions");
    std::vector<OutputChunk> chunks;
    read(store_, [&](store::Snapshot& snapshot) {
        find(snapshot, id);
        chunks = snapshot.output(parse(id));
    });
    return chunks;
}

store::RunView Executions::stop(const Caller& caller, std::string_view id) {
    require(caller, Power::run, "stop executions");
    const store::RunView run = get(caller, id);
    write(store_, [&](store::Tx& tx) {
        if (!tx.request_stop(run.id, StopWhy::user)) {
            throw RequestError(Problem::wrong_state, "Execution has already ended: " + std::string(id));
        }
        store::AuditEntry entry;
        entry.actor = caller.who.name;
        entry.via = caller.via;
        entry.event = "stopped";
        entry.kind = "job";
        entry.ref = run.job_id;
        entry.job = run.job;
        entry.name = run.def ? run.def->name : "";
        entry.after = id_of(run.id);
        tx.audit(entry);
        tx.after_commit({store::Event::Kind::stop_requested, raw(run.id)});
    });
    return get(caller, id);
}

}  // namespace foliot::service
