// Jobs that misbehave, one after the other in one server: each gets its verdict, the server stays, the next job runs.
#include "app/fixture.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace foliot::testing {
namespace {

struct Misbehaviour {
    std::string func, more, state, reason;
};
std::ostream& operator<<(std::ostream& out, const Misbehaviour& m) { return out << m.func << m.more; }

const std::vector<Misbehaviour> kMisbehaviours{
    {"run_segv:run", "", "failed", "crashed:SIGSEGV"},
    {"run_abort:run", "", "failed", "crashed:SIGABRT"},
    {"run_exit0:run", "", "failed", "exited:0"},
    {"run_exit7:run", "", "failed", "exited:7"},
    {"run_spin:run", R"(,"timeout":1)", "timeout", "timeout"},
    {"run_throws_in_job:run", "", "failed", "exception"},
    {"run_throws_int:run", "", "failed", "abi_violation"},
    {"run_floods_log:run", "", "succeeded", ""},
    {"golden_jobs.jobs:ExitJob", "", "failed", "exited:3"},
    {"golden_jobs.jobs:NoRunJob", "", "failed", "exception"},
    {"golden_jobs.jobs:NotJsonJob", "", "failed", "invalid_result"},
    {"golden_jobs.jobs:ResultJob", R"(,"args":[{"returncode":1}])", "failed", "failure"},
    {"golden_jobs.jobs:ResultJob", R"(,"args":[{"error":"bad"}])", "failed", "failure"},
    {"golden_jobs.jobs:ResultJob", R"(,"args":[{"returncode":true,"error":""}])", "succeeded", ""},
};

BOOST_DATA_TEST_CASE_F(ServerFixture, a_misbehaving_job_gets_its_verdict_and_the_next_job_runs,
                       boost::unit_test::data::make(kMisbehaviours)) {
    start();
    run("bad", sample.func, sample.more);
    const auto bad = ended("bad");
    BOOST_TEST(bad.state == sample.state);
    BOOST_TEST(bad.reason == sample.reason);
    run("good", "sample:hello");
    BOOST_TEST(ended("good").state == "succeeded");
    BOOST_TEST(server->stop().code == 0);
}

BOOST_FIXTURE_TEST_CASE(a_module_that_cannot_be_loaded_is_refused_by_name_and_hurts_no_other, ServerFixture) {
    start();
    auto client = server->client();
    for (const std::string module : {"missing_symbol", "ctor_crash"}) {
        const auto reply = client.post("/scheduler/jobs",
                                       R"({"id":"x","func":")" + module + R"(:run","trigger":"interval","weeks":1})");
        BOOST_TEST(reply.status == 500);
        BOOST_TEST(reply.body.find(module) != std::string::npos, reply.body);
        BOOST_TEST(reply.body.find("cannot be used") != std::string::npos, reply.body);
    }
    BOOST_TEST(client.get("/scheduler/jobs").body == "[]");
    run("good", "sample:hello");
    BOOST_TEST(ended("good").state == "succeeded");
}

BOOST_FIXTURE_TEST_CASE(a_flood_of_output_is_kept_with_head_and_tail_only, ServerFixture) {
    settings.emplace_back("workers.max_output=65536");
    start();
    run("flood", "run_floods_log:run");
    const auto flood = ended("flood");
    BOOST_TEST(flood.state == "succeeded");
    const auto kept = output(flood);
    BOOST_TEST(kept.size() > 32'768U);
    BOOST_TEST(kept.size() < 80'000U);
    BOOST_TEST(kept.find("left out") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_stop_ends_a_run_and_everything_it_started, ServerFixture) {
    start();
    run("sleeper", "shell:run", R"(,"args":["/bin/sh","-c","sleep 600 & echo $!; sleep 600"])");
    BOOST_REQUIRE(wait_until([&] {
        const auto list = executions("sleeper");
        return !list.empty() && list.front().state == "running";
    }));
    const auto execution = executions("sleeper").front();
    const auto reply = server->client().send("DELETE", "/api/v1/executions/" + execution.id);
    BOOST_TEST(reply.status == 200, reply.body);
    const auto stopped = ended("sleeper");
    BOOST_TEST(stopped.state == "stopped");
    const int background = std::atoi(output(stopped).c_str());
    BOOST_REQUIRE(background > 0);
    BOOST_TEST(wait_until([&] { return !process::start_time_of(background).has_value(); }, 10 * kSecond),
               "a child survived");
}

}  // namespace
}  // namespace foliot::testing
