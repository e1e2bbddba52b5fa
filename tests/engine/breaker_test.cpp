// Functions that crash again and again are not run.
#include "engine/fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace foliot::testing {
namespace {

using engine::Breaker;
using runner::Crash;
using Course = Breaker::Course;

const FuncRef kFunc{"tasks", "ok"};

Verdict crash() { return {RunState::failed, Outcome::failed, "crashed:SIGSEGV", "crashed", "null", 0}; }

BOOST_AUTO_TEST_SUITE(breaker)

BOOST_AUTO_TEST_CASE(so_many_crashes_in_a_row_trip_it_and_no_fewer) {
    Breaker breaker(3);
    BOOST_TEST((breaker.course_of(kFunc, "1") == Course::usual));
    BOOST_TEST(!breaker.crashed(kFunc, "1", true, 10, "crashed:SIGSEGV"));
    BOOST_TEST((breaker.course_of(kFunc, "1") == Course::alone));
    BOOST_TEST(!breaker.crashed(kFunc, "1", true, 11, "crashed:SIGSEGV"));
    const auto tripped = breaker.crashed(kFunc, "1", true, 12, "exited:1");
    BOOST_REQUIRE(tripped.has_value());
    BOOST_TEST(tripped->func == "tasks:ok");
    BOOST_TEST(tripped->crashes == 3);
    BOOST_TEST(tripped->since == 12);
    BOOST_TEST(tripped->why == "exited:1");
    BOOST_TEST((breaker.course_of(kFunc, "1") == Course::refused));
    BOOST_TEST((breaker.course_of({"tasks", "other"}, "1") == Course::usual));
    BOOST_TEST(!breaker.crashed(kFunc, "1", true, 13, "exited:2"), "one that was under way is no news");
}

BOOST_AUTO_TEST_CASE(a_crash_after_other_runs_counts_for_nothing_but_a_process_of_its_own) {
    Breaker breaker(1);
    for (int i = 0; i < 10; ++i) BOOST_TEST(!breaker.crashed(kFunc, "1", false, 10, "crashed:SIGSEGV"));
    BOOST_TEST((breaker.course_of(kFunc, "1") == Course::alone));
    breaker.succeeded(kFunc);
    BOOST_TEST((breaker.course_of(kFunc, "1") == Course::usual));
}

BOOST_AUTO_TEST_CASE(a_success_begins_the_count_anew) {
    Breaker breaker(2);
    for (int i = 0; i < 5; ++i) {
        BOOST_TEST(!breaker.crashed(kFunc, "1", true, 10, "crashed:SIGSEGV"));
        breaker.succeeded(kFunc);
    }
}

BOOST_AUTO_TEST_CASE(a_success_that_was_under_way_does_not_mend_what_has_tripped) {
    Breaker breaker(1);
    BOOST_TEST(breaker.crashed(kFunc, "1", true, 10, "crashed:SIGSEGV").has_value());
    breaker.succeeded(kFunc);
    BOOST_TEST((breaker.course_of(kFunc, "1") == Course::refused));
}

BOOST_AUTO_TEST_CASE(off_it_never_trips) {
    Breaker breaker(0);
    for (int i = 0; i < 100; ++i) BOOST_TEST(!breaker.crashed(kFunc, "1", true, 10, "crashed:SIGSEGV"));
    BOOST_TEST((breaker.course_of(kFunc, "1") == Course::alone));
}

BOOST_AUTO_TEST_CASE(another_version_of_the_module_is_run_and_told_of_once) {
    Breaker breaker(1);
    BOOST_TEST(breaker.crashed(kFunc, "1", true, 10, "crashed:SIGSEGV").has_value());
    BOOST_TEST((breaker.course_of(kFunc, "2") == Course::usual));
    BOOST_TEST(breaker.take_released() == std::vector<std::string>{"tasks:ok"});
    BOOST_TEST(breaker.take_released().empty());
    BOOST_TEST(breaker.tripped().empty());
}

BOOST_AUTO_TEST_CASE(a_late_crash_of_an_older_version_does_not_let_the_newer_one_go_on) {
    Breaker breaker(1);
    BOOST_TEST(breaker.crashed(kFunc, "2", true, 10, "crashed:SIGSEGV").has_value());
    BOOST_TEST(!breaker.crashed(kFunc, "1", true, 11, "crashed:SIGABRT"));
    BOOST_TEST((breaker.course_of(kFunc, "2") == Course::refused));
    BOOST_TEST(breaker.take_released().empty());
    BOOST_TEST(breaker.tripped("tasks:ok")->why == "crashed:SIGSEGV");
}

BOOST_AUTO_TEST_CASE(resumed_by_hand_it_counts_anew_and_its_runs_are_alone_until_one_succeeds) {
    Breaker breaker(2);
    BOOST_TEST(!breaker.resume("tasks:ok"));
    for (int i = 0; i < 2; ++i) breaker.crashed(kFunc, "1", true, 10, "crashed:SIGSEGV");
    BOOST_TEST(breaker.resume("tasks:ok")->crashes == 2);
    BOOST_TEST(!breaker.tripped("tasks:ok"));
    BOOST_TEST((breaker.course_of(kFunc, "1") == Course::alone));
    BOOST_TEST(!breaker.crashed(kFunc, "1", true, 10, "crashed:SIGSEGV"));
    BOOST_TEST(breaker.crashed(kFunc, "1", true, 10, "crashed:SIGSEGV").has_value());
}

BOOST_AUTO_TEST_CASE(what_has_tripped_is_kept_as_text_and_nothing_else) {
    Breaker breaker(1);
    BOOST_TEST(breaker.crashed(kFunc, "1:\"2", true, 10, "crashed:SIGSEGV").has_value());
    breaker.crashed({"tasks", "other"}, "1", false, 10, "crashed:SIGABRT");
    Breaker later(5);
    later.read(breaker.text());
    BOOST_REQUIRE_EQUAL(later.tripped().size(), 1U);
    const auto one = later.tripped("tasks:ok");
    BOOST_REQUIRE(one.has_value());
    BOOST_TEST(one->identity == "1:\"2");
    BOOST_TEST(one->crashes == 1);
    BOOST_TEST(one->since == 10);
    BOOST_TEST(one->why == "crashed:SIGSEGV");
    Breaker none(5);
    none.read("");
    none.read("[{");
    none.read("{}");
    BOOST_TEST(none.tripped().empty());
}

struct Breaking : EngineFixture {
    Breaker breaker{2};

