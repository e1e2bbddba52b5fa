// A day in the life of a store, with books of what its callers were told. Whatever the disk does, the database must
// agree with them.
#pragma once

#include "store/store.hpp"
#include "support/manual_clock.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace foliot::testing {

enum class Fate { unknown, done, undone };

struct Books {
    struct Run {
        std::int64_t claim = 0;
        Fate ended = Fate::undone;
        RunState as = RunState::succeeded;
        bool again = false;  ///< its end asked for another attempt
    };
    std::map<std::string, Fate> units;
    std::map<std::int64_t, Run> runs;  ///< those that were given out
    std::set<std::int64_t> claims;
    bool pruned = false;  ///< rows of runs that ended may be gone
};

/// Opens the database as after a crash and compares; then goes on with it and compares again.
void check_books(const std::filesystem::path& folder, const Books& books, Micros now);

class Scenario final {
  public:
    explicit Scenario(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// All of it, in spite of errors. False: the store was away for good.
    bool run();
    Books books() {
        const std::lock_guard lock(mutex_);
        return books_;
    }
    Micros now() const { return clock_.now(); }

  private:
    struct GaveUp {};
    void act(int tick);
    void open();
    void crash();
    void tick();
    void unit(const std::string& name, const std::function<void(store::Tx&)>& body);
    void put(
        const std::string& id, const std::function<void(Definition&)>& change = [](Definition&) {});
    void settled(const std::string& name, const std::string& id, Occasion occasion,
                 const std::function<void(store::Tx&, const Job&)>& body);
    void look();
    void prune();
    store::Finished end_of(const store::Assigned& run);
    store::TurnIn next_turn() const;
    void turn_returned(const store::TurnIn& in, const store::TurnOut& out);
    void set_fates(Fate fate);
    template <class Change>
    void note(Change change) {
        const std::lock_guard lock(mutex_);
        change(books_);
    }

    std::filesystem::path folder_;
    ManualClock clock_;
    std::unique_ptr<store::Store> store_;
    store::Fence fence_;
    std::mutex mutex_;  // of the books: a power loss reads them at any moment
    Books books_;
    std::vector<store::Finished> inbox_;     // not yet stored
    std::vector<store::Finished> accepted_;  // said again, once, to be refused
    std::vector<store::Assigned> working_;
    int ended_ = 0;
};

}  // namespace foliot::testing
