// The store on one SQLite file, for one server.
#pragma once

#include "base/fd.hpp"
#include "store/sqlite/checkpointer.hpp"
#include "store/sqlite/definitions.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/prune.hpp"
#include "store/sqlite/readers.hpp"
#include "store/sqlite/writer.hpp"
#include "store/store.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <vector>

namespace foliot::store::sqlite {

class SqliteStore final : public Store {
  public:
    SqliteStore(const SqliteOptions& options, const Clock& clock);

    Micros now() override { return clock_.now(); }
    Fence join(const NodeInfo& node) override;
    Recovered recover(const Fence& fence, const LedgerLookup& ledger, bool nothing_proven) override;
    bool ledger_changed(const NodeInfo& node) override;
    TurnOut turn(const Fence& fence, const TurnIn& in, const Planner& planner) override;
    Micros last_seen() override;
    void refuse_changes(const std::string& why) override;
    void write(Class cls, const std::function<void(Tx&)>& unit) override;
    Pruned prune(const Retention& retention) override;
    std::unique_ptr<Snapshot> read() override;
    void subscribe(std::function<void(const Event&)> listener) override;
    void backup_to(const std::filesystem::path& file) override;
    const PublicIds& public_ids() override { return public_ids_; }
    const Tally& tally() const override { return writer_.tally(); }

    /// The file may not grow beyond so many pages (0: no limit); as if the disk were full then.
    void limit_pages(std::int64_t pages) { writer_.limit_pages(pages); }
    std::int64_t wal_pages() const { return writer_.wal_pages(); }

  private:
    struct Opened;  // what opening finds out before the members are made
    SqliteStore(const SqliteOptions& options, const Clock& clock, Opened opened);

    void committed(std::vector<Event>& events, std::vector<StopOrder>& stops);
    void tell(const std::vector<Event>& events);
    std::string refusal();
    void trim_wal();
    bool is_news(Micros now, const TurnIn& in) const;
    TurnOut run_turn(Work& work, const Fence& fence, const TurnIn& in, const Planner& planner);

    SqliteOptions options_;
    const Clock& clock_;
    Fd lock_;
    PublicIds public_ids_;
    IdGenerator ids_;
    Definitions definitions_;
    Readers readers_;

    std::mutex turn_mutex_;  // one turn at a time: what follows is its memory
    Turns turns_;
    std::atomic<bool> claims_held_{false};  ///< the last turn claimed nothing
    std::string ledger_;                    ///< id, of this life; stored once the last life is judged
    Micros last_seen_ = 0;

    std::mutex prune_mutex_;
    Pruner pruner_;

    std::mutex mutex_;
    std::vector<std::function<void(const Event&)>> listeners_;
    std::vector<StopOrder> stops_;  // for the next turn
    std::string refusal_;           // of changes; "": none

    std::int64_t wal_limit_pages_;  // on the committing thread
    Checkpointer checkpointer_;
    Writer writer_;  // last: it calls back
};

}  // namespace foliot::store::sqlite
