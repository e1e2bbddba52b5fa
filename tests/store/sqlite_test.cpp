#include "store/sqlite/sqlite_store.hpp"
#include "support/wait.hpp"
#include "world.hpp"

#include <boost/test/unit_test.hpp>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

struct SqliteWorld : On<Sqlite> {
    store::sqlite::SqliteStore& sqlite() { return dynamic_cast<store::sqlite::SqliteStore&>(*store); }
    std::filesystem::path file() const { return dir / "foliot.db"; }

    /// Past the store, as an administrator with the sqlite3 tool.
    void execute(const std::string& sql) const {
        sqlite3* db = nullptr;
        BOOST_REQUIRE(sqlite3_open(file().c_str(), &db) == SQLITE_OK);
        BOOST_REQUIRE(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
        sqlite3_close(db);
    }
};

std::string why_not(const std::function<void()>& act) {
    try {
        act();
    } catch (const std::exception& error) {
        return error.what();
    }
    return "";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// That history holds each fire of the job once; how many rows it has.
std::size_t check_whole(Store& store, const std::string& id) {
    const auto seen = store.read();
    const Job job = seen->job(id).value();
    const auto nominals = trigger::fires_between(job.definition.trigger, job.state.anchor, job.state.cursor).count;
    BOOST_TEST(seen->fires_accounted(job.state.key) == nominals);
    RunFilter filter;
    filter.job = job.state.key;
    return seen->runs(filter).items.size();
}

int jobs_in(const std::filesystem::path& file) {
    sqlite3* db = nullptr;
    sqlite3_stmt* statement = nullptr;
    int jobs = -1;
    sqlite3_open(file.c_str(), &db);
    if (sqlite3_prepare_v2(db, "SELECT count(*) FROM job", -1, &statement, nullptr) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        jobs = sqlite3_column_int(statement, 0);
    }
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return jobs;
}

std::string first_bytes(const std::filesystem::path& file, std::size_t count) {
    std::ifstream in(file, std::ios::binary);
    std::string bytes(count, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(count));
    return bytes;
}

void fire_and_finish(World& w) {
    w.clock.advance(kSecond);
    w.finish(w.turn().assigned);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sqlite_only)

BOOST_AUTO_TEST_CASE(a_second_server_on_one_file_is_refused_and_told_what_to_do) {
    SqliteWorld w;
    const std::string text = why_not([&] { open_sqlite({w.file()}, w.clock); });
    BOOST_TEST(has(text, w.file().string()));
    BOOST_TEST(has(text, "another server"));
    BOOST_TEST(has(text, "stop that one"));
    w.store.reset();
    BOOST_CHECK_NO_THROW(open_sqlite({w.file()}, w.clock));
}

BOOST_AUTO_TEST_CASE(a_second_server_is_refused_by_whatever_name_it_knows_the_file) {
    SqliteWorld w;
    const auto link = w.dir / "link.db", hard = w.dir / "hard.db";
    std::filesystem::create_symlink(w.file(), link);
    BOOST_TEST(has(why_not([&] { open_sqlite({link}, w.clock); }), "another server"));
    std::filesystem::create_hard_link(w.file(), hard);
    BOOST_TEST(has(why_not([&] { open_sqlite({hard}, w.clock); }), "hard links"));
    w.store.reset();
    BOOST_TEST(has(why_not([&] { open_sqlite({w.file()}, w.clock); }), "hard links"));
    std::filesystem::remove(hard);
    BOOST_CHECK_NO_THROW(open_sqlite({link}, w.clock));
}

BOOST_AUTO_TEST_CASE(a_link_to_a_file_that_is_not_there_yet_makes_it) {
    const TempDir dir;
    const ManualClock clock;
    std::filesystem::create_symlink(dir / "real.db", dir / "link.db");
    const auto store = open_sqlite({dir / "link.db"}, clock);
    BOOST_TEST(has(why_not([&] { open_sqlite({dir / "real.db"}, clock); }), "another server"));
}

BOOST_AUTO_TEST_CASE(a_newer_schema_is_refused_naming_both_versions) {
    SqliteWorld w;
    w.store.reset();
    w.execute("UPDATE meta SET v='42' WHERE k='schema'");
    const std::string text = why_not([&] { open_sqlite({w.file()}, w.clock); });
    BOOST_TEST(has(text, "42"));
    BOOST_TEST(has(text, "up to 2"));
}

BOOST_AUTO_TEST_CASE(what_is_no_database_of_ours_is_refused_and_left_alone) {
    SqliteWorld w;
    w.store.reset();
    w.execute("ALTER TABLE meta RENAME TO other");
    BOOST_TEST(has(why_not([&] { open_sqlite({w.file()}, w.clock); }), "not one of Foliot's"));
    const auto text = w.dir / "text.db";
    std::ofstream(text) << std::string(8192, 'x');
    BOOST_TEST(why_not([&] { open_sqlite({text}, w.clock); }) != "");
    BOOST_TEST(std::filesystem::file_size(text) == 8192U);
    BOOST_TEST(why_not([&] { open_sqlite({w.dir / "no/folder.db"}, w.clock); }) != "");
}

BOOST_AUTO_TEST_CASE(the_files_are_for_their_owner_only) {
    SqliteWorld w;
    w.put("a");
    for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
        struct stat info {};
        BOOST_REQUIRE(::stat((w.file().string() + suffix).c_str(), &info) == 0);
        BOOST_TEST((info.st_mode & 0777) == 0600, suffix);
    }
}

BOOST_AUTO_TEST_CASE(a_full_disk_fails_every_unit_of_the_batch_and_is_over_when_there_is_room) {
    SqliteWorld w;
    const JobKey key = w.put("a");
    w.sqlite().limit_pages(1);  // not below what is used: no page can be added
    std::vector<std::thread> threads;
    std::atomic<int> unavailable{0}, done{0};
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 20; ++i) {
                try {
                    w.write([&](Tx& tx) {
                        Definition def = w.every_second();
                        def.description = std::string(20'000, 'x');
                        tx.put_job(w.job_write(std::to_string(t) + "/" + std::to_string(i), def),
                                   ExpectedRev::absent());
                    });
                    ++done;
                } catch (const StoreUnavailable&) {
                    ++unavailable;
                }
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    BOOST_TEST(unavailable == 160);
    BOOST_TEST(done == 0);
    BOOST_TEST(w.store->read()->jobs({}).items.size() == 1U);
    w.sqlite().limit_pages(0);
    w.put("b");
    w.clock.advance(kSecond);
    BOOST_TEST(w.turn().assigned.size() == 2U);
    BOOST_TEST(w.accounted(key) == 1);
}

BOOST_AUTO_TEST_CASE(a_unit_that_swallows_a_full_disk_does_not_commit_the_rest) {
    SqliteWorld w;
    w.sqlite().limit_pages(1);
    BOOST_CHECK_THROW(w.write([&](Tx& tx) {
        tx.settings().set("before", "1");
        Definition def = w.every_second();
        def.description = std::string(200'000, 'x');
        try {
            tx.put_job(w.job_write("a", def), ExpectedRev::absent());
        } catch (const std::exception&) {}
        try {
            tx.settings().set("after", "1");
        } catch (const std::exception&) {}
    }),
                      StoreUnavailable);
    BOOST_TEST(w.store->read()->setting("before") == "");
    BOOST_TEST(w.store->read()->setting("after") == "");
}

BOOST_AUTO_TEST_CASE(a_disk_that_refuses_to_grow_the_log_loses_nothing) {
    SqliteWorld w;
    w.put("a");
    fire_and_finish(w);
    const std::size_t before = check_whole(*w.store, "a");
    rlimit old{};
    ::getrlimit(RLIMIT_FSIZE, &old);
    const auto disposition = ::signal(SIGXFSZ, SIG_IGN);
    rlimit small = old;
    small.rlim_cur = std::filesystem::file_size(w.file().string() + "-wal");
    ::setrlimit(RLIMIT_FSIZE, &small);
    int failures = 0;
    for (int i = 0; i < 5; ++i) {
        w.clock.advance(kSecond);
        try {
            w.turn();
        } catch (const std::runtime_error&) {
            ++failures;
        }
    }
    ::setrlimit(RLIMIT_FSIZE, &old);
    ::signal(SIGXFSZ, disposition);
    BOOST_TEST(failures > 0);
    BOOST_TEST(w.turn().assigned.size() + w.runs_of(w.store->read()->job("a")->state.key).size() >= before + 1);
    check_whole(*w.store, "a");
}

BOOST_AUTO_TEST_CASE(a_job_whose_row_cannot_be_stored_is_broken_alone) {
    SqliteWorld w;
    const JobKey bad = w.put("bad"), good = w.put("good");
    w.execute("CREATE TRIGGER refuse BEFORE INSERT ON execution WHEN new.job_key=" + std::to_string(raw(bad)) +
              " BEGIN SELECT RAISE(ABORT,'no'); END");
    w.clock.advance(kSecond);
    const auto runs = w.turn().assigned;
    BOOST_REQUIRE(runs.size() == 1U);
    BOOST_TEST(runs.at(0).job == good);
    BOOST_TEST(w.job(bad).state.status == JobStatus::broken);
    BOOST_TEST(w.accounted(good) == 1);
    w.clock.advance(kSecond);
    w.finish(runs, RunState::succeeded, 1);
    BOOST_TEST(w.accounted(good) == 2);
}

BOOST_AUTO_TEST_CASE(a_job_whose_definition_cannot_be_read_is_broken_alone) {
    SqliteWorld w;
    const JobKey bad = w.put("bad");
    w.put("good");
    w.store.reset();
    w.execute("UPDATE job_rev SET def='{' WHERE job_key=" + std::to_string(raw(bad)));
    w.reopen();
    w.clock.advance(kSecond);
    BOOST_TEST(w.turn().assigned.size() == 1U);
    BOOST_TEST(w.turn().assigned.empty());
}

BOOST_AUTO_TEST_CASE(a_job_whose_definition_cannot_be_read_is_mended_by_an_edit) {
    SqliteWorld w;
    Definition def = w.every_second();
    def.tags = {"kept", "old"};
    const JobKey key = w.put("bad", def);
    w.store.reset();
    w.execute("UPDATE job_rev SET def='{'");
    w.reopen();
    w.clock.advance(kSecond);
    w.turn();
    BOOST_REQUIRE(w.job(key).state.status == JobStatus::broken);
    def.tags = {"kept", "new"};
    w.put("bad", def);
    BOOST_TEST(w.job(key).definition.tags == def.tags, boost::test_tools::per_element());
    BOOST_TEST(w.job(key).state.status == JobStatus::active);
    w.clock.advance(2 * kSecond);
    BOOST_TEST(w.turn().assigned.size() == 1U);
    store::sqlite::Connection db(w.file(), store::sqlite::Connection::Mode::reader);
    BOOST_TEST(db.query("SELECT count(*) FROM job_tag").number() == 2);
}

BOOST_AUTO_TEST_CASE(history_with_a_definition_that_cannot_be_read_is_still_shown) {
    SqliteWorld w;
    const JobKey key = w.put("a");
    fire_and_finish(w);
    w.store.reset();
    w.execute("UPDATE job_rev SET def='{'");
    w.reopen();
    const auto seen = w.store->read();
    BOOST_TEST(seen->job("a").value().definition.name == "(unreadable)");
    BOOST_REQUIRE(seen->runs({}).items.size() == 1U);
    BOOST_TEST(seen->runs({}).items.at(0).def->name == "(unreadable)");
    BOOST_TEST(raw(seen->runs({}).items.at(0).job) == raw(key));
}

BOOST_AUTO_TEST_CASE(a_statement_that_never_ends_is_cut_off_and_its_connection_still_works) {
    SqliteWorld w;
    store::sqlite::Connection db(w.file(), store::sqlite::Connection::Mode::reader);
    db.query("BEGIN DEFERRED").run();
    int asked = 0;
    db.limit_by([&] { return ++asked == 100; });
    const auto endless = [&] {
        db.query("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n) SELECT count(*) FROM n").number();
    };
    BOOST_CHECK_EXCEPTION(endless(), store::sqlite::SqlError,
                          [](const auto& error) { return error.primary() == SQLITE_INTERRUPT; });
    db.limit_by({});
    BOOST_TEST(db.query("SELECT 7").number() == 7);
    BOOST_TEST(!db.poisoned());
}

BOOST_AUTO_TEST_CASE(asking_for_the_ledger_takes_no_reading_connection_away) {
    SqliteWorld w;
    for (int i = 0; i < 100; ++i) BOOST_TEST(!w.store->ledger_changed({"node", "boot"}));
    w.execute("ALTER TABLE node RENAME TO hidden");
    for (int i = 0; i < 100; ++i) {
        BOOST_CHECK_THROW(w.store->ledger_changed({"node", "boot"}), std::runtime_error);
        BOOST_CHECK_THROW(w.store->read(), StoreUnavailable);
    }
    w.execute("ALTER TABLE hidden RENAME TO node");
    BOOST_TEST(w.store->read()->jobs({}).items.empty());
}

/// A crash leaves the database, which may be behind, and the log, whose last commit may be cut at any byte.
BOOST_AUTO_TEST_CASE(a_log_cut_inside_its_last_commit_opens_as_it_was_before_or_after) {
    SqliteWorld w;
    w.put("a");
    fire_and_finish(w);
    const std::filesystem::path log = w.file().string() + "-wal";
    int tried = 0;
    for (int i = 0; i <= 30; ++i) {
        const std::size_t before = check_whole(*w.store, "a");
        const std::string header = first_bytes(log, 32);
        const auto start = std::filesystem::file_size(log);
        const TempDir copy;
        const auto file = copy / "foliot.db";
        std::filesystem::copy_file(w.file(), file);
        w.clock.advance(kSecond);
        w.finish(w.turn().assigned);
        w.finish(w.turn().assigned);
        std::filesystem::copy_file(log, file.string() + "-wal");
        const std::size_t after = check_whole(*w.store, "a");
        if (first_bytes(file.string() + "-wal", 32) != header) continue;  // begun anew: not the log of that copy
        const auto end = std::filesystem::file_size(log);
        std::filesystem::resize_file(file.string() + "-wal", start + (end - start) * static_cast<unsigned>(i) / 30);
        const auto crashed = open_sqlite({file}, w.clock);
        const std::size_t found = check_whole(*crashed, "a");
        BOOST_TEST(found >= before);
        BOOST_TEST(found <= after);
        ++tried;
    }
    BOOST_TEST(tried > 5);
}

BOOST_AUTO_TEST_CASE(a_killed_server_loses_no_turn_that_returned) {
    const TempDir dir;
    int report[2];
    BOOST_REQUIRE(::pipe(report) == 0);
    const pid_t child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        ManualClock clock;
        const auto store = Sqlite::open(dir.path(), clock);
        const Fence fence = store->join({"node", "boot"});
        Definition def;
        def.func = {"module", "function"};
        def.trigger = trigger::Interval{kSecond, clock.now(), {}, 0};
        store->write(Store::Class::api, [&](Tx& tx) {
            tx.put_job({"a", def, arm(def.trigger, clock.now()), false, 1}, ExpectedRev::absent());
        });
        TurnIn in;
        for (;;) {
            clock.advance(kSecond);
            in.room.any = 10;
            const TurnOut out =
                store->turn(fence, in, [](const DueJob& d, Micros now, Micros awake) { return plan(d, now, awake); });
            if (::write(report[1], "x", 1) != 1) ::_exit(1);
            in.finished.clear();
            for (const Assigned& run : out.assigned) in.finished.push_back(World::ended(run));
        }
    }
    std::size_t returned = 0;
    char byte = 0;
    while (returned < 200 && ::read(report[0], &byte, 1) == 1) ++returned;
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ::close(report[1]);
    while (::read(report[0], &byte, 1) == 1) ++returned;
    ::close(report[0]);
    const ManualClock clock;
    const auto store = Sqlite::open(dir.path(), clock);
    BOOST_TEST(check_whole(*store, "a") >= returned);
    const Fence fence = store->join({"node", "boot"});
    const auto sum = store->recover(
        fence,
        [](RunId, std::int64_t) {
            return LedgerEntry{LedgerSays::not_started, {}, 0, 0};
        },
        false);
    BOOST_TEST(sum.lost == 0);
    BOOST_TEST(sum.requeued <= 1);
}

BOOST_AUTO_TEST_CASE(a_backup_is_a_whole_database_made_while_others_write) {
    SqliteWorld w;
    w.put("a");
    fire_and_finish(w);
    std::atomic<bool> stop{false};
    std::thread writer([&] {
        for (int i = 0; !stop; ++i) w.put("other" + std::to_string(i));
    });
    const auto file = w.dir / "backup.db";
    w.store->backup_to(file);
    stop = true;
    writer.join();
    struct stat info {};
    BOOST_REQUIRE(::stat(file.c_str(), &info) == 0);
    BOOST_TEST((info.st_mode & 0777) == 0600);
    BOOST_TEST(why_not([&] { w.store->backup_to(file); }) != "");
    const auto restored = open_sqlite({file}, w.clock);
    BOOST_TEST(check_whole(*restored, "a") == 1U);
    BOOST_TEST(restored->public_ids().hex(5) == w.store->public_ids().hex(5));
}

BOOST_AUTO_TEST_CASE(the_log_stays_near_its_limit_while_readers_come_and_go) {
    const TempDir dir;
    const SystemClock clock;
    const auto store = open_sqlite({dir / "foliot.db", 256UL << 10}, clock);
    std::atomic<bool> stop{false};
    std::thread reader([&] {
        while (!stop) (void)store->read()->jobs({.limit = 5, .after = 0});
    });
    const std::string big(4'000, 'x');
    std::uintmax_t largest = 0;
    for (int i = 0; i < 600; ++i) {
        store->write(Store::Class::api, [&](Tx& tx) { tx.settings().set("key" + std::to_string(i), big); });
        largest = std::max(largest, std::filesystem::file_size(dir / "foliot.db-wal"));
    }
    stop = true;
    reader.join();
    BOOST_TEST(largest < (1U << 20));
    BOOST_TEST(store->read()->setting("key599") == big);
}

BOOST_AUTO_TEST_CASE(an_idle_store_folds_its_log_in_and_then_sleeps) {
    SqliteWorld w;
    for (int i = 0; i < 50; ++i) w.put("job" + std::to_string(i));
    BOOST_TEST(wait_until([&] {
        const TempDir copy;  // of the database alone, without its log
        std::filesystem::copy_file(w.file(), copy / "alone.db");
        return jobs_in(copy / "alone.db") == 50;
    }));
}

BOOST_AUTO_TEST_CASE(more_readers_than_connections_wait_their_turn) {
    SqliteWorld w;
    w.put("a");
    std::vector<std::thread> threads;
    std::atomic<int> seen{0};
    for (int t = 0; t < 40; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 10; ++i) {
                const auto snapshot = w.store->read();
                if (snapshot->job("a")) ++seen;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    BOOST_TEST(seen == 400);
}

BOOST_AUTO_TEST_SUITE_END()
