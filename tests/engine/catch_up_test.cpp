// What a cron owes after a long stop: planned in one step, however many fires it is.
#include "fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

constexpr Micros kTwoWeeks = 14LL * 86'400 * kSecond;

struct Stopped : EngineFixture {
    JobKey each_second(const std::string& id, const std::function<void(Definition&)>& with = {}) {
        return add(id, trigger::make_cron({}, {}, {}), [&](Definition& def) {
            def.misfire_grace.reset();
            if (with) with(def);
        });
    }
    /// The server was away for so long; how long the first step after it takes.
    std::chrono::nanoseconds comes_back_after(Micros away) {
        clock.advance(away);
        engine::Engine after{*store, runner, &EngineFixture::resolve, clock, store->join({"node", "boot"})};
        const auto begin = std::chrono::steady_clock::now();
        while (after.step()) {}
        return std::chrono::steady_clock::now() - begin;
    }
    std::int64_t owed(JobKey key) const {
        const JobState state = store->read()->job(key)->state;
        return trigger::fires_between(trigger::make_cron({}, {}, {}), state.anchor, state.cursor).count;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(catch_up, Stopped)

BOOST_AUTO_TEST_CASE(coalesced_fires_are_one_run_whatever_their_number_and_the_overlap_policy) {
    for (const Overlap overlap : {Overlap::skip, Overlap::queue, Overlap::replace}) {
        for (const int most : {1, 5}) {
            const JobKey key = each_second("a" + std::to_string(static_cast<int>(overlap)) + std::to_string(most),
                                           [&](Definition& def) {
                                               def.overlap = overlap;
                                               def.max_instances = most;
                                           });
            comes_back_after(120'000 * kSecond);
            RunFilter filter;
            filter.job = key;
            const auto rows = store->read()->runs(filter).items;
            BOOST_TEST(rows.size() == 1U);
            BOOST_TEST((rows.front().state == RunState::assigned));
            BOOST_TEST(rows.front().fires == 120'001);
            BOOST_TEST(owed(key) == 120'001);
            BOOST_TEST(runner.stops.empty());
            store->write(Store::Class::api, [&](Tx& tx) { tx.remove(key); });
            runner.with_worker.clear();
        }
    }
}

BOOST_AUTO_TEST_CASE(after_two_weeks_many_crons_of_a_second_start_at_once_with_a_run_each) {
    constexpr std::size_t kJobs = 64;
    runner.places = 2 * kJobs;
    std::vector<JobKey> jobs;
    for (std::size_t i = 0; i < kJobs; ++i) jobs.push_back(each_second("cron" + std::to_string(i)));
    const auto took = comes_back_after(kTwoWeeks);
    BOOST_TEST(runner.with_worker.size() == kJobs);
    for (const JobKey key : jobs) BOOST_TEST(store->read()->fires_accounted(key) == kTwoWeeks / kSecond + 1);
    BOOST_TEST_MESSAGE(
        "64 crons after two weeks: " << std::chrono::duration_cast<std::chrono::microseconds>(took).count() << " us");
    BOOST_TEST((took < std::chrono::seconds(1)));
}

BOOST_AUTO_TEST_SUITE_END()
