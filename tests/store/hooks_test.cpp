// Webhooks as they are stored, and the ends of executions that are noted for them, whatever way they end.
#include "world.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

using States = std::vector<RunState>;
using Runs = std::vector<RunId>;

const States kAllEnds{RunState::succeeded, RunState::failed, RunState::timeout, RunState::stopped,
                      RunState::error,     RunState::missed, RunState::skipped};

template <class Backend>
struct Hooked : On<Backend> {
    int told = 0;  ///< how often ends were
    Hooked() { listen(); }

    void listen() {
        World::store->subscribe([this](const Event& event) { told += event.kind == Event::Kind::ending_noted; });
    }
    std::int64_t add(const std::string& event, JobKey job = JobKey{}) {
        std::int64_t id = 0;
        World::write(
            [&](Tx& tx) { id = tx.hooks().add({.account = 7, .event = event, .target = "http://host/", .job = job}); });
        return id;
    }
    void want(const States& states) {
        World::write([&](Tx& tx) { tx.hooks().want_endings(states); });
    }
    Runs endings() { return World::store->read()->hooks().endings(1'000); }
    Runs take_endings() {
        const Runs runs = endings();
        World::write([&](Tx& tx) {
            for (const RunId run : runs) tx.hooks().forget_ending(run);
        });
        return runs;
    }
    std::vector<std::int64_t> ids(const std::vector<Hook>& hooks) {
        std::vector<std::int64_t> ids;
        for (const Hook& hook : hooks) ids.push_back(hook.id);
        return ids;
    }
    std::vector<std::int64_t> page(const HookFilter& filter) {
        return ids(World::store->read()->hooks().hooks(filter));
    }
    std::vector<std::int64_t> hooks_for(std::string_view event) {
        return ids(World::store->read()->hooks().hooks_for(event));
    }
    std::vector<RunId> ended_as(JobKey job, RunState state) {
        std::vector<RunId> runs;
        for (const auto& run : World::runs_of(job)) {
            if (run.state == state) runs.push_back(run.id);
        }
        std::sort(runs.begin(), runs.end());
        return runs;
    }
};
using Ids = std::vector<std::int64_t>;

}  // namespace

BOOST_AUTO_TEST_SUITE(hooks)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_hook_is_added_changed_and_removed, Backend, Backends) {
    Hooked<Backend> w;
    const JobKey job = w.put_manual("deliver");
    const std::int64_t id = w.add("job.added");
    const Micros made = w.clock.now();
    w.clock.advance(kSecond);
    w.write([&](Tx& tx) {
        BOOST_TEST(tx.hooks().hook(id)->event == "job.added");
        tx.hooks().change({.id = id, .account = 9, .event = "job.deleted", .target = "http://other/", .job = job});
    });
    const Hook wanted{.id = id,
                      .account = 7,
                      .event = "job.deleted",
                      .target = "http://other/",
                      .job = job,
                      .created = made,
                      .updated = made + kSecond};
    {
        const auto snapshot = w.store->read();
        BOOST_TEST((snapshot->hooks().hook(id) == wanted));
        BOOST_TEST((snapshot->hooks().hook_of(job) == wanted));
        BOOST_TEST(snapshot->hooks().hook_count() == 1);
        BOOST_TEST(!snapshot->hooks().hook(id + 1));
    }
    w.write([&](Tx& tx) { tx.hooks().remove_hook(id); });
    BOOST_TEST(!w.store->read()->hooks().hook_of(job));
    BOOST_TEST(w.add("job.added") == id + 1);  // numbers do not come again
    BOOST_CHECK_EXCEPTION(w.write([&](Tx& tx) { tx.hooks().change(wanted); }), Refused,
                          [](const Refused& e) { return e.why == Refused::Why::missing; });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(pages_go_both_ways_newest_first, Backend, Backends) {
    Hooked<Backend> w;
    for (int i = 0; i < 5; ++i) w.add("job.added");
    BOOST_TEST((w.page({}) == Ids{5, 4, 3, 2, 1}));
    BOOST_TEST((w.page({.limit = 2}) == Ids{5, 4}));
    BOOST_TEST((w.page({.limit = 2, .before = 4}) == Ids{3, 2}));
    BOOST_TEST((w.page({.limit = 2, .after = 2}) == Ids{4, 3}));
    BOOST_TEST((w.page({.limit = 2, .after = 5}) == Ids{}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_event_is_for_its_own_hooks_and_those_of_its_kind, Backend, Backends) {
    Hooked<Backend> w;
    w.add("*");
    w.add("job.added");
    w.add("job.*");
    w.add("execution.failed");
    BOOST_TEST((w.hooks_for("job.added") == Ids{1, 2, 3}));
    BOOST_TEST((w.hooks_for("job.deleted") == Ids{1, 3}));
    BOOST_TEST((w.hooks_for("execution.failed") == Ids{1, 4}));
    BOOST_TEST((w.hooks_for("jo") == Ids{1}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(endings)

BOOST_AUTO_TEST_CASE_TEMPLATE(nothing_is_noted_until_it_is_wanted_nor_once_it_is_not, Backend, Backends) {
    Hooked<Backend> w;
    const JobKey job = w.put("a");
    const auto fire = [&](RunState state) {
        w.clock.advance(kSecond);
        w.finish(w.turn().assigned, state);
    };
    fire(RunState::failed);
    w.want({RunState::failed});
    fire(RunState::succeeded);
    BOOST_TEST(w.told == 0);
    fire(RunState::failed);
    BOOST_TEST(w.told == 1);
    BOOST_TEST((w.endings() == Runs{w.runs_of(job).front().id}));
    w.want({});
    fire(RunState::failed);
    BOOST_TEST(w.told == 1);
    BOOST_TEST(w.take_endings().size() == 1U);
    BOOST_TEST(w.endings().empty());
    w.want({RunState::succeeded, RunState::succeeded});
    fire(RunState::failed);
    fire(RunState::succeeded);
    BOOST_TEST((w.endings() == Runs{w.runs_of(job).front().id}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(every_way_to_end_is_noted_once, Backend, Backends) {
    Hooked<Backend> w;
    w.want(kAllEnds);
    const JobKey job = w.put("fires");
    w.clock.advance(kSecond);
    const auto running = w.turn().assigned;
    w.clock.advance(kSecond);
    w.turn();  // skipped: one runs
    BOOST_TEST((w.take_endings() == w.ended_as(job, RunState::skipped)));
    w.clock.advance(kSecond);
    w.turn();  // the same row grows
    BOOST_TEST(w.take_endings().empty());
    w.finish(running, RunState::timeout);
    BOOST_TEST((w.take_endings() == w.ended_as(job, RunState::timeout)));

    const RunId queued = w.run_now(job);
    w.stop(queued);
    BOOST_TEST((w.take_endings() == Runs{queued}));
    const RunId first = w.run_now(job), second = w.run_now(job);
    w.write([&](Tx& tx) { tx.remove(job); });
    BOOST_TEST((w.take_endings() == Runs{first, second}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_missed_is_noted, Backend, Backends) {
    Hooked<Backend> w;
    w.want({RunState::missed});
    Definition def = w.every_second();
    def.misfire = MisfirePolicy::skip;
    const JobKey job = w.put("a", def);
    w.clock.advance(10 * kSecond);
    TurnIn in;
    in.awake = true;
    w.turn(in);
    BOOST_TEST(w.ended_as(job, RunState::missed).size() == 1U);
    BOOST_TEST((w.endings() == w.ended_as(job, RunState::missed)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_recovery_ends_is_noted_and_told_by_the_next_life, Backend, Backends) {
    Hooked<Backend> w;
    w.want({RunState::failed});
    const JobKey job = w.put_manual("a");
    const RunId run = w.run_now(job);
    w.turn();
    w.reopen();
    w.listen();
    w.store->recover(
        w.fence,
        [](RunId, std::int64_t) {
            return LedgerEntry{LedgerSays::started, {}, 1, 0};
        },
        false);
    BOOST_TEST(w.told == 1);
    BOOST_TEST((w.endings() == Runs{run}));
    w.reopen();
    BOOST_TEST((w.endings() == Runs{run}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ends_come_in_their_order_a_few_at_a_time, Backend, Backends) {
    Hooked<Backend> w;
    w.want({RunState::stopped});
    Runs runs;
    const JobKey job = w.put_manual("a");
    for (int i = 0; i < 5; ++i) runs.push_back(w.run_now(job));
    for (auto run = runs.rbegin(); run != runs.rend(); ++run) w.stop(*run);
    BOOST_TEST((w.store->read()->hooks().endings(2) == Runs{runs[4], runs[3]}));
    w.write([&](Tx& tx) {
        BOOST_TEST((tx.hooks().endings(1) == Runs{runs[4]}));
        tx.hooks().forget_ending(runs[4]);
    });
    BOOST_TEST((w.store->read()->hooks().endings(2) == Runs{runs[3], runs[2]}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_unit_that_fails_notes_nothing_and_wants_nothing, Backend, Backends) {
    Hooked<Backend> w;
    const JobKey job = w.put_manual("a");
    const auto refuse = [&](const std::function<void(Tx&)>& unit) {
        BOOST_CHECK_THROW(w.write([&](Tx& tx) {
            unit(tx);
            throw std::runtime_error("no");
        }),
                          std::runtime_error);
    };
    refuse([&](Tx& tx) { tx.hooks().want_endings({RunState::stopped}); });
    w.stop(w.run_now(job));
    BOOST_TEST(w.endings().empty());
    w.want({RunState::stopped});
    const RunId run = w.run_now(job);
    refuse([&](Tx& tx) { tx.request_stop(run, StopWhy::user); });
    refuse([&](Tx& tx) { tx.hooks().want_endings({}); });
    BOOST_TEST(w.told == 0);
    w.stop(run);
    BOOST_TEST((w.endings() == Runs{run}));
    BOOST_TEST(w.told == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(jobs_that_deliver_are_never_told_of, Backend, Backends) {
    Hooked<Backend> w;
    w.want(kAllEnds);
    const JobKey job = w.put_manual("deliver");
    const std::int64_t id = w.add("execution.*", job);
    const RunId running = w.run_now(job);
    const auto assigned = w.turn().assigned;
    BOOST_REQUIRE(assigned.size() == 1U);
    w.stop(w.run_now(job));
    w.write([&](Tx& tx) {
        tx.remove(job);
        tx.hooks().remove_hook(id);
    });
    w.finish(assigned);  // when its hook is gone
    BOOST_TEST(w.state(running) == RunState::succeeded);
    BOOST_TEST(w.endings().empty());
    BOOST_TEST(w.told == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ends_go_with_executions_that_are_pruned, Backend, Backends) {
    Hooked<Backend> w;
    w.want({RunState::succeeded});
    w.put("a");
    w.clock.advance(kSecond);
    w.finish(w.turn().assigned);
    BOOST_TEST(w.endings().size() == 1U);
    w.clock.advance(86'400 * kSecond);
    for (Pruned pruned{0, true}; pruned.more;) pruned = w.store->prune({.max_age = kSecond});
    BOOST_TEST(w.endings().empty());
    BOOST_TEST(w.told == 1);
}

BOOST_AUTO_TEST_SUITE_END()
