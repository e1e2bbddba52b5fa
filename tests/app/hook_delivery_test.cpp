// Webhooks of a real server: a real worker delivers by the real module to a real address.
#include "app/fixture.hpp"
#include "http_module/web_server.hpp"

#include <sodium.h>

#include <array>

namespace foliot::testing {
namespace {

const std::string kKey(24, 'k');
const std::string kSecret = "whsec_a2tra2tra2tra2tra2tra2tra2tra2tr";  // the key's base64

std::string signature(const WebRequest& request) {
    const std::string text =
        request.headers.at("webhook-id") + "." + request.headers.at("webhook-timestamp") + "." + request.body;
    const auto bytes = [](const std::string& from) { return reinterpret_cast<const unsigned char*>(from.data()); };
    crypto_auth_hmacsha256_state state;
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
    crypto_auth_hmacsha256_init(&state, bytes(kKey), kKey.size());
    crypto_auth_hmacsha256_update(&state, bytes(text), text.size());
    crypto_auth_hmacsha256_final(&state, mac.data());
    std::array<char, 64> base64{};
    sodium_bin2base64(base64.data(), base64.size(), mac.data(), mac.size(), sodium_base64_VARIANT_ORIGINAL);
    return "v1," + std::string(base64.data());
}

struct HookFixture : ServerFixture {
    std::string hook(const WebServer& web, const std::string& event) const {
        const auto reply =
            server->client().post("/api/v1/webhook/", R"({"event":")" + event + R"(","target":")" + web.url("/hook") +
                                                          R"(","secret":")" + kSecret + R"(","auth_token":"letmein"})");
        BOOST_REQUIRE_MESSAGE(reply.status == 201, reply.body);
        return text_of(json::parse(reply.body), "job");
    }
    void add_job(const std::string& id) const {
        const auto reply = server->client().post(
            "/scheduler/jobs", R"({"id":")" + id + R"(","func":"tasks:ok","trigger":"interval","weeks":50})");
        BOOST_REQUIRE_MESSAGE(reply.status == 200, reply.body);
    }
    static bool got(const WebServer& web, std::size_t requests) {
        return wait_until([&] { return web.requests().size() >= requests; });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hook_delivery, HookFixture)

BOOST_AUTO_TEST_CASE(a_change_is_delivered_and_signed) {
    const WebServer web({answer(204)});
    start();
    const std::string job = hook(web, "job.*");
    add_job("a");
    BOOST_TEST_REQUIRE(got(web, 1));
    const WebRequest request = web.request();
    BOOST_TEST(request.method == "POST");
    BOOST_TEST(request.target == "/hook");
    BOOST_TEST(request.headers.at("content-type") == "application/json");
    BOOST_TEST(request.headers.at("authorization") == "Token letmein");
    BOOST_TEST(request.headers.at("webhook-event") == "job.added");
    BOOST_TEST(request.headers.at("webhook-signature") == signature(request));
    const auto body = json::parse(request.body);
    BOOST_TEST(text_of(body, "id") == request.headers.at("webhook-id"));
    BOOST_TEST(text_of(*body.find("hook"), "event") == "job.added");
    BOOST_TEST(text_of(*body.find("hook"), "target") == web.url("/hook"));
    BOOST_TEST(text_of(*body.find("data"), "id") == "a");
    BOOST_TEST(ended(job).state == "succeeded");
    const std::string shown = server->client().get("/api/v1/executions?job_id=" + job).body;
    for (const char* secret : {kSecret.c_str(), "letmein"}) BOOST_TEST(shown.find(secret) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_fails_is_delivered_again_as_the_same_message) {
    const WebServer web({answer(500), answer(200)});
    start();
    const std::string job = hook(web, "job.added");
    add_job("a");
    BOOST_TEST_REQUIRE(got(web, 1));
    std::string failed;
    BOOST_TEST(wait_until([&] {
        for (const auto& one : executions(job)) {
            if (one.state == "failed") failed = one.id;
        }
        return !failed.empty();
    }));
    const auto reply = server->client().post("/api/v1/executions/" + failed + "/retry");  // before its time
    BOOST_TEST(reply.status < 300, reply.body);
    BOOST_TEST_REQUIRE(got(web, 2));
    BOOST_TEST(web.request(1).headers.at("webhook-id") == web.request(0).headers.at("webhook-id"));
    BOOST_TEST(web.request(1).body == web.request(0).body);
    BOOST_TEST(web.request(1).headers.at("webhook-signature") == signature(web.request(1)));
    BOOST_TEST(ended(job).state == "succeeded");
}

BOOST_AUTO_TEST_CASE(the_end_of_an_execution_is_delivered_once) {
    const WebServer web({answer(200)});
    start();
    const std::string job = hook(web, "execution.failed");
    run("f", "tasks:fail", R"(,"max_retries":0)");
    BOOST_TEST(ended("f").state == "failed");
    BOOST_TEST_REQUIRE(got(web, 1));
    const auto body = json::parse(web.request().body);
    BOOST_TEST(text_of(*body.find("data"), "job_id") == "f");
    BOOST_TEST(text_of(*body.find("data"), "state") == "failed");
    BOOST_TEST(text_of(*body.find("data"), "id") == executions("f").front().id);
    BOOST_TEST(ended(job).state == "succeeded");
    BOOST_TEST(executions(job).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_server_that_is_killed_before_the_delivery_delivers_when_it_is_back) {
    const WebServer web({answer(200)});
    start();
    const std::string job = hook(web, "job.added");
    BOOST_TEST(server->client().post("/api/v1/scheduler/drain").status < 300);
    add_job("a");
    BOOST_TEST(executions(job).size() == 1U);
    server->kill_hard();
    BOOST_TEST(web.requests().empty());
    start();
    BOOST_TEST_REQUIRE(got(web, 1));
    BOOST_TEST(ended(job).state == "succeeded");
    BOOST_TEST(web.requests().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace foliot::testing