    Breaking() { engine.break_with(breaker); }
    /// A job that is due now; its run is with the worker.
    void due(const std::function<void(Definition&)>& with = {}) {
        add("job" + std::to_string(++jobs_), at(clock.now() + kSecond), with);
        clock.advance(kSecond);
        settle();
    }
    void end_with(const Verdict& verdict, std::optional<Crash> crash = {}) {
        BOOST_REQUIRE_EQUAL(runner.with_worker.size(), 1U);
        runner.end(clock, verdict, crash);
        settle();
    }
    std::vector<std::string> audited() const {
        std::vector<std::string> events;
        for (const auto& entry : store->read()->audit({}).items) {
            if (entry.kind == "function") events.push_back(entry.event + ' ' + entry.ref);
        }
        return events;
    }

  private:
    int jobs_ = 0;
};

BOOST_FIXTURE_TEST_CASE(after_a_crash_a_function_runs_alone_until_it_succeeds, Breaking) {
    due();
    BOOST_TEST(!runner.with_worker.front().fresh);
    end_with(crash(), Crash::after_others);
    due();
    BOOST_TEST(runner.with_worker.front().fresh);
    end_with(failure());
    due();
    BOOST_TEST(runner.with_worker.front().fresh, "a failure is no success");
    end_with(success());
    due();
    BOOST_TEST(!runner.with_worker.front().fresh);
    end_with(success());
    BOOST_TEST(audited().empty());
}

BOOST_FIXTURE_TEST_CASE(a_function_that_crashed_too_often_fails_at_once_and_what_retries_it_has_come_later, Breaking) {
    for (int i = 0; i < 2; ++i) {
        due();
        end_with(crash(), Crash::alone);
    }
    BOOST_TEST(audited() == std::vector<std::string>{"broken tasks:ok"});
    due([](Definition& def) { def.retry = {.max_retries = 1, .delay = 0}; });
    BOOST_TEST(runner.with_worker.empty());
    const auto all = runs();
    const auto refused = std::find_if(all.begin(), all.end(), [](const auto& run) { return run.reason == "breaker"; });
    BOOST_REQUIRE(refused != all.end());
    BOOST_TEST(wire_name(refused->state) == "failed");
    BOOST_TEST(refused->error.find("crashed 2 times in a row, the last time with crashed:SIGSEGV") != std::string::npos,
               refused->error);
    BOOST_TEST(refused->error.find("POST /api/v1/functions/tasks:ok/resume") != std::string::npos, refused->error);
    BOOST_TEST(engine.next_wake().value() == clock.now() + 60 * kSecond);

    BOOST_TEST(breaker.resume("tasks:ok").has_value());
    clock.advance(60 * kSecond);
    settle();
    BOOST_REQUIRE_EQUAL(runner.with_worker.size(), 1U);
    BOOST_TEST(runner.with_worker.front().assigned.attempt == 2);
}

BOOST_FIXTURE_TEST_CASE(what_tripped_is_found_again_in_the_store, Breaking) {
    for (int i = 0; i < 2; ++i) {
        due();
        end_with(crash(), Crash::alone);
    }
    Breaker later(5);
    later.read(store->read()->setting(engine::kBreakersSetting));
    BOOST_TEST(later.tripped("tasks:ok").has_value());
}

struct BreakingAway : EngineFixture {
    Breaker breaker{1};
    FailingStore failing{*store};
    engine::Engine shaky{failing, runner, resolve, clock, store->join({"node", "boot"})};

    BreakingAway() { shaky.break_with(breaker); }
    void crank() {
        while (shaky.step()) {}
    }
};

BOOST_FIXTURE_TEST_CASE(what_tripped_while_the_store_was_away_is_stored_and_told_of_when_it_is_back, BreakingAway) {
    add("job", at(clock.now() + kSecond));
    clock.advance(kSecond);
    crank();
    BOOST_REQUIRE_EQUAL(runner.with_worker.size(), 1U);
    runner.end(clock, crash(), Crash::alone);
    failing.writes = 0;
    crank();
    BOOST_TEST(store->read()->setting(engine::kBreakersSetting).empty());
    BOOST_TEST(shaky.next_wake().value() == clock.now() + kSecond);
    failing.writes = 100;
    crank();
    Breaker later(1);
    later.read(store->read()->setting(engine::kBreakersSetting));
    BOOST_TEST(later.tripped("tasks:ok").has_value());
    const auto audit = store->read()->audit({}).items;
    BOOST_TEST(std::count_if(audit.begin(), audit.end(), [](const auto& entry) { return entry.event == "broken"; }) ==
               1);
    crank();
    BOOST_TEST(failing.writes == 99, "once is enough");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
