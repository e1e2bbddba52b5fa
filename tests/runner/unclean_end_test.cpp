// Workers that end badly when their runs are over.
#include "pool_fixture.hpp"
#include "support/captured_error.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;

namespace {

/// What is logged about a run and the end of its worker.
std::string log_of(const std::string& module, std::string& reason) {
    const CapturedError error;
    Pool pool(1);
    auto order = pool.order(fixture(module));
    order.fresh = true;
    reason = pool.reason_of(pool.submit(std::move(order)));
    BOOST_TEST(pool.turn_until([&] { return pool.supervisor->workers() == 0; }));
    return error.text();
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_crash_after_the_result_is_a_warning_on_the_worker_and_the_result_stands) {
    std::string reason = "none";
    const std::string log = log_of("run_aborts_at_its_end", reason);
    BOOST_TEST(reason == "");
    BOOST_TEST(log.find("of module run_aborts_at_its_end ended with signal 6 after 1 runs, whose results stand") !=
                   std::string::npos,
               log);
}

BOOST_AUTO_TEST_CASE(a_worker_that_ends_as_it_was_told_or_with_its_run_leaves_no_warning) {
    std::string reason;
    BOOST_TEST(log_of("run_two_results", reason).find("whose results stand") == std::string::npos);
    BOOST_TEST(log_of("run_segv", reason).find("whose results stand") == std::string::npos);
    BOOST_TEST(reason == "crashed:SIGSEGV");
}
