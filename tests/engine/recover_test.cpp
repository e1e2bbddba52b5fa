#include "engine/recover.hpp"

#include "engine/fixture.hpp"
#include "process/spawn.hpp"

#include <foliot/abi.h>

#include <boost/test/unit_test.hpp>
#include <unistd.h>

namespace foliot::testing {
namespace {

/// A server that died with one run in a worker's hands; the test writes what the ledger says of it.
struct RecoverFixture : EngineFixture {
    RunId run{};
    std::int64_t claim = 0;

    RecoverFixture() {
        add("job", at(clock.now() + kSecond), [](Definition& def) { def.retry.max_retries = 1; });
        clock.advance(kSecond);
        settle();
        run = runner.with_worker.front().assigned.run;
        claim = runner.with_worker.front().assigned.claim;
    }

    store::RunView view() const { return store->read()->run(run).value(); }
    void recover() { engine::join_and_recover(*store, ledger, "node"); }
    void recover_with(process::Ledger other) const { engine::join_and_recover(*store, other, "node"); }
    void recover_after_reboot() const { recover_with(process::Ledger::open(dir / "ledger", 2, "another boot")); }
};

BOOST_FIXTURE_TEST_SUITE(recover_runs, RecoverFixture)

BOOST_AUTO_TEST_CASE(a_run_that_never_began_is_queued_again_as_the_same_attempt) {
    recover();
    BOOST_TEST((view().state == RunState::ready));
    BOOST_TEST(view().attempt == 1);
}

BOOST_AUTO_TEST_CASE(a_run_that_began_and_did_not_end_is_lost_and_follows_the_retry_policy) {
    process::ledger_begin(ledger.slot(0), raw(run), claim, clock.now());
    recover();
    BOOST_TEST((view().state == RunState::failed));
    BOOST_TEST(view().reason == "lost");
    BOOST_REQUIRE_EQUAL(runs().size(), 2U);
    BOOST_TEST((runs()[0].state == RunState::waiting));
    BOOST_TEST(runs()[0].attempt == 2);
}

BOOST_AUTO_TEST_CASE(a_run_that_ended_keeps_its_outcome) {
    auto& entry = process::ledger_begin(ledger.slot(1), raw(run), claim, clock.now());
    process::ledger_end(entry, FOLIOT_OK, clock.now());
    recover();
    BOOST_TEST((view().state == RunState::succeeded));
}

BOOST_AUTO_TEST_CASE(an_entry_of_an_earlier_claim_proves_nothing) {
    process::ledger_begin(ledger.slot(0), raw(run), claim - 1, clock.now());
    recover();
    BOOST_TEST((view().state == RunState::ready));
}

BOOST_AUTO_TEST_CASE(after_a_reboot_the_ledger_proves_nothing_and_the_run_is_lost) {
    recover_after_reboot();
    BOOST_TEST((view().state == RunState::failed));
    BOOST_TEST(view().reason == "lost");
}

BOOST_AUTO_TEST_CASE(a_ledger_that_was_lost_proves_nothing_and_the_run_is_lost) {
    recover_with(process::Ledger::open(dir / "another", 2, "boot"));
    BOOST_TEST((view().state == RunState::failed));
    BOOST_TEST(view().reason == "lost");
}

BOOST_AUTO_TEST_CASE(a_ledger_of_some_earlier_life_proves_nothing_until_runs_are_judged_by_it) {
    { process::Ledger::open(dir / "another", 2, "boot"); }
    recover_with(process::Ledger::open(dir / "another", 2, "boot"));
    BOOST_TEST(view().reason == "lost");
    BOOST_TEST(!store->ledger_changed({"node", process::Ledger::open(dir / "another", 2, "boot").id()}));
    BOOST_TEST(store->ledger_changed({"node", ledger.id()}));
}

BOOST_AUTO_TEST_CASE(a_run_that_failed_for_good_is_not_tried_again) {
    auto& entry = process::ledger_begin(ledger.slot(0), raw(run), claim, clock.now());
    process::ledger_end(entry, FOLIOT_FAILED_FOR_GOOD, clock.now());
    recover();
    BOOST_TEST((view().state == RunState::failed));
    BOOST_TEST(view().reason == "result_lost");
    BOOST_TEST(runs().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_run_that_snoozed_comes_again_as_the_same_attempt) {
    auto& entry = process::ledger_begin(ledger.slot(0), raw(run), claim, clock.now());
    process::ledger_end(entry, FOLIOT_SNOOZED, clock.now());
    recover();
    BOOST_TEST(view().reason == "snoozed");
    BOOST_REQUIRE_EQUAL(runs().size(), 2U);
    BOOST_TEST(runs()[0].attempt == 1);
    BOOST_TEST(runs()[0].due >= clock.now() + runs()[0].def->retry.delay);
}

BOOST_AUTO_TEST_CASE(a_run_whose_own_delay_was_lost_is_tried_again_after_the_jobs) {
    auto& entry = process::ledger_begin(ledger.slot(0), raw(run), claim, clock.now());
    process::ledger_end(entry, FOLIOT_RETRY_AFTER, clock.now());
    recover();
    BOOST_TEST(view().reason == "result_lost");
    BOOST_REQUIRE_EQUAL(runs().size(), 2U);
    BOOST_TEST(runs()[0].attempt == 2);
    BOOST_TEST(runs()[0].due >= clock.now() + runs()[0].def->retry.delay);
}

BOOST_AUTO_TEST_CASE(after_a_reboot_nobody_is_killed_for_having_an_old_workers_number) {
    const auto other = process::spawn({.program = "/bin/sleep", .arguments = {"600"}, .environment = {}, .extra = {}});
    ledger.slot(0).pid = other.pid;
    ledger.slot(0).start_time = other.start_time;
    recover_after_reboot();
    BOOST_TEST(!process::reap(other).has_value());
    process::kill_and_await(other.pid, other.start_time, 10 * kSecond);
    BOOST_TEST(process::reap(other).has_value());
}

BOOST_AUTO_TEST_CASE(an_old_worker_is_dead_before_anything_is_judged) {
    const auto old = process::spawn({.program = "/bin/sleep", .arguments = {"600"}, .environment = {}, .extra = {}});
    ledger.slot(0).pid = old.pid;
    ledger.slot(0).start_time = old.start_time;
    recover();
    BOOST_TEST(process::reap(old).has_value());
    BOOST_TEST(ledger.owners().empty());
}

BOOST_AUTO_TEST_CASE(a_process_that_is_not_the_job_users_is_spared_though_the_ledger_names_it) {
    const auto other = process::spawn({.program = "/bin/sleep", .arguments = {"600"}, .environment = {}, .extra = {}});
    ledger.slot(0).pid = other.pid;
    ledger.slot(0).start_time = other.start_time;
    const process::JobUser another{"another", ::getuid() + 1, 1};
    engine::join_and_recover(*store, ledger, "node", another);
    BOOST_TEST(!process::reap(other).has_value());

    ledger.slot(0).pid = other.pid;
    ledger.slot(0).start_time = other.start_time;
    const process::JobUser same{"same", ::getuid(), 1};
    engine::join_and_recover(*store, ledger, "node", same);
    BOOST_TEST(process::reap(other).has_value());
}

BOOST_AUTO_TEST_CASE(a_process_that_only_has_an_old_workers_number_is_spared) {
    const auto other = process::spawn({.program = "/bin/sleep", .arguments = {"600"}, .environment = {}, .extra = {}});
    ledger.slot(0).pid = other.pid;
    ledger.slot(0).start_time = other.start_time + 1;
    recover();
    BOOST_TEST(!process::reap(other).has_value());
    process::kill_and_await(other.pid, other.start_time, 10 * kSecond);
    BOOST_TEST(process::reap(other).has_value());
}

BOOST_AUTO_TEST_CASE(a_finish_of_the_old_life_is_refused) {
    recover();
    runner.end(clock, success());
    settle();
    BOOST_TEST((view().state != RunState::succeeded));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
