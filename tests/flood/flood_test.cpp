// A job that writes without measure, in a real server: nobody but itself is slower, and nothing grows.
#include "app/fixture.hpp"
#include "support/how_much.hpp"
#include "support/slowdown.hpp"

#include <fstream>

namespace foliot::testing {
namespace {

constexpr std::size_t kMaxOutput = 65'536;
constexpr std::int64_t kMostGrowth = 6'144;  // kB

struct FloodFixture : ServerFixture {
    FloodFixture() { settings.emplace_back("workers.max_output=" + std::to_string(kMaxOutput)); }

    std::int64_t resident() const {
        std::ifstream statm("/proc/" + std::to_string(server->pid()) + "/statm");
        std::int64_t size = 0, pages = 0;
        statm >> size >> pages;
        return pages * 4;
    }
    void flood(const std::string& id, const std::string& what, std::int64_t megabytes) {
        run(id, "run_floods:run",
            R"(,"kwargs":{"what":")" + what + R"(","megabytes":)" + std::to_string(megabytes) + "}");
    }
    std::string json_log(const Execution& execution) const {
        return server->client().get("/api/v1/executions/" + execution.id + "/log?format=json").body;
    }
    /// How long so many runs take, one after the other.
    Micros time_of(int runs) {
        const Micros begin = SystemClock().monotonic();
        for (int i = 0; i < runs; ++i) {
            const std::string id = "other" + std::to_string(++others_);
            run(id, "tasks:ok");
            BOOST_TEST(ended(id).state == "succeeded");
        }
        return SystemClock().monotonic() - begin;
    }

  private:
    int others_ = 0;
};

BOOST_FIXTURE_TEST_SUITE(flood, FloodFixture)

BOOST_AUTO_TEST_CASE(however_much_a_job_writes_head_and_tail_are_kept_and_the_server_does_not_grow) {
    start();
    const std::int64_t megabytes = long_run() ? 1'024 : 100;
    const Micros limit = 10 * 60 * kSecond;
    for (const std::string what : {"lines", "line", "log"}) {
        flood("first-" + what, what, 10);
        BOOST_TEST(ended("first-" + what).state == "succeeded");
        const std::int64_t before = resident();
        std::int64_t most = before;
        flood(what, what, megabytes);
        BOOST_REQUIRE(wait_until(
            [&] {
                most = std::max(most, resident());
                const auto state = executions(what).front().state;
                return state != "scheduled" && state != "running";
            },
            limit));
        const Execution run = ended(what);
        BOOST_TEST(run.state == "succeeded");
        BOOST_TEST_MESSAGE(what << ": resident " << before << " kB before, at most " << most << " kB");
        // Sanitizers keep what is freed.
        if (kSlowdown == 1) BOOST_TEST(most - before < kMostGrowth);

        const auto log = json::parse(json_log(run));
        const auto& pieces = log.find("output")->items;
        std::size_t kept = 0, missing = 0, gaps = 0;
        for (const auto& piece : pieces) {
            kept += text_of(piece, "text").size();
            if (const auto* left_out = piece.find("left_out")) {
                missing += static_cast<std::size_t>(left_out->integer);
                ++gaps;
            }
        }
        const auto lines = static_cast<std::size_t>(megabytes) * 1'024;
        BOOST_TEST(gaps == 1U);
        BOOST_TEST(kept <= kMaxOutput);
        BOOST_TEST(missing + (what == "log" ? pieces.size() - 1 : kept) == (what == "log" ? lines : lines * 1'024));
        BOOST_TEST(text_of(pieces.front(), "text").starts_with("0 x"));
        const std::string tail = text_of(pieces.back(), "text");
        BOOST_TEST(tail.find(std::to_string(lines - 1) + " x") != std::string::npos);
        const std::string told = "[... " + std::to_string(missing) + (what == "log" ? " lines" : " bytes");
        BOOST_TEST(output(run).find(told + " left out ...]\n") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(others_run_as_fast_as_ever_while_one_writes_without_end) {
    start();
    constexpr int runs = 20;
    time_of(3);
    const Micros alone = time_of(runs);
    for (const std::string what : {"lines", "log"}) {
        flood(what, what, 1'000'000'000);
        BOOST_REQUIRE(
            wait_until([&] { return json_log(executions(what).front()).find("left_out") != std::string::npos; }));
        const Micros beside = time_of(runs);
        BOOST_TEST_MESSAGE(runs << " runs: " << alone << " us alone, " << beside << " us beside a flood of " << what);
        BOOST_TEST(beside < 10 * alone + 5 * kSecond);
        const Execution run = executions(what).front();
        BOOST_TEST(run.state == "running");
        BOOST_TEST(server->client().send("DELETE", "/api/v1/executions/" + run.id).status == 200);
        BOOST_TEST(ended(what).state == "stopped");
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
