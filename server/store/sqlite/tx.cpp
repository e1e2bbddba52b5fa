#include "store/sqlite/tx.hpp"

#include "store/sqlite/audit.hpp"
#include "store/sqlite/fires.hpp"
#include "store/sqlite/jobs.hpp"
#include "store/sqlite/meta.hpp"
#include "store/sqlite/runs.hpp"
#include "store/sqlite/slots.hpp"

namespace foliot::store::sqlite {

std::optional<Job> UnitTx::job(std::string_view id) {
    auto row = find_job(work_.db, id);
    if (!row) return std::nullopt;
    const auto definition = work_.definitions.get_or_placeholder(work_.db, row->state.key, row->state.rev);
    return Job{std::move(row->state), *definition};
}

std::optional<Job> UnitTx::job(JobKey key) {
    auto row = find_job(work_.db, key);
    if (!row) return std::nullopt;
    const auto definition = work_.definitions.get_or_placeholder(work_.db, key, row->state.rev);
    return Job{std::move(row->state), *definition};
}

Work& UnitTx::work_for_jobs() {
    if (!context_.refusal.empty()) throw StoreUnavailable(context_.refusal);
    return work_;
}

void UnitTx::settle(JobKey key, const Planner& planner) {
    sqlite::settle(work_for_jobs(), key, planner, claims_held() ? work_.now : awake_since(work_.db));
}

bool UnitTx::claims_held() { return context_.held || engine_state() != EngineState::running; }

JobKey UnitTx::put_job(const JobWrite& write, ExpectedRev expected) {
    return sqlite::put_job(work_for_jobs(), context_.public_ids, write, expected);
}

void UnitTx::pause(JobKey key) { pause_job(work_for_jobs(), key); }

void UnitTx::resume(JobKey key, const Arming& arming) { resume_job(work_for_jobs(), key, arming); }

void UnitTx::set_next_fire(JobKey key, const Arming& arming) { sqlite::set_next_fire(work_for_jobs(), key, arming); }

void UnitTx::remove(JobKey key) { remove_job(work_for_jobs(), key); }

void UnitTx::settle_step_back(Micros by) {
    work_.db.query("UPDATE execution SET due=max(?1,due-?2) WHERE state=0 AND due>?1").bind(work_.now, by).run();
    set_meta(work_.db, "last_seen", std::to_string(work_.now));
}

RunId UnitTx::run_now(JobKey key, const ManualRun& run) { return sqlite::run_now(work_for_jobs(), key, run); }

std::shared_ptr<const Definition> UnitTx::definition_of(RunId run) {
    Query row = work_.db.query("SELECT job_key,rev FROM execution WHERE id=?");
    if (!row.bind(run).next()) throw Refused(Refused::Why::missing, "there is no such execution");
    return work_.definitions.get_or_placeholder(work_.db, JobKey{row.integer(0)}, row.integer(1));
}

bool UnitTx::request_stop(RunId run, StopWhy why) { return sqlite::request_stop(work_, run, why); }

void UnitTx::note_wait(RunId run, std::string_view reason) { sqlite::note_wait(work_, run, reason); }

void UnitTx::end_ready(RunId run, RunState state, std::string_view reason, std::string_view error) {
    sqlite::end_ready(work_, run, state, reason, error);
}

void UnitTx::set_limits(const RunLimits& limits) { sqlite::set_limits(work_, limits); }

void UnitTx::put_module(const ModuleRecord& record) {
    work_.db
        .query(
            "INSERT INTO module(node,name,path,identity,version,status,problem,meta,at) VALUES(?,?,?,?,?,?,?,?,?) "
            "ON CONFLICT(node,name) DO UPDATE SET path=excluded.path,identity=excluded.identity,"
            "version=excluded.version,status=excluded.status,problem=excluded.problem,meta=excluded.meta,"
            "at=excluded.at")
        .bind(context_.node, record.name, record.path, record.identity, record.version, record.status, record.problem,
              record.meta, record.at)
        .run();
}

void UnitTx::remove_module(std::string_view name) {
    work_.db.query("DELETE FROM module WHERE node=? AND name=?").bind(context_.node, name).run();
}

void UnitTx::audit(const AuditEntry& entry) { add_audit(work_, entry); }

EngineState UnitTx::engine_state() { return sqlite::engine_state(work_.db); }

void UnitTx::set_engine_state(EngineState state) {
    if (engine_state() == state) return;
    set_meta(work_.db, "engine_state", std::to_string(static_cast<int>(state)));
    if (state == EngineState::running) set_meta(work_.db, "awake_since", std::to_string(work_.now));
    work_.tell(Event::Kind::engine_state, static_cast<std::int64_t>(state));
}

void UnitTx::set_draining(bool draining) {
    work_.db.query("UPDATE node SET draining=? WHERE id=?").bind(draining ? 1 : 0, context_.node).run();
}

std::optional<std::string> UnitTx::get(std::string_view key) { return get_setting(work_.db, key); }

void UnitTx::set(std::string_view key, std::string_view value) { set_meta(work_.db, "set." + std::string(key), value); }

}  // namespace foliot::store::sqlite
