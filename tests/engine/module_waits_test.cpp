// Runs of modules that cannot be used for a while.
#include "engine/fixture.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <thread>

namespace foliot::testing {
namespace {

struct Waits : EngineFixture {
    std::set<std::string> unavailable;
    engine::ModuleWaits chore{*store, clock, [this] { return unavailable; }};

    Waits() {
        engine.await_modules([this] { return unavailable; });
    }
    /// Turns and chores, as the engine's own loop does them.
    void go() {
        settle();
        while (chore.step()) settle();
        settle();
    }
    void go_after(Micros time) {
        clock.advance(time);
        go();
    }
    std::vector<store::RunView> runs_of(const std::string& job) const {
        std::vector<store::RunView> list;
        for (auto& run : runs())
            if (run.job_id == job) list.push_back(run);
        return list;
    }
    store::RunView only_run_of(const std::string& job) const {
        const auto list = runs_of(job);
        BOOST_REQUIRE_EQUAL(list.size(), 1U);
        return list.front();
    }
    std::vector<store::RunView> live_runs() const {
        store::RunFilter filter;
        filter.states = {RunState::ready, RunState::assigned};
        filter.limit = 10'000;
        return store->read()->runs(filter).items;
    }
    static void audit(store::Tx& tx) {
        store::AuditEntry entry;
        entry.actor = entry.via = "test";
        entry.event = "added";
        tx.audit(entry);
    }
    JobKey put_manual(store::Tx& tx, int number) const {
        store::JobWrite write;
        write.id = write.def.name = std::to_string(number);
        write.def.func = {"others", "f"};
        write.def.trigger = trigger::None{};
        write.arming = arm(write.def.trigger, clock.now());
        return tx.put_job(write, store::ExpectedRev::absent());
    }
    void add_other(const std::string& id, const trigger::Trigger& trigger) {
        add(id, trigger, [](Definition& def) { def.func = {"others", "f"}; });
    }
};

BOOST_FIXTURE_TEST_SUITE(waits_for_modules, Waits)

BOOST_AUTO_TEST_CASE(a_run_waits_for_its_module_says_so_and_starts_when_the_module_is_back) {
    unavailable = {"tasks"};
    add("job", at(clock.now() + kSecond));
    clock.advance(kSecond);
    go();
    BOOST_TEST(runner.with_worker.empty());
    BOOST_TEST(wire_name(only_run_of("job").state) == "scheduled");
    BOOST_TEST(only_run_of("job").reason == "module_unavailable");
    unavailable.clear();
    go_after(kSecond);
    BOOST_REQUIRE_EQUAL(runner.with_worker.size(), 1U);
    BOOST_TEST(only_run_of("job").reason == "");
    runner.end(clock, success());
    settle();
    BOOST_TEST(wire_name(only_run_of("job").state) == "succeeded");
}

BOOST_AUTO_TEST_CASE(other_modules_go_on_however_many_runs_wait_for_one) {
    runner.places = 2;
    unavailable = {"others"};
    for (int i = 0; i < 50; ++i) add_other("waits " + std::to_string(i), at(clock.now() + kSecond));
    for (int i = 0; i < 5; ++i) add("goes " + std::to_string(i), at(clock.now() + 2 * kSecond));
    clock.advance(2 * kSecond);
    go();
    for (int i = 0; i < 5; ++i) {
        BOOST_REQUIRE(!runner.with_worker.empty());
        BOOST_TEST(runner.with_worker.front().assigned.job_id.starts_with("goes"));
        runner.end(clock, success());
        settle();
    }
    BOOST_TEST(runner.with_worker.empty());
}

BOOST_AUTO_TEST_CASE(a_fire_is_missed_when_its_misfire_grace_is_over_and_the_job_goes_on) {
    unavailable = {"tasks"};
    add("job", every(100 * kSecond), [](Definition& def) { def.misfire_grace = 30 * kSecond; });
    clock.advance(100 * kSecond);
    go();
    clock.advance(29 * kSecond);
    store->write(store::Store::Class::bulk, [&](store::Tx& tx) { tx.note_wait(only_run_of("job").id, ""); });
    go();
    BOOST_TEST(only_run_of("job").reason == "module_unavailable");
    go_after(kSecond);
    BOOST_TEST((only_run_of("job").state == RunState::missed));
    BOOST_TEST(only_run_of("job").reason == "module_unavailable");
    BOOST_TEST(only_run_of("job").error.find("module 'tasks' could not be used") != std::string::npos);
    clock.advance(70 * kSecond);
    unavailable.clear();
    settle();
    BOOST_REQUIRE_EQUAL(runner.with_worker.size(), 1U);  // the next fire
}

BOOST_AUTO_TEST_CASE(what_was_late_already_when_its_module_broke_is_late_from_then_on) {
    runner.places = 0;
    add("queued", at(clock.now() + kSecond), [](Definition& def) { def.misfire_grace = 30 * kSecond; });
    go_after(kSecond);
    go_after(300 * kSecond);
    unavailable = {"tasks"};
    go_after(kSecond);
    go_after(29 * kSecond);
    BOOST_TEST((only_run_of("queued").state == RunState::ready));
    unavailable.clear();
    go_after(kSecond);
    unavailable = {"tasks"};  // once more: its time begins anew
    go_after(kSecond);
    go_after(29 * kSecond);
    BOOST_TEST((only_run_of("queued").state == RunState::ready));
    BOOST_TEST(only_run_of("queued").reason == "module_unavailable");
    go_after(kSecond);
    BOOST_TEST((only_run_of("queued").state == RunState::missed));
}

BOOST_AUTO_TEST_CASE(a_long_queue_is_gone_through_in_pieces_and_those_that_come_later_are_found) {
    constexpr int many = 1100;
    unavailable = {"others", "tasks"};
    store->write(store::Store::Class::api, [&](store::Tx& tx) {
        for (int i = 0; i < many; ++i) tx.run_now(put_manual(tx, i), {});
        audit(tx);
    });
    const auto noted = [&] {
        const auto all = live_runs();
        return std::count_if(all.begin(), all.end(),
                             [](const auto& run) { return run.reason == "module_unavailable"; });
    };
    settle();
    BOOST_TEST(chore.step());
    BOOST_TEST(noted() < many);
    go();
    BOOST_TEST(noted() == many);
    add("later", at(clock.now() + kSecond));
    go_after(kSecond);
    BOOST_TEST(noted() == many + 1);
    unavailable.clear();
    go_after(kSecond);
    BOOST_TEST(noted() == 0);
}

BOOST_AUTO_TEST_CASE(what_was_asked_for_by_hand_waits_as_long_as_it_takes_and_what_has_a_deadline_until_that) {
    unavailable = {"tasks"};
    const auto short_grace = [](Definition& def) { def.misfire_grace = kSecond; };
    const JobKey by_hand = add("by hand", at(clock.now() + 900'000 * kSecond), short_grace);
    add("pressed", at(clock.now() + kSecond), [](Definition& def) { def.deadline = 60 * kSecond; });
    store->write(store::Store::Class::api, [&](store::Tx& tx) {
        tx.run_now(by_hand, {});
        store::AuditEntry entry;
        entry.actor = entry.via = "test";
        entry.event = "custom_run";
        tx.audit(entry);
    });
    go_after(kSecond);
    go_after(3000 * kSecond);
    BOOST_TEST((only_run_of("by hand").state == RunState::ready));
    BOOST_TEST((only_run_of("pressed").state == RunState::timeout));
    BOOST_TEST(only_run_of("pressed").reason == "deadline");
}

BOOST_AUTO_TEST_CASE(a_run_whose_module_breaks_between_turn_and_dispatch_is_given_back_not_refused) {
    add_other("job", at(clock.now() + kSecond));
    clock.advance(kSecond);
    int asked = 0;
    engine.await_modules([&] { return asked++ == 0 ? std::set<std::string>() : std::set<std::string>{"others"}; });
    settle();
    BOOST_TEST((only_run_of("job").state == RunState::ready));
    BOOST_TEST(runner.with_worker.empty());
    BOOST_TEST(engine.step() == false);  // it does not go round and round
}

BOOST_AUTO_TEST_CASE(waiting_runs_are_noted_by_the_engine_itself_when_it_is_idle) {
    std::mutex mutex;
    engine.await_modules([&] {
        const std::lock_guard lock(mutex);
        return unavailable;
    });
    unavailable = {"tasks"};
    add("job", at(clock.now() + kSecond));
    clock.advance(kSecond);
    runner.submitted = [&] { runner.end(clock, success()); };
    std::jthread thread([&] { engine.run(); });
    const bool noted = wait_until([&] {
        const auto list = runs();
        return list.size() == 1 && list.front().reason == "module_unavailable";
    });
    {
        const std::lock_guard lock(mutex);
        unavailable.clear();
    }
    const bool ran = wait_until([&] {
        engine.wake();
        return runs().front().state == RunState::succeeded;
    });
    engine.stop();
    thread.join();
    BOOST_TEST(noted);
    BOOST_TEST(ran);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
