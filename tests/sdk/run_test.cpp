// How runs end, are cancelled, sleep and look around.
#include "support/wait.hpp"

#include <foliot/testing.hpp>

#include <boost/test/unit_test.hpp>
#include <signal.h>
#include <sys/time.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

using namespace std::chrono_literals;
using foliot::Context;
using foliot::testing::Data;
using foliot::testing::Host;
using foliot::testing::Report;
using Clock = std::chrono::steady_clock;

std::string returns(Context&) noexcept { return "ok"; }
void throws_exception(Context&) { throw std::runtime_error("broken"); }
void throws_int(Context&) { throw 1; }
void throws_bad_alloc(Context&) { throw std::bad_alloc(); }
void throws_permanent(Context&) { throw foliot::PermanentFailure("never"); }
void throws_retry(Context&) { throw foliot::RetryAfter(90s, "later"); }
void throws_retry_with_result(Context&) { throw foliot::RetryAfter(90s, "later", 503); }
void throws_snooze(Context&) { throw foliot::Snooze(1500ms); }
void throws_negative_snooze(Context&) { throw foliot::Snooze(-1s); }
void throws_cancelled(Context&) { throw foliot::Cancelled(); }
int throws_failure(Context&) { throw foliot::Failure("status 3", foliot::Object{}.set("returncode", 3)); }

void counts(Context& context) {
    for (int i = 0;; ++i) {
        context.checkpoint();
        context.info(i == 3 ? "three" : "more", foliot::Object{}.set("i", i));
        context.progress(i / 10.0);
    }
}
std::atomic<bool> about_to_sleep{false};

void sleeps_long(Context& context) {
    context.info("sleeping");
    about_to_sleep = true;
    context.sleep_for(std::chrono::hours::max());
}
void naps(Context& context) { context.sleep_for(60ms); }

foliot::RawJson anything(Context&, const foliot::Arguments& args) {
    foliot::Object named;
    for (const auto& [name, value] : args.named()) named.set(name, value);
    return {foliot::Object{}.set("args", args.positional()).set("kwargs", named).json()};
}

std::filesystem::path seen_folder;
void works_in_folder(Context& context) {
    seen_folder = context.work_dir();
    std::ofstream(seen_folder / "file") << "x";
    if (context.work_dir() != seen_folder || !std::filesystem::exists(seen_folder / "file"))
        throw std::runtime_error("another folder");
}

foliot::Object looks_around(Context& context) {
    return foliot::Object{}
        .set("execution", context.execution_id().size())
        .set("job", context.job_id())
        .set("name", context.job_name())
        .set("attempt", context.attempt())
        .set("of", context.max_attempts())
        .set("scheduled", context.scheduled_time() ? context.scheduled_time()->time_since_epoch().count() : -1)
        .set("deadline", context.deadline() ? context.deadline()->time_since_epoch().count() : -1)
        .set("reason", static_cast<int>(context.cancel_reason()));
}

extern "C" void on_alarm(int) {}

/// Interrupts system calls every 5 ms while it lives.
class Interruptions {
  public:
    Interruptions() {
        struct sigaction action {};
        action.sa_handler = on_alarm;  // without SA_RESTART
        ::sigaction(SIGALRM, &action, &old_);
        const itimerval every{{0, 5'000}, {0, 5'000}};
        ::setitimer(ITIMER_REAL, &every, nullptr);
    }
    ~Interruptions() {
        const itimerval never{};
        ::setitimer(ITIMER_REAL, &never, nullptr);
        ::sigaction(SIGALRM, &old_, nullptr);
    }
    Interruptions(const Interruptions&) = delete;
    Interruptions& operator=(const Interruptions&) = delete;

