// The front door of the whole server: on every path that it has.
#include "app/fixture.hpp"

#include <Poco/Net/StreamSocket.h>
#include <boost/test/unit_test.hpp>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <list>

namespace foliot::testing {
namespace {

struct FrontDoor : ServerFixture {
    void start_with_files(const std::string& files) {
        server = std::make_unique<ServerProcess>(
            ServerProcess::Options{.data_dir = dir.path(), .settings = settings, .files = files});
    }
    std::list<Poco::Net::StreamSocket> connect(int count) const {
        std::list<Poco::Net::StreamSocket> sockets;
        while (count-- > 0) sockets.emplace_back(Poco::Net::SocketAddress("127.0.0.1", server->port()));
        return sockets;
    }
    /// Who comes while room is made may be shown out, too.
    bool is_served() const {
        try {
            return server->client().get("/livez").status == 200;
        } catch (const Poco::Exception&) {
            return false;
        }
    }
};

BOOST_FIXTURE_TEST_SUITE(front_door, FrontDoor)

BOOST_AUTO_TEST_CASE(only_its_own_hosts_are_served) {
    start();
    auto client = server->client();
    const auto as_host = [&](const std::string& path, const std::string& host) {
        return server->client().send("GET", path, "", {{"Host", host}});
    };
    for (const char* host : {"localhost", "127.0.0.1:1234", "[::1]"})
        BOOST_TEST(as_host("/scheduler", host).status == 200);
    BOOST_TEST(as_host("/livez", "evil.example").status == 421);
    const auto flask = as_host("/scheduler", "evil.example");
    BOOST_TEST(flask.status == 421);
    BOOST_TEST(text_of(json::parse(flask.body), "error_message").find("http.hosts") != std::string::npos);
    const auto other = as_host("/api/v1/executions", "evil.example:80");
    BOOST_TEST(text_of(json::parse(other.body), "error").find("'evil.example'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_authentication_a_page_of_another_site_and_privileged_modules_are_refused) {
    settings.emplace_back("auth.enabled=false");
    start();
    HttpClient client(server->port(), "");
    const std::string job = R"({"id":"j","func":"sample:hello","trigger":"interval","weeks":1})";
    const auto from = [&](const std::string& name, const std::string& value) {
        return client.send("POST", "/scheduler/jobs", job, {{name, value}}).status;
    };
    BOOST_TEST(from("Sec-Fetch-Site", "cross-site") == 403);
    BOOST_TEST(from("Origin", "http://evil.example") == 403);
    BOOST_TEST(from("Sec-Fetch-Site", "none") == 200);
    const auto shell = client.post("/scheduler/jobs", R"({"id":"s","func":"shell:run","args":["id"]})");
    BOOST_TEST(shell.status == 403);
    BOOST_TEST(shell.body.find("auth.enabled") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_large_list_comes_packed_to_who_wants_it) {
    start();
    auto client = server->client();
    for (int i = 0; i < 20; ++i) {
        const auto added =
            client.post("/scheduler/jobs", R"({"id":"job)" + std::to_string(i) +
                                               R"(","func":"sample:hello","trigger":"interval","weeks":1})");
        BOOST_REQUIRE_EQUAL(added.status, 200);
    }
    const auto plain = client.get("/scheduler/jobs");
    const auto packed = client.send("GET", "/scheduler/jobs", "", {{"Accept-Encoding", "gzip"}});
    BOOST_TEST(packed.headers.at("content-encoding") == "gzip");
    BOOST_TEST(packed.headers.at("vary") == "Accept-Encoding");
    BOOST_TEST(packed.body.size() * 3 < plain.body.size());
    BOOST_TEST(!plain.headers.contains("content-encoding"));
}

BOOST_AUTO_TEST_CASE(head_options_and_the_final_slash_are_right_on_every_kind_of_route) {
    start();
    auto client = server->client();
    run("j", "sample:hello", R"(,"kwargs":{"name":"you"})");
    const auto id = ended("j").id;
    for (const std::string& path :
         {std::string("/scheduler"), std::string("/scheduler/jobs"), std::string("/scheduler/jobs/j"),
          "/api/v1/executions/" + id, "/api/v1/executions/" + id + "/log", std::string("/api/v1/jobs/j/explain"),
          std::string("/api/v1/jobs/j/next"), std::string("/livez"), std::string("/readyz")}) {
        BOOST_TEST_CONTEXT(path) {
            const auto get = client.get(path);
            BOOST_TEST(get.status == 200);
            BOOST_TEST(client.get(path + "/").status == 200);
            const auto head = client.send("HEAD", path);
            BOOST_TEST(head.status == 200);
            BOOST_TEST(head.headers.at("content-type") == get.headers.at("content-type"));
            if (path.find("explain") == std::string::npos) {  // that one speaks of now
                BOOST_TEST(head.headers.at("content-length") == get.headers.at("content-length"));
            }
            const auto options = client.send("OPTIONS", path + "/");
            BOOST_TEST(options.status == 200);
            BOOST_TEST(options.headers.at("allow").find("GET, HEAD, OPTIONS") != std::string::npos);
            BOOST_TEST(client.send("BREW", path).status == 501);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_log_names_changes_and_failures_by_the_id_of_their_answer) {
    start();
    auto client = server->client();
    const auto added =
        client.post("/scheduler/jobs", R"({"id":"j","func":"sample:hello","trigger":"interval","weeks":1})");
    const auto seen = client.get("/scheduler/jobs/j");
    const auto missed = client.get("/scheduler/jobs/none");
    const std::string log = server->log();
    const auto named = [&](const Reply& reply, const std::string& what) {
        return log.find("request " + reply.headers.at("x-request-id") + what) != std::string::npos;
    };
    BOOST_TEST(named(added, ": POST /scheduler/jobs 200 in "), log);
    BOOST_TEST(log.find(" ms, admin from 127.0.0.1\n") != std::string::npos, log);
    BOOST_TEST(named(missed, ": GET /scheduler/jobs/none 404 in "), log);
    BOOST_TEST(!named(seen, ""), log);
}

BOOST_AUTO_TEST_CASE(it_may_open_as_many_files_as_its_connections_need) {
    rlimit own{};
    ::getrlimit(RLIMIT_NOFILE, &own);
    const auto wanted = std::min<rlim_t>(own.rlim_max, 64 + 2'048);
    BOOST_REQUIRE(wanted > 256);
    start_with_files("256:");
    std::ifstream limits("/proc/" + std::to_string(server->pid()) + "/limits");
    std::string line;
    while (std::getline(limits, line) && line.rfind("Max open files", 0) != 0) continue;
    BOOST_TEST(std::stoul(line.substr(14)) >= wanted);
}

BOOST_AUTO_TEST_CASE(where_few_files_may_be_open_there_are_fewer_connections) {
    start_with_files("70:70");
    const auto idle = connect(100);
    BOOST_TEST(wait_until([&] { return is_served(); }, 3 * kSecond));
    run("j", "sample:hello", R"(,"kwargs":{"name":"you"})");
    BOOST_TEST(ended("j").state == "succeeded");
    const std::string log = server->log();
    BOOST_TEST(log.find("only 70 files may be open") != std::string::npos, log);
    BOOST_TEST(log.find("cannot take a connection") == std::string::npos, log);
}

#ifndef __SANITIZE_ADDRESS__  // UBSan opens a pipe to look at an object, and waits for it where there is none
BOOST_AUTO_TEST_CASE(when_files_run_out_idle_connections_make_room) {
    start();
    const std::filesystem::directory_iterator files("/proc/" + std::to_string(server->pid()) + "/fd");
    const rlim_t few = static_cast<rlim_t>(std::distance(begin(files), end(files))) + 10;
    const rlimit limit{few, few};
    BOOST_REQUIRE(::prlimit(server->pid(), RLIMIT_NOFILE, &limit, nullptr) == 0);
    const auto idle = connect(40);
    BOOST_TEST(wait_until([&] { return is_served(); }, 8 * kSecond));  // those before it come first
    const std::string log = server->log();
    const auto warning = log.find("cannot take a connection");
    BOOST_TEST(warning != std::string::npos, log);
    BOOST_TEST(log.find("cannot take a connection", warning + 1) == std::string::npos, log);
}
#endif

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
