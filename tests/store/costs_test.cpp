// What a run costs the store, and that it costs no more when history has grown by a hundred times.
#include "base/clock.hpp"
#include "fault_vfs.hpp"
#include "statement_log.hpp"
#include "world.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <iomanip>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

namespace utf = boost::unit_test;

constexpr int kJobs = 256, kTicks = 20;

/// Members before the world outlive its connections.
struct Watched {
    FaultVfs disk;
    StatementLog log;
};
struct Costs : Watched, On<Sqlite> {
    void put_jobs(int count) {
        write([&](Tx& tx) {
            for (int i = 0; i < count; ++i) {
                tx.put_job(job_write("job" + std::to_string(i), every_second()), ExpectedRev::absent());
            }
        });
    }
    /// All jobs fire, and end in the turn that lets them fire again.
    std::size_t tick() {
        clock.advance(kSecond);
        TurnIn in;
        in.room.any = 1000;
        for (const auto& run : working) in.finished.push_back(ended(run));
        working = turn(in).assigned;
        return working.size();
    }
    std::vector<Assigned> working;
};

/// History made by hand: jobs that never fire, each with its share of the rows, a second apart.
void fill(const std::filesystem::path& file, Micros until, int rows) {
    sqlite3* db = nullptr;
    BOOST_REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
    const std::string first = std::to_string(until - std::int64_t{rows} * 100 * kMillisecond);
    const std::string count = std::to_string(rows);
    const std::string sql =
        "PRAGMA synchronous=OFF; BEGIN;"
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i+1<" +
        count +
        ")"
        "INSERT INTO "
        "execution(id,job_key,rev,state,nominal,first_nominal,fires,seq,attempt,origin,due,prio,lane,started,"
        "ended,updated,result) SELECT ((" +
        first + "+i*100000)/1000<<21)+i%8,j.key,1,iif(i%100=7,11,10)," + first + "+i*100000," + first +
        "+i*100000,1,0,1,0," + first + "+i*100000,5,1," + first + "+i*100000," + first + "+i*100000," + first +
        "+i*100000,'12' FROM n JOIN job j ON j.rowid=(SELECT key FROM keys WHERE no=i%1000);"
        "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)";
    const std::string keys =
        "CREATE TEMP TABLE keys(no INTEGER PRIMARY KEY, key INTEGER);"
        "INSERT INTO keys SELECT row_number() OVER (ORDER BY key)-1,key FROM job;";
    char* error = nullptr;
    BOOST_REQUIRE_MESSAGE(sqlite3_exec(db, (keys + sql).c_str(), nullptr, nullptr, &error) == SQLITE_OK, error);
    sqlite3_close(db);
}

using Times = std::map<std::string, Micros>;

/// The best of several: what it costs, not what else the machine does.
Times measure(int rows) {
    const SystemClock real;
    On<Sqlite> w;
    w.write([&](Tx& tx) {
        for (int i = 0; i < 1000; ++i) {
            Definition def = w.every_second();
            def.trigger = trigger::None{};
            tx.put_job(w.job_write("old" + std::to_string(i), def), ExpectedRev::absent());
        }
    });
    w.store.reset();
    fill(w.dir / "foliot.db", w.clock.now() - kSecond, rows);
    w.reopen();
    const auto jobs = w.store->read()->jobs({.limit = 1000, .after = 0}).items;
    const JobKey some = jobs.at(500).state.key;
    std::vector<JobKey> firing;
    for (int i = 0; i < 100; ++i) firing.push_back(w.put("new" + std::to_string(i)));

    Times best;
    const auto time = [&](const std::string& what, const std::function<void()>& act) {
        const Micros start = real.monotonic();
        act();
        const Micros took = real.monotonic() - start;
        const auto [at, is_new] = best.emplace(what, took);
        if (!is_new) at->second = std::min(at->second, took);
    };
    const auto page = [&](const std::string& what, RunFilter filter) {
        filter.limit = 100;
        time(what, [&] { BOOST_TEST(w.store->read()->runs(filter).items.size() > 0U); });
    };
    const Micros middle = w.clock.now() - std::int64_t{rows} / 2 * 100 * kMillisecond;
    std::vector<Assigned> working;
    for (int i = 0; i < 7; ++i) {
        RunFilter all, job, bad, far_page, of_time;
        job.job = some;
        bad.states = {RunState::failed};
        far_page.before = IdGenerator::first_at(middle);
        of_time.from = middle;
        of_time.until = middle + 10 * kSecond;
        page("page of all", all);
        page("page far behind", far_page);
        page("page of a time", of_time);
        page("page of a job", job);
        page("page of failed", bad);
        time("explain", [&] { (void)w.store->read()->row_covering(some, middle); });
        w.clock.advance(kSecond);
        time("claim of 100", [&] { working = w.turn().assigned; });
        BOOST_TEST(working.size() == 100U);
        time("finish of 100", [&] { w.finish(working); });
        time("prune of 200",
             [&] { BOOST_TEST(w.store->prune({.max_age = Micros{rows} * 50 * kMillisecond}).rows > 0); });
    }
    return best;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(costs)

BOOST_FIXTURE_TEST_CASE(a_run_takes_three_statements_and_two_kilobytes_of_log, Costs) {
    put_jobs(kJobs);
    for (int i = 0; i < 3; ++i) BOOST_TEST(tick() == std::size_t{kJobs});
    (void)log.take();
    const std::int64_t before = disk.log_bytes();
    for (int i = 0; i < kTicks; ++i) BOOST_TEST(tick() == std::size_t{kJobs});
    const double runs = kJobs * kTicks;
    const double statements = static_cast<double>(log.take().size()) / runs;
    const double bytes = static_cast<double>(disk.log_bytes() - before) / runs;
    BOOST_TEST_MESSAGE(statements << " statements and " << bytes << " bytes of log a run");
    BOOST_TEST(statements < 3.1);  // and what a turn takes whatever it does
    BOOST_TEST(bytes < 2048);
}

BOOST_FIXTURE_TEST_CASE(an_empty_turn_takes_few_statements_and_writes_nothing, Costs) {
    put_jobs(10);
    turn();
    (void)log.take();
    const std::int64_t before = disk.log_bytes();
    turn();
    BOOST_TEST(log.take().size() <= 16U);
    BOOST_TEST(disk.log_bytes() == before);
}

BOOST_AUTO_TEST_CASE(two_million_executions_cost_no_more_than_twenty_thousand, *utf::label("long") * utf::disabled()) {
    const FaultVfs disk;  // what is measured is not the disk
    const Times few = measure(20'000), many = measure(2'000'000);
    for (const auto& [what, took] : many) {
        BOOST_TEST_MESSAGE(std::setw(20) << what << ": " << few.at(what) << " us at 20,000 rows, " << took
                                         << " us at 2,000,000");
        BOOST_TEST(took <= 5 * few.at(what) + 2 * kMillisecond, what << " slows down as history grows");
    }
}

BOOST_AUTO_TEST_SUITE_END()
