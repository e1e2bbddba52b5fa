// Workers that exist only in memory: they begin and end runs when the test says so, and die with the server. What they
// did is known, so that history can be held against it.
#pragma once

#include "runner/runner.hpp"
#include "store/store.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace foliot::testing {

class Workers final : public runner::Runner {
  public:
    struct Held {
        runner::RunOrder order;
        bool begun = false;
        bool stop = false;
    };
    /// Called for each run that is given out, before it is held.
    std::function<void(const runner::RunOrder&)> on_submit;

    void submit(std::vector<runner::RunOrder> orders) override;
    void stop(RunId run, StopWhy why) override;
    runner::Collected collect() override;
    void replace_workers(const std::set<std::string>&) override {}
    void shut_down(Micros) override {}
    runner::Census census() const override { return {}; }
    void nudge() override {}
    std::uint64_t beats() const override { return 0; }
    bool idle() const override { return held.empty(); }
    std::optional<runner::OutputPiece> look(RunId, const runner::OutputPosition&) const override { return {}; }

    void begin(std::size_t index);
    void end(std::size_t index, const Verdict& verdict, Micros now);
    void give_back(std::size_t index);
    /// All of them die. What the start ledger says afterwards of a run under that claim.
    std::map<std::pair<RunId, std::int64_t>, store::LedgerEntry> die(Micros now);

    std::vector<Held> held;
    std::map<RunId, Verdict> ended;  ///< how each run's code ended
    std::set<RunId> begun;           ///< whose code began, once
    std::set<RunId> stopped;         ///< that were ordered to stop
    int places = 4;

  private:
    std::set<std::int64_t> claims_;
    runner::Collected next_;
    std::map<std::pair<RunId, std::int64_t>, store::LedgerEntry> unsaid_;  ///< ended, perhaps not stored yet
};

}  // namespace foliot::testing
