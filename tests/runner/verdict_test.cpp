#include "runner/verdict.hpp"

#include <boost/test/unit_test.hpp>
#include <signal.h>

using namespace foliot;
using namespace foliot::runner;

namespace {

process::Result result_of(Outcome outcome, std::string code = {}, Micros started = 100, Micros ended = 200) {
    process::Result result;
    result.outcome = static_cast<int>(outcome);
    result.error_code = std::move(code);
    result.started = started;
    result.ended = ended;
    return result;
}

struct Case {
    const char* what;
    Evidence evidence;
    RunState state;
    Outcome outcome;
    const char* reason;
};

Evidence with_result(Outcome outcome, std::string code = {}) { return {.result = result_of(outcome, std::move(code))}; }
Evidence died(int code, int signal) { return {.exit = process::ExitStatus{code, signal}}; }
Evidence killed_for(StopWhy why) { return {.stop = why, .killed = true, .exit = process::ExitStatus{0, SIGKILL}}; }
Evidence gave_up_for(StopWhy why) { return {.stop = why, .result = result_of(Outcome::cancelled)}; }

Evidence killed_for_memory() {
    Evidence evidence = died(0, SIGKILL);
    evidence.out_of_memory = true;
    return evidence;
}
Evidence killed_by_us_out_of_memory() {
    Evidence evidence = killed_for(StopWhy::timeout);
    evidence.out_of_memory = true;
    return evidence;
}
Evidence crashed_after(Outcome outcome) {
    Evidence evidence = with_result(outcome);
    evidence.exit = process::ExitStatus{0, SIGSEGV};
    return evidence;
}
Evidence began_in_ledger() {
    Evidence evidence = died(0, SIGSEGV);
    evidence.ledger = process::LedgerFinding{process::LedgerPhase::started, 0, 100, 0};
    return evidence;
}

Evidence ended_in_ledger(Outcome outcome) {
    Evidence evidence = died(0, SIGSEGV);
    evidence.ledger = process::LedgerFinding{process::LedgerPhase::ended, static_cast<int>(outcome), 100, 200};
    return evidence;
}

/// `asked`: the worker's word that the run had been asked to end before it did; a number of the ABI.
Evidence failed_after(StopWhy why, int asked, Outcome outcome = Outcome::failed) {
    Evidence evidence{.stop = why, .result = result_of(outcome, "exception")};
    evidence.result->cancelled = asked;
    return evidence;
}
constexpr int kNotAsked = 0, kByUser = 1, kByTime = 2, kByShutdown = 3;

std::vector<Case> cases() {
    using enum RunState;
    return {
        {"returned", with_result(Outcome::ok), succeeded, Outcome::ok, ""},
        {"threw", with_result(Outcome::failed, "exception"), failed, Outcome::failed, "exception"},
        {"failed silently", with_result(Outcome::failed), failed, Outcome::failed, "exception"},
        {"bad arguments", with_result(Outcome::failed_for_good, "bad_arguments"), failed, Outcome::failed_for_good,
         "bad_arguments"},
        {"permanent", with_result(Outcome::failed_for_good), failed, Outcome::failed_for_good, "permanent"},
        {"later", with_result(Outcome::retry_after), failed, Outcome::retry_after, "retry_after"},
        {"snoozed", with_result(Outcome::snoozed), stopped, Outcome::snoozed, "snoozed"},
        {"gave up unasked", with_result(Outcome::cancelled), stopped, Outcome::cancelled, "cancelled"},
        {"gave up for user", gave_up_for(StopWhy::user), stopped, Outcome::cancelled, "stopped"},
        {"gave up for time", gave_up_for(StopWhy::timeout), timeout, Outcome::failed, "timeout"},
        {"gave up at shutdown", gave_up_for(StopWhy::shutdown), stopped, Outcome::cancelled, "interrupted"},
        {"gave up, replaced", gave_up_for(StopWhy::replaced), stopped, Outcome::cancelled, "replaced"},
        {"gave up, deleted", gave_up_for(StopWhy::deleted), stopped, Outcome::cancelled, "deleted"},
        {"killed for user", killed_for(StopWhy::user), stopped, Outcome::cancelled, "stopped"},
        {"killed for time", killed_for(StopWhy::timeout), timeout, Outcome::failed, "timeout"},
        {"killed at shutdown", killed_for(StopWhy::shutdown), failed, Outcome::failed, "interrupted"},
        {"killed, replaced", killed_for(StopWhy::replaced), stopped, Outcome::cancelled, "replaced"},
        {"failed after stop", failed_after(StopWhy::user, kByUser), stopped, Outcome::cancelled, "stopped"},
        {"failed before stop", failed_after(StopWhy::user, kNotAsked), failed, Outcome::failed, "exception"},
        {"failed at shutdown", failed_after(StopWhy::shutdown, kByShutdown), failed, Outcome::failed, "exception"},
        {"failed, out of time", failed_after(StopWhy::none, kByTime), timeout, Outcome::failed, "timeout"},
        {"snoozed, out of time", failed_after(StopWhy::none, kByTime, Outcome::snoozed), timeout, Outcome::failed,
         "timeout"},
        {"out of time, then stopped", failed_after(StopWhy::user, kByTime), stopped, Outcome::cancelled, "stopped"},
        {"out of time, then a shutdown", failed_after(StopWhy::shutdown, kByTime), timeout, Outcome::failed, "timeout"},
        {"out of time and done", failed_after(StopWhy::none, kByTime, Outcome::ok), succeeded, Outcome::ok, ""},
        {"failed, then out of time", failed_after(StopWhy::timeout, kNotAsked), failed, Outcome::failed, "exception"},
        {"segfault", died(0, SIGSEGV), failed, Outcome::failed, "crashed:SIGSEGV"},
        {"abort", died(0, SIGABRT), failed, Outcome::failed, "crashed:SIGABRT"},
        {"killed by the kernel", died(0, SIGKILL), failed, Outcome::failed, "out_of_memory"},
        {"processor time", died(0, SIGXCPU), failed, Outcome::failed, "cpu_limit"},
        {"no more memory", with_result(Outcome::failed, "out_of_memory"), failed, Outcome::failed, "out_of_memory"},
        {"killed for memory", killed_for_memory(), failed, Outcome::failed, "out_of_memory"},
        {"killed for time, out of memory", killed_by_us_out_of_memory(), timeout, Outcome::failed, "timeout"},
        {"unknown signal", died(0, SIGRTMIN + 5), failed, Outcome::failed, "crashed:39"},
        {"result, then a crash", crashed_after(Outcome::ok), succeeded, Outcome::ok, ""},
        {"failure, then a crash", crashed_after(Outcome::failed), failed, Outcome::failed, "exception"},
        {"began, then nothing", began_in_ledger(), failed, Outcome::failed, "crashed:SIGSEGV"},
        {"file size", died(0, SIGXFSZ), failed, Outcome::failed, "file_size_limit"},
        {"exit 0", died(0, 0), failed, Outcome::failed, "exited:0"},
        {"exit 7", died(7, 0), failed, Outcome::failed, "exited:7"},
        {"ended, result lost", ended_in_ledger(Outcome::ok), succeeded, Outcome::ok, ""},
        {"failed, result lost", ended_in_ledger(Outcome::failed), failed, Outcome::failed, "exception"},
        {"nonsense outcome",
         {.result = result_of(static_cast<Outcome>(17))},
         failed,
         Outcome::failed,
         "protocol_error"},
        {"broken protocol",
         {.protocol_error = "x", .exit = process::ExitStatus{0, SIGKILL}},
         failed,
         Outcome::failed,
         "protocol_error"},
    };
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_first_evidence_that_applies_makes_the_verdict) {
    for (const Case& c : cases()) {
        BOOST_TEST_CONTEXT(c.what) {
            const Verdict verdict = judge(c.evidence);
            BOOST_TEST(static_cast<int>(verdict.state) == static_cast<int>(c.state));
            BOOST_TEST(static_cast<int>(verdict.outcome) == static_cast<int>(c.outcome));
            BOOST_TEST(verdict.reason == c.reason);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_verdict_on_a_limit_says_which_and_where_it_is_raised) {
    const LimitsInForce limits{.configured = {.memory = 64 << 20, .cpu = 2 * kSecond, .file_size = 4096}};
    const auto error_of = [&](Evidence evidence) {
        evidence.limits = limits;
        return judge(evidence).error;
    };
    Evidence full = with_result(Outcome::failed, "out_of_memory");
    full.result->error_text = "std::bad_alloc";
    BOOST_TEST(
        error_of(full) ==
        "ran out of memory (std::bad_alloc): memory limit of 64 MiB (defaults.memory; an Admin may give the job a "
        "higher limits.memory)");
    BOOST_TEST(judge(full).error == "ran out of memory (std::bad_alloc)");
    BOOST_TEST(error_of(killed_for_memory()).starts_with("killed for want of memory: memory limit of 64 MiB ("));
    BOOST_TEST(error_of(died(0, SIGXCPU))
                   .ends_with("allowed: limit on processor time of 2 s (defaults.cpu; an Admin may "
                              "give the job a higher limits.cpu)"));
    BOOST_TEST(error_of(died(0, SIGXFSZ)).find("limit on the size of a file of 4 KiB") != std::string::npos);
    BOOST_TEST(judge(died(0, SIGXCPU)).error == "used more processor time than allowed");
    BOOST_TEST(error_of(died(0, SIGSEGV)).find("limit") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_result_read_before_the_kill_stands) {
    Evidence evidence = killed_for(StopWhy::timeout);
    evidence.result = result_of(Outcome::ok);
    evidence.result->result = "[1.0]";
    const Verdict verdict = judge(evidence);
    BOOST_TEST((verdict.state == RunState::succeeded));
    BOOST_TEST(verdict.result == "[1.0]");
}

BOOST_AUTO_TEST_CASE(a_cancel_by_the_workers_own_time_limit_is_a_timeout) {
    Evidence evidence = with_result(Outcome::cancelled);
    BOOST_TEST((judge(evidence).state == RunState::stopped));
    evidence.result->cancelled = kByTime;
    BOOST_TEST((judge(evidence).state == RunState::timeout));
}

BOOST_AUTO_TEST_CASE(without_the_workers_word_the_ledgers_times_tell_a_timeout) {
    Evidence evidence = ended_in_ledger(Outcome::cancelled);
    evidence.timeout = 101;
    BOOST_TEST((judge(evidence).state == RunState::stopped));
    evidence.timeout = 100;
    BOOST_TEST((judge(evidence).state == RunState::timeout));
}

BOOST_AUTO_TEST_CASE(delays_and_last_words_are_kept) {
    Evidence later = with_result(Outcome::retry_after);
    later.result->delay = 30 * kSecond;
    later.result->error_text = "upstream said 503";
    BOOST_TEST(judge(later).delay == 30 * kSecond);
    BOOST_TEST(judge(later).error == "upstream said 503");

    Evidence crash = died(0, SIGSEGV);
    crash.last_lines = "INFO about to divide";
    BOOST_TEST(judge(crash).error == "crashed with SIGSEGV (Segmentation fault); it last said:\nINFO about to divide");
}
