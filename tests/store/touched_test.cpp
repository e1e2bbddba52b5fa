// Who watches executions and jobs is told of every change, however it came about.
#include "world.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace foliot;
using namespace foliot::store;
using foliot::testing::Backends;
using foliot::testing::On;

namespace {

template <class Backend>
struct Watched : On<Backend> {
    std::vector<std::int64_t> runs, jobs;
    Watched() {
        this->store->subscribe([this](const Event& event) {
            if (event.kind == Event::Kind::run_touched) runs.push_back(event.ref);
            if (event.kind == Event::Kind::job_touched) jobs.push_back(event.ref);
        });
    }
    /// What was told since the last call.
    std::vector<std::int64_t> told_runs() { return std::exchange(runs, {}); }
    std::vector<std::int64_t> told_jobs() { return std::exchange(jobs, {}); }
};
using Ids = std::vector<std::int64_t>;

}  // namespace

BOOST_AUTO_TEST_SUITE(touched)

BOOST_AUTO_TEST_CASE_TEMPLATE(each_step_of_an_execution_is_told_once, Backend, Backends) {
    Watched<Backend> w;
    const JobKey job = w.put_manual("a");
    BOOST_TEST((w.told_jobs() == Ids{raw(job)}));
    const RunId run = w.run_now(job);
    BOOST_TEST((w.told_runs() == Ids{raw(run)}));
    const auto assigned = w.turn().assigned;
    BOOST_TEST((w.told_runs() == Ids{raw(run)}));
    w.stop(run);
    BOOST_TEST((w.told_runs() == Ids{raw(run)}));
    w.finish(assigned, RunState::stopped);
    BOOST_TEST((w.told_runs() == Ids{raw(run)}));
    w.turn();
    BOOST_TEST(w.told_runs().empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_fire_touches_its_job_and_makes_an_execution, Backend, Backends) {
    Watched<Backend> w;
    const JobKey job = w.put("a");
    w.told_jobs();
    w.clock.advance(kSecond);
    const auto out = w.turn();
    BOOST_REQUIRE(out.assigned.size() == 1U);
    BOOST_TEST((w.told_jobs() == Ids{raw(job)}));
    BOOST_TEST((w.told_runs() == Ids{raw(out.assigned.front().run)}));
    w.pause(job);
    BOOST_TEST((w.told_jobs() == Ids{raw(job)}));
    w.write([&](Tx& tx) { tx.remove(job); });
    BOOST_TEST((w.told_jobs() == Ids{raw(job)}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_refused_unit_and_its_neighbours_are_told_apart, Backend, Backends) {
    Watched<Backend> w;
    BOOST_CHECK_THROW(w.write([&](Tx& tx) {
        tx.put_job(w.job_write("a", w.every_second()), ExpectedRev::absent());
        throw std::runtime_error("no");
    }),
                      std::runtime_error);
    w.write([](Tx& tx) { tx.audit({.kind = "job"}); });
    BOOST_TEST(w.told_jobs().empty());
    const JobKey job = w.put("b");
    BOOST_TEST((w.told_jobs() == Ids{raw(job)}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(pruning_tells_nobody, Backend, Backends) {
    Watched<Backend> w;
    const JobKey job = w.put("a");
    w.clock.advance(kSecond);
    w.finish(w.turn().assigned);
    w.told_jobs(), w.told_runs();
    w.clock.advance(86'400 * kSecond);
    std::int64_t removed = 0;
    for (Pruned pruned{0, true}; pruned.more;) removed += (pruned = w.store->prune({.max_age = kSecond})).rows;
    BOOST_TEST(removed >= 1);
    BOOST_TEST(w.job(job).state.id == "a");
    BOOST_TEST(w.told_runs().empty());
    BOOST_TEST(w.told_jobs().empty());
}

BOOST_AUTO_TEST_SUITE_END()
