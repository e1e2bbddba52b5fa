// Job code shares its worker's channel to the server and can write to it whatever it likes.
#include "base/json.hpp"
#include "pool_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;

BOOST_AUTO_TEST_CASE(a_result_that_is_no_json_fails_the_run_and_is_not_kept) {
    for (const std::string text : {"bytes", "{", "1 2", "\\\"a", "nul"}) {
        BOOST_TEST_CONTEXT(text) {
            Pool pool(1);
            const RunId run = pool.submit("run_forges_frames", 0, R"({"result":")" + text + R"("})");
            const auto& done = pool.result_of(run);
            BOOST_TEST((done.verdict.state == RunState::failed));
            BOOST_TEST(done.verdict.reason == "protocol_error");
            BOOST_TEST(done.verdict.error.find("the result is no JSON") != std::string::npos, done.verdict.error);
            BOOST_TEST(done.verdict.result == "null");
            BOOST_TEST(pool.reason_of(pool.submit("bench", kNoop)) == "");
        }
    }
}

BOOST_AUTO_TEST_CASE(two_results_for_one_run_are_a_broken_protocol_whatever_they_say) {
    Pool pool(1);
    const RunId run = pool.submit("run_forges_frames", 0, R"({"result":"1"})");
    BOOST_TEST(pool.turn_until_done(run));
    BOOST_TEST(pool.reports.at(run) == 1);
    BOOST_TEST(pool.reason_of(pool.submit("bench", kNoop)) == "");
}

BOOST_AUTO_TEST_CASE(a_log_line_of_odd_bytes_is_kept_as_it_is_and_one_of_no_time_ends_its_worker) {
    Pool pool(1);
    const RunId odd = pool.submit("run_forges_frames", 0, R"({"log":true})");
    BOOST_TEST(pool.reason_of(odd) == "");
    const auto& output = pool.finished.at(odd).output;
    BOOST_REQUIRE_EQUAL(output.size(), 1U);
    BOOST_TEST((output[0].level == LogLevel::error));
    BOOST_TEST(output[0].data == "\xFF\x1b");
    BOOST_TEST(output[0].fields == "}\xFF");
    for (const char* at : {"-1", "9223372036854775807"}) {
        const RunId run = pool.submit("run_forges_frames", 0, R"({"log":true,"at":)" + std::string(at) + "}");
        BOOST_TEST(pool.result_of(run).output.empty());
        BOOST_TEST(pool.result_of(pool.submit("run_forges_frames", 0, R"({"log":true})")).pid !=
                   pool.finished.at(run).pid);
    }
}
