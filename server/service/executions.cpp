#include "service/executions.hpp"

#include "base/error.hpp"
#include "service/job_unit.hpp"
#include "service/sift.hpp"
#include "service/unit.hpp"

namespace foliot::service {
namespace {

constexpr int kMostPieces = 1'024;              // at what a run writes faster than it is looked at
constexpr std::size_t kMostBytes = 16U << 20U;  // of a page: results are up to 1 MiB, arguments 512 KiB

store::RunFilter filter_of(const ExecutionQuery& query) {
    store::RunFilter filter;
    filter.job_id = query.job_id;
    filter.states = query.states;
    filter.from = query.from;
    filter.until = query.until;
    filter.before = query.before;
    filter.limit = query.limit;
    filter.max_bytes = kMostBytes;
    return filter;
}

/// A page of a job's runs goes on behind a row, not behind a number.
bool has_cursor(store::Snapshot& snapshot, const store::RunFilter& filter) {
    return !filter.job_id || !filter.before || snapshot.run(RunId{*filter.before});
}

void check_cursor(store::Snapshot& snapshot, const store::RunFilter& filter) {
    if (has_cursor(snapshot, filter)) return;
    throw invalid_field("cursor", "names an execution that is no longer kept; begin anew without it");
}

}  // namespace

store::Page<store::RunView> Executions::list(const Caller& caller, const ExecutionQuery& query) {
    require(caller, Power::read, "read executions");
    store::RunFilter filter = filter_of(query);
    if (query.cursor) {
        const auto number = store_.public_ids().parse(*query.cursor);
        if (!number) throw invalid_field("cursor", "is none that this server gave: '" + *query.cursor + "'");
        filter.before = *number;
    }
    bool is_first = true;
    const auto page = [&](const store::RunFilter& some) {
        store::Page<store::RunView> runs;
        read(store_, [&](store::Snapshot& snapshot) {
            if (!is_first && !has_cursor(snapshot, some)) return;  // pruned meanwhile, and what is older before it
            check_cursor(snapshot, some);
            runs = snapshot.runs(some);
        });
        is_first = false;
        return runs;
    };
    return query.wanted ? sift(filter, page, query.wanted) : page(filter);
}

store::RunView Executions::get(const Caller& caller, std::string_view id) {
    require(caller, Power::read, "read executions");
    store::RunView run;
    read(store_, [&](store::Snapshot& snapshot) { run = find_run(store_, snapshot, id); });
    return run;
}

std::vector<OutputChunk> Executions::output(const Caller& caller, std::string_view id) {
    Following following = follow(caller, id);
    std::vector<OutputChunk> chunks;
    for (int looks = 0; looks < kMostPieces && following.next(chunks) == Following::Then::look_again; ++looks) {}
    return chunks;
}

Following Executions::follow(const Caller& caller, std::string_view id) {
    return {store_, look_on_, get(caller, id).id};
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
