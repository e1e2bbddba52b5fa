#include "scenario.hpp"
#include "trigger/trigger.hpp"

#include <boost/test/unit_test.hpp>
#include <sqlite3.h>

namespace foliot::testing {
namespace {

std::string integrity(const std::filesystem::path& file) {
    sqlite3* db = nullptr;
    sqlite3_stmt* statement = nullptr;
    std::string said = "cannot be asked";
    sqlite3_open(file.c_str(), &db);
    if (sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &statement, nullptr) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        said = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    } else {
        said = sqlite3_errmsg(db);
    }
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return said;
}

std::vector<store::RunView> all_runs(store::Store& store) {
    store::RunFilter filter;
    return store.read()->runs(filter).items;
}

void check_units(store::Store& store, const Books& books) {
    const auto seen = store.read();
    std::multiset<std::string> audited;
    for (const auto& entry : seen->audit({}).items) audited.insert(entry.ref);
    for (const auto& [name, fate] : books.units) {
        const bool there = seen->setting(name) == "1";
        BOOST_TEST(audited.count(name) == (there ? 1U : 0U), "'" << name << "' is half there");
        if (fate == Fate::done) BOOST_TEST(there, "'" << name << "' was said to be done and is gone");
        if (fate == Fate::undone) BOOST_TEST(!there, "'" << name << "' was refused and is there");
        if (name.starts_with("put ")) {
            const std::string id = name.substr(4);
            const bool deleted = seen->setting("delete " + id) == "1";
            BOOST_TEST(seen->job(id).has_value() == (there && !deleted),
                       "'" << name << "' without its job, or its job without it");
        }
    }
}

/// The interval's start is its first fire, whatever the job was re-anchored at meanwhile.
void check_fires(store::Store& store) {
    const auto seen = store.read();
    for (const auto& job : seen->jobs({}).items) {
        const auto nominals = trigger::fires_between(job.definition.trigger, 0, job.state.cursor).count;
        BOOST_TEST(seen->fires_accounted(job.state.key) == nominals, "fires of " << job.state.id);
    }
}

void check_runs(store::Store& store, const Books& books) {
    std::map<std::int64_t, store::RunView> rows;
    std::map<std::int64_t, int> children;
    for (const auto& row : all_runs(store)) {
        rows[raw(row.id)] = row;
        if (row.parent) ++children[raw(*row.parent)];
    }
    for (const auto& [id, run] : books.runs) {
        const auto found = rows.find(id);
        if (found == rows.end()) {
            BOOST_TEST((books.pruned && run.ended != Fate::undone), "run " << id << " is gone");
            continue;
        }
        const RunState state = found->second.state;
        if (run.ended == Fate::done) {
            BOOST_TEST((state == run.as), "run " << id << " ended as something else");
            BOOST_TEST(children[id] <= 1, "run " << id << " is repeated twice");
            if (run.again && !books.pruned) BOOST_TEST(children[id] == 1, "the next attempt of " << id << " is gone");
            if (!run.again) BOOST_TEST(children[id] == 0);
        }
        if (run.ended == Fate::undone) BOOST_TEST(is_live(state), "run " << id << " ended by itself");
    }
}

/// As the next start of the server would, until nothing is left.
void go_on(store::Store& store, ManualClock& clock, const Books& books) {
    const auto fence = store.join({"node", "boot"});
    store.recover(
        fence,
        [](RunId, std::int64_t) {
            return store::LedgerEntry{store::LedgerSays::not_started, {}, 0, 0};
        },
        false);
    std::set<std::int64_t> claims = books.claims;
    store::TurnIn in;
    for (int i = 0; i < 6; ++i) {
        clock.advance(kSecond);
        in.room.any = 50;
        const auto out =
            store.turn(fence, in, [](const DueJob& d, Micros now, Micros awake) { return plan(d, now, awake); });
        BOOST_TEST(out.fenced_off.empty());
        in = {};
        for (const auto& run : out.assigned) {
            BOOST_TEST(claims.insert(run.claim).second, "claim " << run.claim << " was given out twice");
            in.finished.push_back({});
            in.finished.back().run = run.run;
            in.finished.back().claim = run.claim;
            in.finished.back().verdict.state = RunState::succeeded;
        }
    }
}

}  // namespace

void check_books(const std::filesystem::path& folder, const Books& books, Micros now) {
    BOOST_TEST(integrity(folder / "foliot.db") == "ok");
    ManualClock clock(now);
    const auto store = store::open_sqlite({folder / "foliot.db"}, clock);
    check_units(*store, books);
    check_fires(*store);
    check_runs(*store, books);
    go_on(*store, clock, books);
    check_fires(*store);
    BOOST_TEST(integrity(folder / "foliot.db") == "ok");
}

}  // namespace foliot::testing
