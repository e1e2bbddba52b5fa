// Whose output it is when a job meddles with the descriptors that carry it.
#include "pool_fixture.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::runner;
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

    std::vector<RunOrder> orders;  // all of them to the one worker
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
    std::vector<RunOrder> orders;
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
    std::vector<RunOrder> orders;
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

BOOST_AUTO_TEST_CASE(what_a_run_writes_is_kept_in_the_order_in_which_it_came) {
    Pool pool(1);
    const Micros before = pool.clock.now();
    const auto& output = pool.result_of(pool.submit("run_writes_in_turn", 0, kwargs("turns", "20"))).output;
    BOOST_REQUIRE_EQUAL(output.size(), 60U);
    for (std::size_t i = 0; i < 20; ++i) {
        const std::string turn = std::to_string(i);
        const OutputChunk &err = output[3 * i], &out = output[3 * i + 1], &line = output[3 * i + 2];
        BOOST_TEST(((err.stream == Stream::err) && err.data == "err " + turn + "\n"), err.data);
        BOOST_TEST(((out.stream == Stream::out) && out.data == "out " + turn + (i % 2 == 0 ? "\n" : "")), out.data);
        BOOST_TEST(((line.stream == Stream::log) && log_line(line) == "INFO log " + turn + " {\"turn\":" + turn + "}"));
        BOOST_TEST((before <= err.at && err.at <= out.at && out.at <= pool.clock.now()));
    }
}

BOOST_AUTO_TEST_CASE(bytes_of_any_kind_are_kept_and_no_character_is_torn) {
    Pool pool(1);
    const RunId run = pool.submit("run_writes_in_turn", 0, kwargs("bytes", "\"00e282acff80c31b0a\""));
    BOOST_TEST(pool.output_of(run, Stream::out) == std::string("\0\xe2\x82\xac\xff\x80\xc3\x1b\n", 9));
    for (const OutputChunk& chunk : pool.finished.at(run).output)
        BOOST_TEST((chunk.data.find_first_of("\xe2\x82\xac") == std::string::npos ||
                    chunk.data.find("\xe2\x82\xac") != std::string::npos));
}

BOOST_AUTO_TEST_CASE(a_secret_that_comes_in_two_parts_is_hidden_in_both) {
    Pool pool(1);
    RunOrder order = pool.order(fixture("run_writes_in_turn"), 0, kwargs("turns", "3"));
    order.mask = Mask({R"("out 1out 2")"});  // with lines of the other streams between the two
    const RunId run = pool.submit(std::move(order));
    BOOST_TEST(pool.output_of(run, Stream::out) == "out 0\n**********\n");
    BOOST_TEST(pool.finished.at(run).output.size() == 9U);
}

BOOST_AUTO_TEST_CASE(a_flood_is_few_pieces_and_what_is_missing_is_told) {
    for (const char* what : {"lines", "line", "log"}) {
        Pool pool(1);
        const RunId flood = pool.submit("run_floods", 0, "{\"what\":\"" + std::string(what) + "\",\"megabytes\":50}");
        BOOST_TEST(pool.reason_of(flood) == "");
        const auto& output = pool.finished.at(flood).output;
        BOOST_TEST(output.size() < 2'100U);
        std::size_t kept = 0;
        std::uint64_t missing = 0;
        for (const OutputChunk& chunk : output) {
            kept += chunk.data.size();
            missing += chunk.left_out;
        }
        BOOST_TEST(kept <= pool.options.limits.max_output);
        BOOST_TEST(kept > pool.options.limits.max_output / 2);
        const bool log = std::string_view(what) == "log";
        BOOST_TEST(missing == (log ? 50U * 1'024 - (output.size() - 1) : (50U << 20U) - kept));
    }
}

BOOST_AUTO_TEST_CASE(others_run_while_one_floods_without_end) {
    for (const char* what : {"lines", "log"}) {
        Pool pool(2);
        const RunId flood =
            pool.submit("run_floods", 0, "{\"what\":\"" + std::string(what) + "\",\"megabytes\":100000000}");
        BOOST_TEST(pool.turn_until_started(flood));
        for (int i = 0; i < 20; ++i) BOOST_TEST(pool.reason_of(pool.submit("tasks", kOk)) == "");
        pool.supervisor->stop(flood, StopWhy::user);
        BOOST_TEST(pool.reason_of(flood) == "stopped");
        const auto& output = pool.finished.at(flood).output;
        BOOST_TEST(std::any_of(output.begin(), output.end(), [](const auto& chunk) { return chunk.left_out > 0; }));
    }
}
