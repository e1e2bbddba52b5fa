// kill -9 of the server under load at random instants. Afterwards the books balance: every nominal fire is accounted
// for once, nothing ran twice, nothing is left running, no worker survives.
#include "base/json.hpp"
#include "faults/books.hpp"
#include "support/how_much.hpp"
#include "support/server.hpp"
#include "support/temp_dir.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>
#include <signal.h>

#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <thread>

namespace foliot::testing {
namespace {

struct Torture {
    TempDir dir;
    SystemClock clock;
    std::minstd_rand random;
    std::filesystem::path ran = dir / "ran";
    std::vector<std::string> settings{"workers.max=3", "workers.grace=1", "shutdown.grace=5"};

    Torture() {
        const unsigned seed = std::random_device{}();
        BOOST_TEST_MESSAGE("seed " << seed);
        random.seed(seed);
    }

    ServerProcess start() { return ServerProcess({dir.path(), settings}); }

    std::string job(int i) const {
        json::Writer body;
        body.begin_object()
            .field("id", "job " + std::to_string(i))
            .field("func", "bench:append")
            .field("trigger", "interval")
            .field("max_retries", i % 4)
            .field("retry_delay", 0.05);
        body.field("seconds", 0.02 * (1 + i % 7)).field("max_instances", 1 + i % 3);
        if (i % 5 == 0) body.field("coalesce", false);
        if (i % 4 == 1) body.field("overlap", "queue");
        if (i % 6 == 2) body.field("overlap", "replace");
        body.key("kwargs").begin_object().field("path", ran.string()).field("hold_ms", i % 3 * 10);
        return body.field("fail_every", i % 2 * 5).end_object().end_object().take();
    }

    Micros between(Micros least, Micros most) { return std::uniform_int_distribution<Micros>(least, most)(random); }

    std::unique_ptr<store::Store> open_store() { return store::open_sqlite({dir / "foliot.db"}, clock); }
};

/// Processes whose command line names this folder, the server itself left out: workers and what they started.
std::vector<std::string> processes_of(const std::filesystem::path& dir) {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        if (entry.path().filename().string().find_first_not_of("0123456789") != std::string::npos) continue;
        std::ifstream in(entry.path() / "cmdline");
        std::ostringstream text;
        text << in.rdbuf();  // nothing of one that has just gone
        const std::string line = text.str();
        if (line.find("foliot-worker") != std::string::npos && line.find(dir.string()) != std::string::npos)
            found.push_back(line);
    }
    return found;
}

void check_runs(const Torture& torture, store::Store& store) {
    const auto ran = times_run(torture.ran);
    BOOST_TEST(!ran.empty());
    check_none_ran_twice(ran);

    std::map<RunState, int> states;
    const auto runs = all_runs(store);
    std::set<RunId> parents;
    for (const auto& run : runs) {
        if (run.parent) parents.insert(*run.parent);
    }
    for (const auto& run : runs) {
        const bool again = run.state == RunState::failed && run.attempt <= run.def->retry.max_retries &&
                           run.def->overlap != Overlap::replace;
        BOOST_TEST((!again || parents.contains(run.id)), "a failed run has no next attempt");
        ++states[run.state];
        const bool in_hands =
            run.state == RunState::assigned || run.state == RunState::running || run.state == RunState::stopping;
        BOOST_TEST(!in_hands, "left in state " << wire_name(run.state));
        const bool did_run = ran.contains(store.public_ids().hex(raw(run.id)));
        if (run.state == RunState::succeeded) BOOST_TEST(did_run, "succeeded without running");
        if (run.state == RunState::ready || run.state == RunState::blocked)
            BOOST_TEST(!did_run, "ran, but is queued again");
    }
    for (const auto& [state, count] : states) BOOST_TEST_MESSAGE(wire_name(state) << ": " << count);
}

void add_jobs(Torture& torture, int count) {
    auto server = torture.start();
    auto client = server.client();
    for (int i = 0; i < count; ++i) {
        const auto reply = client.post("/scheduler/jobs", torture.job(i));
        BOOST_REQUIRE_MESSAGE(reply.status == 200, reply.body);
    }
    server.kill_hard();
}

constexpr int kJobs = 24;

/// A user who pauses, resumes, edits and runs jobs until the server is gone.
class Meddler {
  public:
    Meddler(const ServerProcess& server, unsigned long seed)
        : random_(seed), thread_([this, &server] { meddle(server); }) {}
    ~Meddler() { thread_.join(); }

