// Several clients that edit one job at once: each edit is whole, has its entry in the audit, and with If-Match none is
// lost.
#include "fixture.hpp"

#include <atomic>
#include <thread>

using namespace foliot;
using namespace foliot::testing;

namespace {

constexpr int kClients = 6, kEdits = 12;

struct ManyEditors : ServerFixture {
    ManyEditors() {
        start();
        const auto made = server->client().post("/api/v1/jobs", body(0, R"(,"job_id":"x")"));
        BOOST_REQUIRE_MESSAGE(made.status == 201, made.body);
    }

    static std::string body(int number, const std::string& more = "") {
        const std::string n = std::to_string(number);
        return R"({"name":"n)" + n + R"(","job_class_string":"tasks.any","minute":")" + std::to_string(number % 60) +
               R"(","pub_args":[)" + n + "]" + more + "}";
    }
    static int number_in(const std::string& job) {
        return static_cast<int>(json::parse(job).find("pub_args")->items.at(0).integer);
    }
    /// Of how many clients `edit` succeeded each time.
    template <class Edit>
    int all_at_once(const Edit& edit) {
        std::atomic<int> done = 0;
        std::vector<std::thread> clients;
        for (int who = 0; who < kClients; ++who) {
            clients.emplace_back([&, who] {
                HttpClient client = server->client();
                bool good = true;
                for (int n = 0; good && n < kEdits; ++n) good = edit(client, who * kEdits + n);
                if (good) ++done;
            });
        }
        for (std::thread& client : clients) client.join();
        return done;
    }
    std::size_t edits_in_audit() const {
        const std::string log = server->client().get("/api/v1/logs?job_id=x&event=modified").body;
        return json::parse(log).find("logs")->items.size();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(edits_at_once, ManyEditors)

BOOST_AUTO_TEST_CASE(each_edit_is_whole_and_told_once) {
    const int done = all_at_once(
        [](HttpClient& client, int n) { return client.send("PUT", "/api/v1/jobs/x", body(n)).status == 200; });
    BOOST_TEST(done == kClients);
    const std::string text = server->client().get("/api/v1/jobs/x").body;
    const json::Value job = json::parse(text);
    const int last = number_in(text);
    BOOST_TEST(text_of(job, "name") == "n" + std::to_string(last));
    BOOST_TEST(text_of(job, "minute") == std::to_string(last % 60));
    BOOST_TEST(edits_in_audit() == static_cast<std::size_t>(kClients * kEdits));
}

BOOST_AUTO_TEST_CASE(with_if_match_no_edit_is_lost) {
    const int done = all_at_once([](HttpClient& client, int) {
        for (int tries = 0; tries < 1'000; ++tries) {
            const Reply seen = client.get("/api/v1/jobs/x");
            const Reply answer = client.send("PUT", "/api/v1/jobs/x", body(number_in(seen.body) + 1),
                                             {{"If-Match", seen.headers.at("etag")}});
            if (answer.status != 412) return answer.status == 200;
        }
        return false;
    });
    BOOST_TEST(done == kClients);
    BOOST_TEST(number_in(server->client().get("/api/v1/jobs/x").body) == kClients * kEdits);
    BOOST_TEST(edits_in_audit() == static_cast<std::size_t>(kClients * kEdits));
}

BOOST_AUTO_TEST_SUITE_END()