  private:
    struct sigaction old_ {};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(runs)

BOOST_AUTO_TEST_CASE(every_way_to_end_becomes_an_outcome) {
    struct Row {
        Report report;
        int outcome;
        const char* code;
        const char* text;
        const char* result;
        std::chrono::microseconds delay;
    };
    const Row table[] = {
        {Host().call<returns>(), FOLIOT_OK, "", "", "\"ok\"", 0us},
        {Host().call<throws_exception>(), FOLIOT_FAILED, "exception", "broken", "null", 0us},
        {Host().call<throws_int>(), FOLIOT_FAILED, "exception", "something that is no std::exception was thrown",
         "null", 0us},
        {Host().call<throws_bad_alloc>(), FOLIOT_FAILED, "out_of_memory", "std::bad_alloc", "null", 0us},
        {Host().call<throws_permanent>(), FOLIOT_FAILED_FOR_GOOD, "permanent", "never", "null", 0us},
        {Host().call<throws_retry>(), FOLIOT_RETRY_AFTER, "retry_after", "later", "null", 90s},
        {Host().call<throws_retry_with_result>(), FOLIOT_RETRY_AFTER, "retry_after", "later", "503", 90s},
        {Host().call<throws_snooze>(), FOLIOT_SNOOZED, "", "", "null", 1500ms},
        {Host().call<throws_negative_snooze>(), FOLIOT_SNOOZED, "", "", "null", 0us},
        {Host().call<throws_cancelled>(), FOLIOT_CANCELLED, "", "", "null", 0us},
        {Host().call<throws_failure>(), FOLIOT_FAILED, "failure", "status 3", R"({"returncode":3})", 0us},
        {Host().run<returns>(), FOLIOT_OK, "", "", "\"ok\"", 0us},
        {Host().run<throws_int>(), FOLIOT_FAILED, "exception", "something that is no std::exception was thrown", "null",
         0us},
    };
    for (const Row& row : table) {
        BOOST_TEST(row.report.outcome == row.outcome);
        BOOST_TEST(row.report.error_code == row.code);
        BOOST_TEST(row.report.error_text == row.text);
        BOOST_TEST(row.report.result == row.result);
        BOOST_TEST(row.report.delay.count() == row.delay.count());
    }
}

BOOST_AUTO_TEST_CASE(a_checkpoint_ends_a_cancelled_run) {
    Host host;
    const Report report = host.cancel_on_log("three").call<counts>();
    BOOST_TEST(report.outcome == FOLIOT_CANCELLED);
    BOOST_TEST(report.log.size() == 4U);
    BOOST_TEST(report.log.back().fields == R"({"i":3})");
    BOOST_TEST(report.progress.size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_sleep_of_any_length_ends_when_cancelled_before) {
    Host host;
    const auto start = Clock::now();
    BOOST_TEST(host.cancel_on_log("sleeping").call<sleeps_long>().outcome == FOLIOT_CANCELLED);
    BOOST_TEST((Clock::now() - start < 10s));
}

BOOST_AUTO_TEST_CASE(a_sleep_ends_when_cancelled_from_another_thread) {
    Host host;
    about_to_sleep = false;
    std::thread other([&] {
        foliot::testing::wait_until([] { return about_to_sleep.load(); });
        host.cancel(foliot::CancelReason::timeout);
    });
    BOOST_TEST(host.call<sleeps_long>().outcome == FOLIOT_CANCELLED);
    other.join();
}

BOOST_AUTO_TEST_CASE(interrupted_sleeps_last_their_time) {
    const Interruptions interruptions;
    const auto start = Clock::now();
    BOOST_TEST(Host().call<naps>().outcome == FOLIOT_OK);
    BOOST_TEST((Clock::now() - start >= 60ms));
}

BOOST_AUTO_TEST_CASE(a_pass_through_job_sees_all_arguments_in_order) {
    const Report report =
        Host().call<anything>({1, "two", Data::List{true}}, {{"z", nullptr}, {"a", Data::Map{{"x", 1.0}}}});
    BOOST_TEST(report.result == R"({"args":[1,"two",[true]],"kwargs":{"z":null,"a":{"x":1.0}}})");
}

BOOST_AUTO_TEST_CASE(a_run_knows_who_and_when_it_is) {
    Host host;
    BOOST_TEST(host.call<looks_around>().result ==
               R"({"execution":32,"job":"test-job","name":"Test job","attempt":1,"of":1,)"
               R"("scheduled":-1,"deadline":-1,"reason":0})");
    host.attempt(2, 5)
        .scheduled_time(foliot::Time(7us))
        .deadline(foliot::Time(9us))
        .cancel(foliot::CancelReason::shutdown);
    BOOST_TEST(host.call<looks_around>().result ==
               R"({"execution":32,"job":"test-job","name":"Test job","attempt":2,"of":5,)"
               R"("scheduled":7,"deadline":9,"reason":3})");
}

BOOST_AUTO_TEST_CASE(the_work_folder_goes_with_the_run) {
    BOOST_TEST(Host().call<works_in_folder>().error_text == "");
    BOOST_TEST(!seen_folder.empty());
    BOOST_TEST(!std::filesystem::exists(seen_folder));
}

BOOST_AUTO_TEST_CASE(json_is_valid_whatever_is_written) {
    struct Row {
        std::string in, out;
    };
    const Row table[] = {
        {"plain", R"("plain")"},
        {"\"\\\n\t\x01\x7f", R"("\"\\\n\u0009\u0001\u007f")"},
        {"\u00e9\u20ac\U0001F600", "\"\u00e9\u20ac\U0001F600\""},
        {"a\xff"
         "b\xc3",
         "\"a\uFFFDb\uFFFD\""},
        {"\xed\xa0\x80", "\"\uFFFD\uFFFD\uFFFD\""},            // a lone surrogate
        {"\xc0\xaf", "\"\uFFFD\uFFFD\""},                      // overlong
        {"\xf4\x90\x80\x80", "\"\uFFFD\uFFFD\uFFFD\uFFFD\""},  // beyond Unicode
    };
    for (const Row& row : table) BOOST_TEST(foliot::Json::of(row.in) == row.out);
    BOOST_TEST(foliot::Json::of(std::numeric_limits<double>::infinity()) == "null");
    BOOST_TEST(foliot::Json::of(1e300) == "1e+300");
    BOOST_TEST(foliot::Json::of(2.0) == "2.0");
    BOOST_TEST(foliot::Json::of(std::vector<bool>{true, false}) == "[true,false]");
    BOOST_TEST(foliot::Json::of(std::filesystem::path("/tmp")) == "\"/tmp\"");
}

BOOST_AUTO_TEST_SUITE_END()
