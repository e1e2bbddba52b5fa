// A unit of work's hands on the database.
#pragma once

#include "store/sqlite/accounts.hpp"
#include "store/sqlite/hooks.hpp"
#include "store/sqlite/key_uses.hpp"
#include "store/sqlite/schedules.hpp"
#include "store/sqlite/work.hpp"

namespace foliot::store::sqlite {

class UnitTx final : public Tx, private Settings {
  public:
    struct Context {
        const PublicIds& public_ids;
        std::int32_t node;
        std::string refusal;  ///< why jobs may not be changed now; "": they may
        bool held;            ///< this node claims nothing
    };
    UnitTx(Work& work, Context context)
        : work_(work), context_(std::move(context)), accounts_(work), schedules_(work), hooks_(work) {}

    Micros now() override { return work_.now; }
    std::optional<Job> job(std::string_view id) override;
    std::optional<Job> job(JobKey key) override;
    const PublicIds& public_ids() override { return context_.public_ids; }
    bool claims_held() override;
    void settle(JobKey key, const Planner& planner) override;
    JobKey put_job(const JobWrite& write, ExpectedRev expected) override;
    void pause(JobKey key) override;
    void resume(JobKey key, const Arming& arming) override;
    void set_next_fire(JobKey key, const Arming& arming) override;
    void settle_step_back(Micros by) override;
    void remove(JobKey key) override;
    RunId run_now(JobKey key, const ManualRun& run) override;
    std::shared_ptr<const Definition> definition_of(RunId run) override;
    bool request_stop(RunId run, StopWhy why) override;
    void note_wait(RunId run, std::string_view reason) override;
    void end_ready(RunId run, RunState state, std::string_view reason, std::string_view error) override;
    Accounts& accounts() override { return accounts_; }
    Schedules& schedules() override { return schedules_; }
    Hooks& hooks() override { return hooks_; }
    Settings& settings() override { return *this; }
    void set_limits(const RunLimits& limits) override;
    void put_module(const ModuleRecord& record) override;
    void remove_module(std::string_view name) override;
    std::optional<KeyUse> key_use(const IdempotencyKey& key) override { return find_key_use(work_, key); }
    void note_key_use(const IdempotencyKey& key, const KeyUse& use) override { sqlite::note_key_use(work_, key, use); }
    void audit(const AuditEntry& entry) override;
    void after_commit(Event event) override { work_.events.push_back(event); }

  private:
    EngineState engine_state() override;
    void set_engine_state(EngineState state) override;
    void set_draining(bool draining) override;
    std::optional<std::string> get(std::string_view key) override;
    void set(std::string_view key, std::string_view value) override;

    Work& work_for_jobs();  ///< throws StoreUnavailable while jobs may not be changed

    Work& work_;
    Context context_;
    UnitAccounts accounts_;
    UnitSchedules schedules_;
    UnitHooks hooks_;
};

}  // namespace foliot::store::sqlite
