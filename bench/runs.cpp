// No-op runs through the real server, its workers and SQLite, as a client sees them.
//   throughput: N jobs that are all due at once, from the resume of the scheduler to the end of the last run
//   lateness:   R jobs a second, each due at an instant of its own; due instant to the first line of job code
// The last line is one JSON object.
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "store/store.hpp"
#include "support/server.hpp"
#include "support/temp_dir.hpp"
#include "support/wait.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <iostream>
#include <random>
#include <stdexcept>
#include <thread>

namespace {

using namespace foliot;

struct Options {
    int jobs = 20'000;
    int rate = 200;
    int seconds = 10;
    bool scattered = false;
    std::vector<std::string> settings;
};

Options parse(int argc, char** argv) {
    Options options;
    const auto number = [&](int& at) {
        int value = 0;
        const char* text = at + 1 < argc ? argv[++at] : "";
        const auto [end, error] = std::from_chars(text, text + std::strlen(text), value);
        if (error != std::errc{} || *end != 0 || value < 0)
            throw std::runtime_error(std::string("wanted a number, found '") + text + "'");
        return value;
    };
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        if (name == "--jobs")
            options.jobs = number(i);
        else if (name == "--rate")
            options.rate = number(i);
        else if (name == "--seconds")
            options.seconds = number(i);
        else if (name == "--scattered")
            options.scattered = true;
        else if (name.substr(0, 2) == "-D")
            options.settings.emplace_back(name.substr(2));
        else
            throw std::runtime_error("usage: runs [--jobs N] [--scattered] [--rate N] [--seconds N] [-Dkey=value ...]");
    }
    return options;
}

void expect_ok(const testing::Reply& reply, int wanted) {
    if (reply.status != wanted) throw std::runtime_error("HTTP " + std::to_string(reply.status) + ": " + reply.body);
}

/// Adds jobs 0..count-1 over several connections.
void add_jobs(const testing::ServerProcess& server, int count, const std::function<std::string(int)>& body) {
    constexpr int clients = 8;
    std::vector<std::thread> threads;
    std::atomic<int> next{0};
    std::atomic<bool> failed{false};
    for (int c = 0; c < clients; ++c) {
        threads.emplace_back([&] {
            try {
                auto client = server.client();
                for (int i = 0; !failed && (i = next++) < count;)
                    expect_ok(client.post("/scheduler/jobs", body(i)), 200);
            } catch (const std::exception& e) {
                if (!failed.exchange(true)) std::cerr << e.what() << '\n';
            }
        });
    }
    for (auto& thread : threads) thread.join();
    if (failed) throw std::runtime_error("adding jobs failed");
}

std::vector<store::RunView> all_runs(const std::filesystem::path& data_dir) {
    const SystemClock clock;
    const auto store = store::open_sqlite({data_dir / "foliot.db"}, clock);
    std::vector<store::RunView> runs;
    store::RunFilter filter;
    filter.limit = 2'000;
    do {
        auto page = store->read()->runs(filter);
        std::move(page.items.begin(), page.items.end(), std::back_inserter(runs));
        filter.before = page.next;
    } while (filter.before);
    return runs;
}

/// Cheap while there is much to do, so that asking does not slow what is measured.
bool all_ended(testing::HttpClient& client) {
    for (const char* state : {"scheduled", "running"}) {
        const auto reply = client.get("/api/v1/executions?limit=1&state=" + std::string(state));
        expect_ok(reply, 200);
        if (!json::parse(reply.body).find("executions")->items.empty()) return false;
    }
    const auto jobs = client.get("/scheduler/jobs");
    expect_ok(jobs, 200);
    return jobs.body == "[]";
}

void wait_for_end(testing::HttpClient& client, Micros limit) {
    const auto pause_then_ask = [&] {
        ::poll(nullptr, 0, 300);
        return all_ended(client);
    };
    if (!testing::wait_until(pause_then_ask, limit)) throw std::runtime_error("the runs did not end");
}

struct Throughput {
    double runs_per_s = 0;
    double added_per_s = 0;
};