  private:
    int pick(int choices) { return static_cast<int>(random_() % static_cast<unsigned long>(choices)); }
    void meddle(const ServerProcess& server) {
        try {
            auto client = server.client();
            for (;;) {
                const int number = pick(kJobs);
                const std::string job = "/scheduler/jobs/job%20" + std::to_string(number);
                switch (pick(5)) {
                    case 0: client.post(job + "/pause"); break;
                    case 1:
                    case 2: client.post(job + "/resume"); break;
                    case 3: client.post(job + "/run"); break;
                    default: client.send("PATCH", job, edit());
                }
            }
        } catch (const std::exception&) {  // it was killed
        }
    }
    std::string edit() {
        json::Writer body;
        body.begin_object();
        if (pick(2) == 0) return body.field("max_instances", 1 + pick(3)).end_object().take();
        body.field("trigger", "interval").field("seconds", 0.02 * (1 + pick(7)));
        return body.end_object().take();
    }

    std::minstd_rand random_;
    std::thread thread_;
};

void resume_all(const ServerProcess& server) {
    auto client = server.client();
    for (int i = 0; i < kJobs; ++i) client.post("/scheduler/jobs/job%20" + std::to_string(i) + "/resume");
}

BOOST_AUTO_TEST_CASE(kills_at_random_instants_while_users_meddle_lose_no_fire_and_double_no_run) {
    Torture torture;
    add_jobs(torture, kJobs);
    const unsigned rounds = number_from("FOLIOT_ROUNDS", long_run() ? 100 : 30);
    for (unsigned round = 0; round < rounds; ++round) {
        auto server = torture.start();
        const Meddler meddler(server, torture.random());
        const Micros kill_at = torture.clock.monotonic() + torture.between(20, 700) * kMillisecond;
        const auto ended_early = server.wait_for_exit(kill_at - torture.clock.monotonic());
        BOOST_REQUIRE_MESSAGE(!ended_early, "round " << round << ": the server ended by itself:\n" << server.log());
        server.kill_hard();
    }
    {
        auto server = torture.start();
        resume_all(server);
        const auto before = times_run(torture.ran).size();
        BOOST_TEST(wait_until([&] { return times_run(torture.ran).size() > before + kJobs; }),
                   "runs go on after the last kill");
        BOOST_TEST(server.stop().code == 0, server.log());
    }
    BOOST_TEST(wait_until([&] { return processes_of(torture.dir.path()).empty(); }, 10 * kSecond), "a worker survived");
    const auto store = torture.open_store();
    check_fires(*store);
    check_runs(torture, *store);
}

BOOST_AUTO_TEST_CASE(workers_of_a_killed_server_end_without_a_new_server) {
    Torture torture;
    {
        auto server = torture.start();
        auto client = server.client();
        const std::string body =
            R"({"id":"long","func":"sample:slow","kwargs":{"seconds":600},"trigger":"interval","weeks":1})";
        BOOST_REQUIRE_EQUAL(client.post("/scheduler/jobs", body).status, 200);
        BOOST_REQUIRE_EQUAL(client.post("/scheduler/jobs/long/run").status, 200);
        BOOST_REQUIRE(wait_until([&] { return !processes_of(torture.dir.path()).empty(); }));
        server.kill_hard();
    }
    BOOST_TEST(wait_until([&] { return processes_of(torture.dir.path()).empty(); }, 15 * kSecond));
}

}  // namespace
}  // namespace foliot::testing
