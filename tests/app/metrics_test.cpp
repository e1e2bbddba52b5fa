// What GET /metrics answers: its format, its numbers, and that nobody's names make it grow.
#include "app/fixture.hpp"
#include "store/sqlite/db.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace foliot::testing {
namespace {

/// The text format of Prometheus, read strictly.
struct Exposition {
    std::map<std::string, std::string> types, helps;
    std::map<std::string, double> series;  ///< by name and labels, as they stand

    explicit Exposition(const std::string& text) {
        std::istringstream lines(text);
        std::string family;
        const std::regex sample(R"(([a-z][a-z0-9_]*)(\{([a-z]+="[^"\\]*",?)*\})? (\S+))");
        for (std::string line; std::getline(lines, line);) {
            std::smatch match;
            if (line.starts_with("# HELP ") || line.starts_with("# TYPE ")) {
                const auto space = line.find(' ', 7);
                const std::string name = line.substr(7, space - 7);
                auto& kind = line[2] == 'H' ? helps : types;
                BOOST_TEST(kind.emplace(name, line.substr(space + 1)).second, "twice: " << line);
                family = name;
            } else {
                BOOST_REQUIRE_MESSAGE(std::regex_match(line, match, sample), "no sample: " << line);
                const std::string name = match[1];
                BOOST_TEST(name.starts_with(family), name << " stands below " << family);
                BOOST_TEST(series.emplace(name + match[2].str(), value_of(match[4])).second, "twice: " << line);
            }
        }
    }

    static double value_of(const std::string& text) {
        if (text == "+Inf") return std::numeric_limits<double>::infinity();
        double value = -1;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        BOOST_TEST((error == std::errc{} && end == text.data() + text.size()), "no number: " << text);
        return value;
    }
    double operator[](const std::string& name) const {
        const auto found = series.find(name);
        return found == series.end() ? std::nan("") : found->second;
    }
    /// Of a histogram, by its name and its labels but for `le`: bounds and numbers.
    std::map<std::string, std::vector<std::pair<double, double>>> buckets(const std::string& family) const {
        std::map<std::string, std::vector<std::pair<double, double>>> found;
        const std::regex le(R"re(,?le="([^"]+)")re");
        for (const auto& [name, value] : series) {
            std::smatch match;
            if (!name.starts_with(family + "_bucket") || !std::regex_search(name, match, le)) continue;
            std::string labels = std::regex_replace(name.substr(family.size() + 7), le, "");
            if (labels == "{}") labels.clear();
            found[labels].emplace_back(value_of(match[1]), value);
        }
        for (auto& [labels, all] : found) std::ranges::sort(all);
        return found;
    }
};

struct Measured : ServerFixture {
    Exposition metrics() const {
        const auto reply = server->client().get("/metrics");
        BOOST_REQUIRE_MESSAGE(reply.status == 200, reply.body);
        return Exposition(reply.body);
    }
    void shows(const std::string& name, double value) const {
        double seen = 0;
        const bool right = wait_until([&] { return (seen = metrics()[name]) == value; });
        BOOST_TEST(right, name << " is " << seen << ", wanted " << value);
    }
};

BOOST_FIXTURE_TEST_SUITE(metrics, Measured)

BOOST_AUTO_TEST_CASE(each_family_is_well_formed_and_each_histogram_adds_up) {
    start();
    run("job", "tasks:ok");
    ended("job");
    shows(R"(foliot_executions_total{state="succeeded",reason=""})", 1);
    const Exposition all = metrics();
    BOOST_TEST(all.types.size() > 25U);
    for (const auto& [name, type] : all.types) {
        BOOST_TEST((name.starts_with("foliot_") || name.starts_with("process_")), name);
        BOOST_TEST(all.helps.contains(name), name);
        BOOST_TEST((type == "counter") == name.ends_with("_total"), name << " is a " << type);
        if (type != "histogram") continue;
        BOOST_TEST(name.ends_with("_seconds"), name);
        const auto histograms = all.buckets(name);
        BOOST_TEST(!histograms.empty(), name);
        for (const auto& [labels, buckets] : histograms) {
            double before = 0;
            for (const auto& [bound, count] : buckets) {
                BOOST_TEST(count >= before, name << labels << " falls at " << bound);
                before = count;
            }
            BOOST_TEST(std::isinf(buckets.back().first), name << labels);
            BOOST_TEST(all[name + "_count" + labels] == before, name << labels);
            BOOST_TEST(all[name + "_sum" + labels] >= 0, name << labels);
        }
    }
    for (const auto& [name, value] : all.series) BOOST_TEST(std::isfinite(value), name);
}

BOOST_AUTO_TEST_CASE(what_happens_is_counted_once) {
    settings.emplace_back("limits.running=1");
    start();
    run("good", "tasks:ok");
    ended("good");
    run("crash", "run_segv:run");
    ended("crash");
    run("bad", "tasks:fail", R"(,"max_retries":0)");
    ended("bad");
    run("long", "tasks:slow", R"(,"kwargs":{"seconds":60})");
    run("waits", "tasks:ok");
    shows("foliot_executions_under_way", 1);
    const Exposition all = metrics();
    BOOST_TEST(all[R"(foliot_executions_total{state="succeeded",reason=""})"] == 1);
    BOOST_TEST(all[R"(foliot_executions_total{state="failed",reason="crashed"})"] == 1);
    BOOST_TEST(all[R"(foliot_executions_total{state="failed",reason="exception"})"] == 1);
    BOOST_TEST(all["foliot_execution_duration_seconds_count"] == 3);
    BOOST_TEST(all["foliot_execution_lateness_seconds_count"] == 3);
    BOOST_TEST(all["foliot_execution_lateness_seconds_sum"] < 30);
    BOOST_TEST(all[R"(foliot_queue{state="ready"})"] == 1);
    BOOST_TEST(all[R"(foliot_workers{state="busy"})"] == 1);
    BOOST_TEST(all[R"(foliot_worker_starts_total{result="ok"})"] >= 2);
    BOOST_TEST(all[R"(foliot_worker_ends_total{how="died"})"] == 1);
    BOOST_TEST(all["foliot_ready"] == 1);
    BOOST_TEST(all[R"(foliot_scheduler_state{state="running"})"] == 1);
    BOOST_TEST(all[R"(foliot_modules{status="ok"})"] > 3);
    BOOST_TEST(all["foliot_last_success_timestamp_seconds"] > all["process_start_time_seconds"]);
    BOOST_TEST(all[R"(foliot_store_commits_total{result="failed"})"] == 0);
    BOOST_TEST(all[R"(foliot_store_commits_total{result="ok"})"] == all["foliot_store_commit_duration_seconds_count"]);
    BOOST_TEST(all[R"(foliot_http_requests_total{dialect="apscheduler",status="2xx"})"] == 10);
    BOOST_TEST(all[R"(foliot_http_connections{state="served"})"] >= 1);
    BOOST_TEST(all["process_resident_memory_bytes"] > 1e6);
    BOOST_TEST(all["process_open_fds"] > 5);
    BOOST_TEST(all["process_cpu_seconds_total"] > 0);
    BOOST_TEST(server->client().post("/scheduler/pause").status < 300);
    BOOST_TEST(server->client().post("/api/v1/scheduler/drain").status < 300);
    shows(R"(foliot_held{reason="draining"})", 1);
    BOOST_TEST(metrics()["foliot_ready"] == 0);
    BOOST_TEST(metrics()[R"(foliot_scheduler_state{state="paused"})"] == 1);
}

BOOST_AUTO_TEST_CASE(fires_that_run_and_those_that_are_skipped_are_told_apart) {
    start();
    auto client = server->client();
    const auto added =
        client.post("/scheduler/jobs",
                    R"({"id":"beat","func":"tasks:slow","kwargs":{"seconds":60},"trigger":"interval","seconds":0.05})");
    BOOST_REQUIRE_MESSAGE(added.status == 200, added.body);
    BOOST_TEST(wait_until([&] { return metrics()[R"(foliot_fires_total{outcome="skipped"})"] >= 3; }));
    BOOST_TEST(metrics()[R"(foliot_fires_total{outcome="run"})"] >= 1);  // a late run may stand for several
}

BOOST_AUTO_TEST_CASE(the_numbers_agree_with_the_history_however_executions_end) {
    settings.emplace_back("limits.running=2");
    start();
    auto client = server->client();
    const auto add = [&](const std::string& id, const std::string& more) {
        const auto reply =
            client.post("/scheduler/jobs", R"({"id":")" + id + R"(","trigger":"interval",)" + more + "}");
        BOOST_REQUIRE_MESSAGE(reply.status == 200, reply.body);
    };
    add("beat", R"("func":"tasks:slow","kwargs":{"seconds":60},"seconds":0.05)");
    add("replaced", R"("func":"tasks:slow","kwargs":{"seconds":60},"seconds":0.2,"overlap":"replace")");
    run("crash", "run_segv:run");
    run("stopped", "tasks:ok");
    run("deleted", "tasks:ok");
    run("fails", "tasks:fail");
    BOOST_TEST(wait_until([&] { return metrics()[R"(foliot_fires_total{outcome="skipped"})"] >= 5; }));
    client.send("DELETE", "/api/v1/executions/" + executions("stopped").front().id);  // it may have run
    BOOST_TEST(client.send("DELETE", "/scheduler/jobs/deleted").status == 204);
    BOOST_TEST(wait_until([&] { return executions("replaced").size() >= 3; }));
    for (const char* job : {"beat", "replaced"})
        BOOST_TEST(client.send("DELETE", "/scheduler/jobs/" + std::string(job)).status == 204);
    for (const auto& one : executions("beat")) client.send("DELETE", "/api/v1/executions/" + one.id);
    for (const auto& one : executions("replaced")) client.send("DELETE", "/api/v1/executions/" + one.id);
    store::sqlite::Connection db(dir / "foliot.db", store::sqlite::Connection::Mode::reader);
    const auto rows = [&](const std::string& state) {
        return static_cast<double>(db.query_text("SELECT count(*) FROM execution WHERE state" + state).number());
    };
    BOOST_TEST(wait_until([&] { return rows("<10") == 0; }, 60 * kSecond));

    const Exposition all = metrics();
    std::map<std::string, double> by_state;
    for (const auto& [name, value] : all.series) {
        const std::string family = "foliot_executions_total{state=\"";
        if (name.starts_with(family))
            by_state[name.substr(family.size(), name.find('"', family.size()) - family.size())] += value;
    }
    BOOST_TEST(by_state["succeeded"] == rows("=10"));
    BOOST_TEST(by_state["failed"] == rows("=11"));
    BOOST_TEST(by_state["stopped"] == rows("=13"));
    BOOST_TEST(by_state["skipped"] == rows("=16"));
    BOOST_TEST(by_state["stopped"] >= 2);
    BOOST_TEST(all["foliot_retries_total"] ==
               static_cast<double>(db.query_text("SELECT count(*) FROM execution WHERE origin=2").number()));
    BOOST_TEST(all[R"(foliot_fires_total{outcome="run"})"] + all[R"(foliot_fires_total{outcome="skipped"})"] ==
               static_cast<double>(db.query_text("SELECT sum(fires) FROM execution").number()));
}

BOOST_AUTO_TEST_CASE(names_of_users_and_what_strangers_send_add_no_series) {
    start();
    const auto order = [&](const std::string& name) {
        auto client = server->client();
        const std::string body =
            R"({"id":")" + name + R"(","func":"tasks:fail","max_retries":0,"trigger":"interval","weeks":9})";
        BOOST_REQUIRE(client.post("/scheduler/jobs", body).status == 200);
        BOOST_REQUIRE(client.post("/scheduler/jobs/" + name + "/run").status == 200);
        client.get("/api/v1/jobs/none" + name);
        client.get("/nowhere/" + name);
        HttpClient(server->port(), "bad" + name).get("/scheduler/jobs");
    };
    order("job0");
    shows(R"(foliot_executions_total{state="failed",reason="exception"})", 1);
    const std::size_t before = metrics().series.size();
    constexpr int some = 200;
    for (int i = 1; i <= some; ++i) order("job" + std::to_string(i));
    shows(R"(foliot_executions_total{state="failed",reason="exception"})", some + 1);

    // Ten thousand jobs at once: their rows are enough.
    auto client = server->client();
    for (int i = 0; i < 10'000; ++i) {
        const auto added = client.post("/scheduler/jobs", R"({"id":"many%22}\\n)" + std::to_string(i) +
                                                              R"(","func":"tasks:ok","trigger":"interval","weeks":9})");
        BOOST_REQUIRE_MESSAGE(added.status == 200, added.body);
    }
    const std::string text = client.get("/metrics").body;
    BOOST_TEST(text.find("many") == std::string::npos);
    BOOST_TEST(text.find("job0") == std::string::npos);
    BOOST_TEST(Exposition(text).series.size() == before);
    BOOST_TEST(before < 500U);
}

BOOST_AUTO_TEST_CASE(it_needs_a_token_that_may_read_unless_it_is_open_to_all) {
    start();
    BOOST_TEST(HttpClient(server->port(), "").get("/metrics").status == 401);
    server->stop();
    settings.emplace_back("metrics.anonymous=true");
    start();
    const auto reply = HttpClient(server->port(), "").get("/metrics");
    BOOST_TEST(reply.status == 200);
    BOOST_TEST(reply.headers.at("content-type") == "text/plain; version=0.0.4; charset=utf-8");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
