// A crowd of jobs that are due at one instant, with a misfire grace far shorter than what it takes to claim them.
#include "engine/fixture.hpp"
#include "support/how_much.hpp"

#include <boost/test/unit_test.hpp>
#include <sqlite3.h>

#include <chrono>
#include <map>

using namespace foliot;
using namespace foliot::testing;

namespace {

class Database {
  public:
    explicit Database(const std::filesystem::path& file) {
        BOOST_REQUIRE(sqlite3_open(file.c_str(), &db_) == SQLITE_OK);
        sqlite3_busy_timeout(db_, 5000);
    }
    ~Database() { sqlite3_close(db_); }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    void execute(const std::string& sql) {
        BOOST_REQUIRE_MESSAGE(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK,
                              sqlite3_errmsg(db_));
    }
    /// Two columns of numbers.
    std::map<std::int64_t, std::int64_t> pairs(const std::string& sql) {
        std::map<std::int64_t, std::int64_t> found;
        sqlite3_stmt* statement = nullptr;
        BOOST_REQUIRE(sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
        while (sqlite3_step(statement) == SQLITE_ROW)
            found[sqlite3_column_int64(statement, 0)] = sqlite3_column_int64(statement, 1);
        sqlite3_finalize(statement);
        return found;
    }

  private:
    sqlite3* db_ = nullptr;
};

/// One by one through the store a million jobs would take longer than their claim.
void insert_jobs(const std::filesystem::path& file, int count, const Definition& def, Micros now) {
    const Arming arming = arm(def.trigger, now);
    const auto number = [](std::int64_t value) { return std::to_string(value); };
    const std::string numbers =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<" + number(count) + ") ";
    Database db(file);
    db.execute("PRAGMA synchronous=OFF; BEGIN;" + numbers +
               "INSERT INTO job(key,id,uid,rev,name,func,lane,status,anchor,armed_at,cursor,next_fire)"
               " SELECT i,'job'||i,CAST('uid'||i AS BLOB),1,'job','tasks:ok'," +
               number(lane_of("tasks")) + ",0," + number(arming.anchor) + "," + number(arming.armed_at) + "," +
               number(arming.cursor) + "," + number(arming.next_fire.value()) + " FROM n;" + numbers +
               "INSERT INTO job_rev(job_key,rev,def,at,by) SELECT i,1,'" + to_json(def) + "'," + number(now) +
               ",1 FROM n; COMMIT");
}

/// Jobs that are due in a second and may be a second late.
struct Crowd {
    const int count = long_run() ? 1'000'000 : 20'000;
    TempDir dir;
    std::filesystem::path file = dir / "foliot.db";
    ManualClock clock;
    std::unique_ptr<store::Store> store;

    Crowd() {
        Definition def;
        def.name = "job";
        def.func = {"tasks", "ok"};
        def.misfire_grace = kSecond;
        def.trigger = trigger::Date{clock.now() + kSecond, 0};
        store::open_sqlite({file}, clock).reset();
        insert_jobs(file, count, def, clock.now());
        store = store::open_sqlite({file}, clock);
    }
};

double seconds_of(const std::function<void()>& act) {
    const auto begin = std::chrono::steady_clock::now();
    act();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(jobs_that_are_all_due_at_once_all_run_however_long_their_claim_takes, Crowd) {
    ScriptedRunner runner;
    runner.places = 256;
    engine::Engine engine(*store, runner, EngineFixture::resolve, clock, store->join({"node", "boot"}));
    clock.advance(kSecond);
    const Micros due = clock.now();
    const double took = seconds_of([&] {
        for (bool busy = true; busy;) {
            busy = engine.step() || !runner.with_worker.empty();
            clock.advance(100 * kMillisecond);
            while (!runner.with_worker.empty()) runner.end(clock, success());
        }
    });
    BOOST_TEST_MESSAGE(count << " jobs claimed, run and ended in " << took << " s, " << (clock.now() - due) / kSecond
                             << " s by the jobs' clock");
    BOOST_TEST(clock.now() - due > 3 * kSecond);  // else nothing was proved

    Database db(file);
    const auto states = db.pairs("SELECT state,count(*) FROM execution GROUP BY state");
    BOOST_TEST(states.size() == 1U);
    BOOST_TEST(states.at(static_cast<int>(RunState::succeeded)) == count);
    BOOST_TEST(db.pairs("SELECT min(fires),max(fires) FROM execution").begin()->second == 1);
    BOOST_TEST(db.pairs("SELECT status,count(*) FROM job GROUP BY status").at(static_cast<int>(JobStatus::finished)) ==
               count);
}

BOOST_FIXTURE_TEST_CASE(a_crowd_is_claimed_into_the_queue_when_nobody_is_free, Crowd) {
    const auto fence = store->join({"node", "boot"});
    clock.advance(kSecond);
    int turns = 0;
    const double took = seconds_of([&] {
        for (bool more = true; more; ++turns) {
            more = store->turn(fence, {}, engine::claim_planner()).more;
            clock.advance(100 * kMillisecond);
        }
    });
    BOOST_TEST_MESSAGE(count << " jobs claimed in " << took << " s, " << turns << " turns");
    BOOST_TEST(turns <= count / 512 + 2);
    Database db(file);
    BOOST_TEST(db.pairs("SELECT state,count(*) FROM execution GROUP BY state").at(static_cast<int>(RunState::ready)) ==
               count);
}

BOOST_AUTO_TEST_CASE(two_weeks_of_standstill_are_one_run_and_it_starts_with_the_first_turn) {
    const TempDir dir;
    const auto file = dir / "foliot.db";
    ManualClock clock;
    JobKey key{};
    Micros first = 0;
    {
        const auto store = store::open_sqlite({file}, clock);
        store->join({"node", "boot"});
        store::JobWrite write;
        write.id = write.def.name = "often";
        write.def.func = {"tasks", "ok"};
        first = clock.now() + 5 * kSecond;
        write.def.trigger = trigger::Interval{5 * kSecond, first, {}, 0};
        write.arming = arm(write.def.trigger, clock.now());
        store->write(store::Store::Class::api,
                     [&](store::Tx& tx) { key = tx.put_job(write, store::ExpectedRev::absent()); });
    }
    clock.advance(14LL * 86'400 * kSecond);
    const auto store = store::open_sqlite({file}, clock);
    ScriptedRunner runner;
    engine::Engine engine(*store, runner, EngineFixture::resolve, clock, store->join({"node", "boot"}));
    engine.step();
    BOOST_REQUIRE(runner.with_worker.size() == 1U);
    const auto runs = store->read()->runs({}).items;
    BOOST_REQUIRE(runs.size() == 1U);
    BOOST_TEST(runs.at(0).fires == 14 * 86'400 / 5);
    BOOST_TEST(runs.at(0).first_nominal == first);
    BOOST_TEST(clock.now() - runs.at(0).nominal < 5 * kSecond);
    BOOST_TEST(engine.next_wake().value() > clock.now());
    runner.end(clock, success());
    while (engine.step()) {}
    BOOST_TEST(store->read()->runs({}).items.size() == 1U);
    clock.advance(5 * kSecond);
    engine.step();
    BOOST_TEST(store->read()->runs({}).items.at(0).fires == 1);
}
