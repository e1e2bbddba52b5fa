#include "base/error.hpp"
#include "service/job_unit.hpp"
#include "service/jobs.hpp"
#include "service/unit.hpp"

namespace foliot::service {
namespace {

constexpr std::size_t kMostBytes = 64U << 20U;
constexpr std::size_t kReadAtOnce = 100;  // of a snapshot, which must be short

JobKey key_in(store::Store& store, std::string_view uid) {
    const auto key = store.public_ids().parse(uid);
    if (!key) throw job_not_found(uid);
    return JobKey{*key};
}

std::size_t bytes_of(const std::vector<store::JobRecord>& records) {
    std::size_t bytes = 0;
    for (const auto& record : records) bytes += record.job.definition.args.size() + record.job.definition.kwargs.size();
    return bytes;
}

}  // namespace

store::JobRecord Jobs::record(const Caller& caller, std::string_view uid, const FuncRef& func) {
    require(caller, Power::read, "read jobs");
    const JobKey key = key_in(store_, uid);
    std::optional<store::JobRecord> record;
    read(store_, [&](store::Snapshot& snapshot) { record = snapshot.job_record(key); });
    if (!record || record->job.definition.func != func) throw job_not_found(uid);
    return *std::move(record);
}

RecordPage Jobs::records(const Caller& caller, const RecordQuery& query) {
    require(caller, Power::read, "read jobs");
    store::RecordFilter filter{.func = query.func};
    if (query.position) (query.backwards ? filter.after : filter.before) = key_in(store_, *query.position);
    RecordPage page;
    read(store_, [&](store::Snapshot& snapshot) { page.count = snapshot.count_job_records(query.func); });
    for (std::size_t bytes = 0; page.items.size() <= query.limit && bytes < kMostBytes;) {
        filter.limit = std::min(kReadAtOnce, query.limit + 1 - page.items.size());
        std::vector<store::JobRecord> some;
        read(store_, [&](store::Snapshot& snapshot) { some = snapshot.job_records(filter); });
        page.more = some.size() == filter.limit;
        if (some.empty()) break;
        (query.backwards ? filter.after : filter.before) = (query.backwards ? some.front() : some.back()).job.state.key;
        bytes += bytes_of(some);
        page.items.insert(query.backwards ? page.items.begin() : page.items.end(), some.begin(), some.end());
        if (!page.more) break;
    }
    if (page.items.size() > query.limit) page.items.erase(query.backwards ? page.items.begin() : page.items.end() - 1);
    return page;
}

/// The wish is made of the job as it was read: when it has changed since, it is made anew.
void Jobs::edit_record(const Caller& caller, std::string_view uid, const FuncRef& func,
                       const std::function<JobEdit(const store::JobRecord&)>& wish) {
    require(caller, Power::write, "edit jobs");
    for (int tries = 3;; --tries) {
        const store::JobRecord found = record(caller, uid, func);
        const JobState& state = found.job.state;
        if (state.status == JobStatus::finished)
            throw RequestError(Problem::invalid, "it has finished: make another one");
        bool stale = false;
        try {
            edit(caller, state.id, wish(found), [&](const JobState& now) {
                stale = now.key != state.key || now.rev != state.rev;
                if (stale) throw RequestError(Problem::conflict, "it was changed in between: try again");
            });
            return;
        } catch (const RequestError&) {
            if (!stale || tries == 1) throw;
        }
    }
}

void Jobs::remove_record(const Caller& caller, std::string_view uid, const FuncRef& func) {
    require(caller, Power::write, "delete jobs");
    const store::JobRecord found = record(caller, uid, func);
    const JobState& state = found.job.state;
    if (state.status != JobStatus::finished) {
        return remove(caller, state.id, [&](const JobState& now) {
            if (now.key != state.key) throw job_not_found(uid);
        });
    }
    require_module(caller, found.job.definition, "delete jobs");
    write(store_, [&](store::Tx& tx) {
        tx.remove(state.key);
        audit(tx, caller, found.job, {"deleted", shown_whole(found.job), ""});
    });
}

}  // namespace foliot::service