Throughput throughput(const Options& options) {
    const testing::TempDir dir;
    const SystemClock clock;
    testing::ServerProcess server({dir.path(), options.settings});
    auto client = server.client();
    expect_ok(client.post("/scheduler/pause"), 204);

    std::vector<Micros> due(static_cast<std::size_t>(options.jobs));
    const Micros base = clock.now() - kSecond;
    for (std::size_t i = 0; i < due.size(); ++i) due[i] = base + static_cast<Micros>(i);
    if (options.scattered) std::shuffle(due.begin(), due.end(), std::minstd_rand{42});

    const Micros adding = clock.monotonic();
    add_jobs(server, options.jobs, [&](int i) {
        return R"({"id":"j)" + std::to_string(i) + R"(","func":"bench:noop","trigger":"date","run_date":")" +
               iso_time(due[static_cast<std::size_t>(i)]) + "\"}";
    });
    const Micros added = clock.monotonic() - adding;

    const Micros begin = clock.now();
    expect_ok(client.post("/scheduler/resume"), 204);
    wait_for_end(client, 300 * kSecond);
    if (server.stop().code != 0) throw std::runtime_error("the server ended badly:\n" + server.log());

    Micros last = begin;
    std::int64_t succeeded = 0;
    for (const auto& run : all_runs(dir.path())) {
        if (run.state != RunState::succeeded) continue;
        ++succeeded;
        last = std::max(last, *run.ended);
    }
    if (succeeded != options.jobs) throw std::runtime_error("only " + std::to_string(succeeded) + " runs succeeded");
    return {static_cast<double>(succeeded) * 1e6 / static_cast<double>(last - begin),
            static_cast<double>(options.jobs) * 1e6 / static_cast<double>(added)};
}

std::vector<Micros> lateness(const Options& options) {
    const testing::TempDir dir;
    const SystemClock clock;
    testing::ServerProcess server({dir.path(), options.settings});
    const Micros begin = clock.now() + 2 * kSecond;
    const Micros end = begin + options.seconds * kSecond;
    add_jobs(server, options.rate, [&](int i) {
        return R"({"id":"l)" + std::to_string(i) +
               R"(","func":"bench:noop","trigger":"interval","seconds":1,"start_date":")" +
               iso_time(begin + i * kSecond / options.rate) + R"(","end_date":")" + iso_time(end) + "\"}";
    });
    auto client = server.client();
    ::poll(nullptr, 0, 2'000 + 1'000 * options.seconds);
    wait_for_end(client, 60 * kSecond);
    server.stop();
    std::vector<Micros> late;
    for (const auto& run : all_runs(dir.path())) {
        if (run.started) late.push_back(*run.started - run.nominal);
    }
    std::sort(late.begin(), late.end());
    return late;
}

double percentile_ms(const std::vector<Micros>& sorted, double share) {
    if (sorted.empty()) return 0;
    const auto at = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
    return static_cast<double>(sorted[at]) / 1e3;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const Options options = parse(argc, argv);
        json::Writer out(json::Writer::Spacing::python);
        out.begin_object();
        if (options.jobs > 0) {
            std::cerr << "throughput: " << options.jobs << " no-op runs, all due at once\n";
            const auto figures = throughput(options);
            out.field("runs_per_s", figures.runs_per_s).field("jobs_added_per_s", figures.added_per_s);
            out.field("jobs", options.jobs).field("order", options.scattered ? "scattered" : "insertion");
        }
        if (options.rate > 0 && options.seconds > 0) {
            std::cerr << "lateness: " << options.rate << " fires a second for " << options.seconds << " s\n";
            const auto late = lateness(options);
            out.key("lateness_ms").begin_object();
            out.field("p50", percentile_ms(late, 0.5))
                .field("p99", percentile_ms(late, 0.99))
                .field("max", percentile_ms(late, 1.0));
            out.end_object();
            out.field("rate", options.rate).field("runs", static_cast<std::int64_t>(late.size()));
        }
        std::cout << out.end_object().text() << '\n';
        return 0;
    } catch (const std::exception& e) {
        std::cerr << "bench: " << e.what() << '\n';
        return 1;
    }
}
