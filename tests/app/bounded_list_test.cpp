// GET /scheduler/jobs is a plain array: where it is cut, a header says so.
#include "app/fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace foliot::testing {
namespace {

BOOST_FIXTURE_TEST_CASE(a_list_of_jobs_with_more_arguments_than_it_may_hold_says_that_it_is_cut, ServerFixture) {
    start();
    auto client = server->client();
    const std::string large(250'000, 'x');
    const auto add = [&](int number) {
        const auto reply = client.post("/scheduler/jobs", R"({"id":"job)" + std::to_string(number) +
                                                              R"(","func":"shell:run","args":["true",")" + large +
                                                              R"("],"trigger":"interval","weeks":50})");
        BOOST_REQUIRE_MESSAGE(reply.status == 200, reply.body);
    };
    add(0);
    const auto whole = client.get("/scheduler/jobs");
    BOOST_REQUIRE_EQUAL(whole.status, 200);
    BOOST_TEST(!whole.headers.contains("x-truncated"));

    constexpr int kMany = 64 * 1024 * 1024 / 250'000 + 10;
    for (int i = 1; i < kMany; ++i) add(i);
    const auto cut = client.get("/scheduler/jobs");
    BOOST_REQUIRE_EQUAL(cut.status, 200);
    BOOST_TEST(cut.headers.at("x-truncated") == "true");
    const auto listed = json::parse(cut.body).items.size();
    BOOST_TEST(listed < static_cast<std::size_t>(kMany));
    BOOST_TEST(listed > static_cast<std::size_t>(kMany) / 2);
}

/// A page looks at so much and no more, so one that finds nothing may have others behind it.
BOOST_FIXTURE_TEST_CASE(pages_of_the_log_without_a_single_entry_lead_on_to_the_end, ServerFixture) {
    start();
    auto client = server->client();
    const std::string large(250'000, 'x');
    client.post("/scheduler/jobs", R"({"id":"early","func":"tasks:ok","trigger":"interval","weeks":50})");
    for (int i = 0; i < 70; ++i) {
        const auto reply = client.post(
            "/scheduler/jobs", R"({"id":"job)" + std::to_string(i) + R"(","func":"tasks:any","args":[")" + large +
                                   R"("],"kwargs":{"a":")" + large + R"("},"trigger":"interval","weeks":50})");
        BOOST_REQUIRE_MESSAGE(reply.status == 200, reply.body);
    }
    const auto entries_of = [&](const std::string& job, int& pages) {
        std::size_t found = 0;
        std::string cursor;
        for (pages = 0; pages < 10; ++pages) {
            const auto reply = client.get("/api/v1/logs?time_range_start=0&limit=1&job_id=" + job + cursor);
            BOOST_REQUIRE_MESSAGE(reply.status == 200, reply.body);
            const auto page = json::parse(reply.body);
            found += page.find("logs")->items.size();
            if (page.find("next_cursor") == nullptr) break;
            cursor = "&cursor=" + text_of(page, "next_cursor");
        }
        return found;
    };
    int pages = 0;
    BOOST_TEST(entries_of("nobody", pages) == 0U);
    BOOST_TEST(pages >= 1);
    BOOST_TEST(entries_of("early", pages) == 1U);
    BOOST_TEST(pages >= 1);
}

}  // namespace
}  // namespace foliot::testing
