#include "world.hpp"

#include <boost/test/unit_test.hpp>
#include <sqlite3.h>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

constexpr Micros kDay = 86'400 * kSecond;

template <class Backend>
struct Pruning : On<Backend> {
    /// One whole pass, unit by unit; how many rows went.
    std::int64_t prune(const Retention& retention) {
        std::int64_t rows = 0;
        for (Pruned out{0, true}; out.more; rows += out.rows) {
            out = this->store->prune(retention);
            BOOST_TEST(out.rows <= 250);
        }
        return rows;
    }
    /// Beyond the pause between two passes over the jobs.
    std::int64_t prune_later(const Retention& retention) {
        this->clock.advance(3600 * kSecond);
        return prune(retention);
    }
    /// Fires and ends so many runs, a second apart.
    void fire(int times, RunState state = RunState::succeeded) {
        for (int i = 0; i < times; ++i) {
            this->clock.advance(kSecond);
            this->finish(this->turn().assigned, state);
        }
    }
    std::int64_t count(const std::string& sql) const {
        sqlite3* db = nullptr;
        sqlite3_stmt* statement = nullptr;
        BOOST_REQUIRE(sqlite3_open((this->dir / "foliot.db").c_str(), &db) == SQLITE_OK);
        BOOST_REQUIRE(sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
        BOOST_REQUIRE(sqlite3_step(statement) == SQLITE_ROW);
        const auto number = sqlite3_column_int64(statement, 0);
        sqlite3_finalize(statement);
        sqlite3_close(db);
        return number;
    }
};

constexpr Retention by_age(Micros age) { return {.max_age = age}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(pruning)

BOOST_AUTO_TEST_CASE_TEMPLATE(executions_that_ended_long_ago_go_and_their_fires_stay_in_the_books, Backend, Backends) {
    Pruning<Backend> w;
    const JobKey key = w.put("a");
    w.fire(500);
    w.clock.advance(kDay);
    w.fire(20);
    const std::int64_t fires = w.accounted(key);
    BOOST_TEST(w.prune(by_age(2 * kDay)) == 0);
    BOOST_TEST(w.prune(by_age(kDay / 2)) == 500);
    BOOST_TEST(w.runs_of(key).size() == 20U);
    BOOST_TEST(w.accounted(key) == fires);
    BOOST_TEST(w.prune(by_age(kDay / 2)) == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(output_and_long_results_go_with_their_run, Backend, Backends) {
    Pruning<Backend> w;
    w.put("a");
    w.clock.advance(kSecond);
    Finished end = w.ended(w.turn().assigned.at(0));
    end.verdict.result = '"' + std::string(5'000, 'x') + '"';
    end.output.push_back({Stream::out, w.clock.now(), "text"});
    TurnIn in;
    in.finished.push_back(end);
    w.turn(in);
    w.clock.advance(kDay);
    BOOST_TEST(w.prune(by_age(kDay / 2)) == 1);
    BOOST_TEST(w.count("SELECT (SELECT count(*) FROM execution_output)+(SELECT count(*) FROM execution_blob)") == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_lives_stays_however_old_it_is, Backend, Backends) {
    Pruning<Backend> w;
    const JobKey running = w.put_manual("a"), waiting = w.put("b");
    w.run_now(running);
    w.run_now(running);
    w.clock.advance(kSecond);
    Finished end = w.ended(w.turn().assigned.at(1), RunState::failed);
    end.next = NextAttempt{w.clock.now() + 100 * kDay, true};
    TurnIn in;
    in.finished.push_back(end);
    w.turn(in);
    w.pause(waiting);
    w.clock.advance(50 * kDay);
    w.prune({.max_age = kDay, .max_rows = 1, .max_rows_per_job = 1});
    BOOST_TEST(w.runs_of(running).size() == 2U);
    BOOST_REQUIRE(w.runs_of(waiting).size() == 1U);
    BOOST_TEST(w.runs_of(waiting).at(0).state == RunState::waiting);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(tokens_that_ended_a_month_ago_go_whatever_the_limits, Backend, Backends) {
    Pruning<Backend> w;
    w.write([&](Tx& tx) {
        const auto ann = tx.accounts().add({.name = "ann"});
        tx.accounts().add_token({.account = ann, .hash = std::string(32, 'x')});
        for (int i = 0; i < 450; ++i) {
            tx.accounts().add_token(
                {.account = ann, .hash = std::to_string(i), .expires = w.clock.now() + i % 2 * kDay});
        }
    });
    w.clock.advance(30 * kDay);
    BOOST_TEST(w.prune({}) == 0);
    w.clock.advance(1);
    BOOST_TEST(w.prune({}) == 225);
    w.clock.advance(kDay);
    BOOST_TEST(w.prune({}) == 225);
    BOOST_TEST(w.store->read()->accounts().tokens({}).items.size() == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_run_that_began_long_ago_and_has_just_ended_stays, Backend, Backends) {
    Pruning<Backend> w;
    w.run_now(w.put_manual("a"));
    const auto runs = w.turn().assigned;
    w.clock.advance(50 * kDay);
    w.finish(runs);
    BOOST_TEST(w.prune(by_age(kDay)) == 0);
    w.clock.advance(2 * kDay);
    BOOST_TEST(w.prune(by_age(kDay)) == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_row_of_skipped_fires_that_still_grows_stays, Backend, Backends) {
    Pruning<Backend> w;
    const JobKey key = w.put("a");
    w.clock.advance(kSecond);
    w.turn();  // runs for ever
    w.clock.advance(kSecond);
    w.turn();
    BOOST_REQUIRE(w.runs_of(key).size() == 2U);
    w.clock.advance(3 * kDay);
    w.prune(by_age(kDay));
    BOOST_TEST(w.runs_of(key).size() == 2U);
    w.turn();
    BOOST_TEST(w.job(key).state.status == JobStatus::active);
    BOOST_TEST(w.accounted(key) == 2 + 3 * 86'400);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_oldest_go_when_there_are_more_than_the_limit, Backend, Backends) {
    Pruning<Backend> w;
    const JobKey a = w.put("a"), b = w.put("b");
    w.fire(300);
    BOOST_TEST(w.prune({.max_rows = 600}) == 0);
    BOOST_TEST(w.prune({.max_rows = 100}) == 500);
    BOOST_TEST(w.runs_of(a).size() == 50U);
    BOOST_TEST(w.runs_of(a).back().nominal == w.clock.now() - 49 * kSecond);
    w.fire(10);
    BOOST_TEST(w.prune({.max_rows = 100}) == 20);
    w.reopen();
    w.fire(10);
    BOOST_TEST(w.prune({.max_rows = 100}) == 20);
    BOOST_TEST(w.accounted(a) + w.accounted(b) == 640);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_limit_per_job_leaves_other_jobs_alone, Backend, Backends) {
    Pruning<Backend> w;
    const JobKey a = w.put("a");
    w.fire(700);
    const JobKey b = w.put("b");
    w.fire(20);
    BOOST_TEST(w.prune({.max_rows_per_job = 50}) == 670);
    BOOST_TEST(w.runs_of(a).size() == 50U);
    BOOST_TEST(w.runs_of(b).size() == 20U);
    BOOST_TEST(w.accounted(a) == 720);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_revision_goes_when_neither_job_nor_history_has_it, Backend, Backends) {
    Pruning<Backend> w;
    Definition def = w.every_second();
    const JobKey key = w.put("a", def);
    w.fire(3);
    def.description = "changed";
    w.put("a", def);
    w.fire(3);
    def.description = "again";
    w.put("a", def);
    w.clock.advance(3 * kDay);
    w.run_now(key);
    w.finish(w.turn().assigned);
    BOOST_TEST(w.count("SELECT count(*) FROM job_rev") == 3);
    const auto old = w.runs_of(key).back();
    BOOST_TEST(old.def->description == "");
    w.prune_later(by_age(10 * kDay));
    BOOST_TEST(w.count("SELECT count(*) FROM job_rev") == 3);
    w.prune_later(by_age(kDay));
    BOOST_TEST(w.count("SELECT count(*) FROM job_rev") == 1);
    BOOST_TEST(w.job(key).definition.description == "again");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_revision_stays_while_one_old_run_has_it, Backend, Backends) {
    Pruning<Backend> w;
    const JobKey key = w.put_manual("a");
    w.run_now(key);
    w.turn();
    for (int i = 0; i < 5; ++i) w.put_manual("a", [&](Definition& def) { def.description = std::to_string(i); });
    w.clock.advance(3 * kDay);
    w.prune(by_age(kDay));
    BOOST_TEST(w.count("SELECT count(*) FROM job_rev") == 2);
    w.reopen();
    BOOST_TEST(w.runs_of(key).at(0).def->name == "job");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_job_that_is_gone_goes_with_its_last_execution, Backend, Backends) {
    Pruning<Backend> w;
    const JobKey gone = w.put("gone"), kept = w.put("kept");
    w.fire(3);
    w.write([&](Tx& tx) { tx.remove(gone); });
    w.clock.advance(2 * kDay);
    w.prune_later(by_age(10 * kDay));
    BOOST_TEST(w.count("SELECT count(*) FROM job") == 2);
    w.fire(1);
    w.prune_later(by_age(kDay));
    w.prune_later(by_age(kDay));
    BOOST_TEST(w.count("SELECT count(*) FROM job") == 1);
    BOOST_TEST(w.count("SELECT count(*) FROM job_rev") == 1);
    BOOST_TEST(w.job(kept).state.status == JobStatus::active);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_audit_log_has_an_age_limit_of_its_own, Backend, Backends) {
    Pruning<Backend> w;
    w.write([&](Tx& tx) {
        for (int i = 0; i < 450; ++i) tx.audit({.event = "old"});
    });
    w.clock.advance(2 * kDay);
    w.write([&](Tx& tx) { tx.audit({.event = "new"}); });
    BOOST_TEST(w.prune(by_age(kDay)) == 0);
    BOOST_TEST(w.prune({.audit_max_age = kDay}) == 450);
    BOOST_TEST(w.store->read()->audit({}).items.size() == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(no_number_comes_twice_after_all_history_is_gone_and_the_clock_is_set_back, Backend,
                              Backends) {
    Pruning<Backend> w;
    const JobKey key = w.put_manual("a");
    const RunId run = w.run_now(key);
    w.finish(w.turn().assigned);
    const Micros before = w.clock.now();
    w.clock.advance(3 * kDay);
    w.prune(by_age(kDay));
    BOOST_TEST(w.runs_of(key).empty());
    w.store.reset();
    w.clock.set_wall(before);
    w.reopen();
    BOOST_TEST(raw(w.run_now(key)) > raw(run));
}

BOOST_AUTO_TEST_SUITE_END()
