// Whose output it is when a job meddles with the descriptors that carry it.
#include "pool_fixture.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;

namespace {

std::string kwargs(const std::string& name, const std::string& json) { return "{\"" + name + "\":" + json + "}"; }

/// Until the worker's function is fast enough for runs to be queued ahead.
void warm_up(Pool& pool, const std::shared_ptr<module::Module>& module) {
    for (int i = 0; i < 100 && pool.room.lanes.empty(); ++i) pool.result_of(pool.submit(pool.order(module)));
    BOOST_REQUIRE(!pool.room.lanes.empty());
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_later_runs_print_does_not_go_where_a_run_before_them_sent_its_own) {
    Pool pool(1);
    const auto module = fixture("run_redirects_output");
    const auto file = pool.folder / "stolen";
    const auto prints = [&] { return pool.order(module, 0); };
    warm_up(pool, module);

    std::vector<runner::RunOrder> orders;  // all of them to the one worker
    std::vector<RunId> later;
    orders.push_back(pool.order(module, 0, kwargs("to", "\"" + file.string() + "\"")));
    const RunId thief = orders.front().assigned.run;
    for (int i = 0; i < 5; ++i) {
        orders.push_back(prints());
        later.push_back(orders.back().assigned.run);
    }
    pool.supervisor->submit(std::move(orders));
    BOOST_TEST(pool.reason_of(thief) == "");
    for (const RunId run : later) BOOST_TEST(pool.output_of(run, Stream::out) == "private\n");
    BOOST_TEST(std::filesystem::file_size(file) == 0U);
    BOOST_TEST(pool.result_of(pool.submit(prints())).pid != pool.finished.at(thief).pid);
}

BOOST_AUTO_TEST_CASE(what_waits_behind_a_run_that_closes_its_output_for_good_begins_elsewhere) {
    Pool pool(1);
    const auto module = fixture("run_redirects_output");
    warm_up(pool, module);
    std::vector<runner::RunOrder> orders;
    orders.push_back(pool.order(module, 0, kwargs("closes", "true")));
    orders.push_back(pool.order(module));
    const RunId closes = orders.front().assigned.run;
    const RunId behind = orders.back().assigned.run;
    pool.supervisor->submit(std::move(orders));
    BOOST_TEST(pool.reason_of(closes) == "");
    BOOST_TEST(pool.output_of(behind, Stream::out) == "private\n");
    BOOST_TEST(pool.finished.at(behind).pid != pool.finished.at(closes).pid);
}

BOOST_AUTO_TEST_CASE(a_run_that_is_over_has_all_its_lines_in_whatever_order_they_are_read) {
    Pool pool(1);
    const auto module = fixture("run_redirects_output");
    warm_up(pool, module);
    std::vector<runner::RunOrder> orders;
    for (int i = 0; i < 2; ++i) orders.push_back(pool.order(module));
    const RunId first = orders.front().assigned.run;
    const auto last = orders.back().assigned;
    pool.supervisor->submit(std::move(orders));
    // All that the first has said is there before any of it is read; the outputs come before the log.
    BOOST_REQUIRE(wait_until([&] { return pool.ledger.find(raw(last.run), last.claim).has_value(); }));
    BOOST_TEST(pool.output_of(first, Stream::log) == "INFO private\n");
    BOOST_TEST(pool.output_of(first, Stream::out) == "private\n");
    BOOST_TEST(pool.output_of(first, Stream::err) == "private\n");
}
