// Reading: one deferred transaction on one of the reading connections.
#pragma once

#include "store/sqlite/accounts.hpp"
#include "store/sqlite/definitions.hpp"
#include "store/sqlite/hooks.hpp"
#include "store/sqlite/readers.hpp"
#include "store/sqlite/schedules.hpp"
#include "store/store.hpp"

namespace foliot::store::sqlite {

class ReadSnapshot final : public Snapshot {
  public:
    ReadSnapshot(Readers& readers, Definitions& definitions, const Clock& clock);

    std::optional<Job> job(std::string_view id) override;
    std::optional<Job> job(JobKey key) override;
    std::optional<JobRecord> latest_job(std::string_view id) override;
    std::optional<JobRecord> job_record(JobKey key) override;
    std::vector<JobRecord> job_records(const RecordFilter& filter) override;
    std::int64_t count_job_records(std::string_view func) override;
    Page<Job> jobs(const JobFilter& filter) override;
    Page<JobAuthor> authors(std::size_t limit, std::int64_t after_key) override;
    Page<Job> jobs_by_next_fire(std::size_t limit, std::size_t max_bytes) override;
    std::optional<RunView> run(RunId id) override;
    Page<RunView> runs(const RunFilter& filter) override;
    std::int64_t count_bad_runs(const RunFilter& filter) override;
    std::vector<OutputChunk> output(RunId id) override;
    std::optional<RunView> row_covering(JobKey key, Micros nominal) override;
    std::optional<RunView> last_row(JobKey key) override;
    std::vector<RunView> rows_at(JobKey key, Micros nominal) override;
    std::vector<RunView> live_runs(JobKey key, std::size_t limit) override;
    UnnotedRuns unnoted_runs(std::string_view module, const std::optional<ReadyPlace>& after,
                             std::size_t look_at) override;
    Page<AuditEntry> audit(const AuditFilter& filter) override;
    AccountReader& accounts() override { return accounts_; }
    ScheduleReader& schedules() override { return schedules_; }
    HookReader& hooks() override { return hooks_; }
    EngineState engine_state() override;
    std::vector<ModuleRecord> modules() override;
    std::optional<ModuleRecord> module(std::int64_t row) override;
    std::vector<SlotView> slots() override;
    Queue queue(std::int64_t most) override;
    std::string setting(std::string_view key) override;
    std::int64_t fires_accounted(JobKey key) override;

  private:
    struct Guard {
        ReadSnapshot& snapshot;
        template <class Body>
        auto operator()(Body body) {
            return snapshot.guarded(body);
        }
    };

    template <class Body>
    auto guarded(Body body) -> decltype(body()) {
        check_time();
        try {
            return body();
        } catch (const SqlError& error) {
            fail(error);
        }
    }
    void check_time() const;
    [[noreturn]] static void fail(const SqlError& error);
    Job with_definition(JobState state);
    JobRecord record_of(const Query& query);

    Definitions& definitions_;
    const Clock& clock_;
    Micros end_ = 0;
    Reading db_;
    AccountReads<AccountReader, Guard> accounts_;
    ScheduleReads<ScheduleReader, Guard> schedules_;
    HookReads<HookReader, Guard> hooks_;
};

}  // namespace foliot::store::sqlite
