// Whose output it is when a job meddles with the descriptors that carry it.
#include "pool_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;

namespace {

std::string kwargs(const std::string& name, const std::string& json) { return "{\"" + name + "\":" + json + "}"; }

}  // namespace

BOOST_AUTO_TEST_CASE(what_later_runs_print_does_not_go_where_a_run_before_them_sent_its_own) {
    Pool pool(1);
    const auto module = fixture("run_redirects_output");
    const auto file = pool.folder / "stolen";
    const auto prints = [&] { return pool.order(module, 0); };
    for (int i = 0; i < 3; ++i) BOOST_REQUIRE_EQUAL(pool.reason_of(pool.submit(prints())), "");

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

BOOST_AUTO_TEST_CASE(a_worker_whose_output_a_run_has_closed_for_good_serves_no_other) {
    Pool pool(1);
    const RunId closes = pool.submit("run_redirects_output", 0, kwargs("closes", "true"));
    BOOST_TEST(pool.reason_of(closes) == "");
    const RunId next = pool.submit("run_redirects_output");
    BOOST_TEST(pool.output_of(next, Stream::out) == "private\n");
    BOOST_TEST(pool.finished.at(next).pid != pool.finished.at(closes).pid);
}

BOOST_AUTO_TEST_CASE(a_run_that_is_over_has_all_its_lines) {
    Pool pool(1);
    std::vector<RunId> runs;
    for (int i = 0; i < 500; ++i) runs.push_back(pool.submit("tasks", kOk));
    for (const RunId run : runs) BOOST_REQUIRE_EQUAL(pool.output_of(run, Stream::log), "INFO doing it\n");
}
