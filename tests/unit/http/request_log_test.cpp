// What the log tells of requests, and how much of it a client can bring about.
#include "api/http/request_log.hpp"

#include "support/captured_error.hpp"
#include "support/manual_clock.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace foliot;
using namespace foliot::testing;
using api::Answered;

namespace {

struct Setup {
    ManualClock clock;
    api::RequestLog requests{clock};
    CapturedError error;

    Setup() { log::configure({.least = log::Level::info, .journal_prefix = true}); }
    std::ptrdiff_t lines() const { return std::ranges::count(error.text(), '\n'); }
};

constexpr Answered kPost{.id = "1-2",
                         .status = 200,
                         .took = 3'140,
                         .method = "POST",
                         .path = "/scheduler/jobs",
                         .user = "ann",
                         .peer = "10.0.0.1"};
constexpr Answered kStranger{.id = "1-3", .status = 400, .peer = "10.0.0.2", .why = "the request line is malformed"};

Answered failed(Answered request, std::string_view method) {
    request.status = 404;
    request.method = method;
    return request;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(request_log, Setup)

BOOST_AUTO_TEST_CASE(a_change_is_told_with_who_made_it) {
    requests.note(kPost);
    BOOST_TEST(error.text() == "<6>[request] request 1-2: POST /scheduler/jobs 200 in 3.1 ms, ann from 10.0.0.1\n");
}

BOOST_AUTO_TEST_CASE(what_only_looks_is_told_at_debug) {
    Answered get = kPost;
    for (const char* method : {"GET", "HEAD", "OPTIONS"}) {
        get.method = method;
        requests.note(get);
    }
    BOOST_TEST(lines() == 0);
    log::configure({.least = log::Level::debug, .journal_prefix = true});
    requests.note(get);
    BOOST_TEST(error.text().starts_with("<7>[request] request 1-2: OPTIONS "));
}

BOOST_AUTO_TEST_CASE(a_failure_is_told_whatever_the_method_with_its_reason) {
    requests.note(failed(kPost, "GET"));
    BOOST_TEST(error.text() == "<6>[request] request 1-2: GET /scheduler/jobs 404 in 3.1 ms, ann from 10.0.0.1\n");
    requests.note(kStranger);
    BOOST_TEST(error.text() ==
               "<6>[request] request 1-3: 400 in 0.0 ms from 10.0.0.2: the request line is malformed\n");
}

BOOST_AUTO_TEST_CASE(a_flood_of_failures_is_counted_and_hides_nothing_that_users_do) {
    for (int i = 0; i < 1'000; ++i) requests.note(kStranger);
    BOOST_TEST(lines() == 60);
    requests.note(kPost);
    requests.note(failed(kPost, "PATCH"));
    BOOST_TEST(lines() == 2);
    clock.advance(kSecond);
    requests.note(kStranger);
    requests.note(kStranger);
    const std::string text = error.text();
    BOOST_TEST(text.ends_with("malformed (940 such lines were left out)\n"), text);
    BOOST_TEST(std::ranges::count(text, '\n') == 1);
}

BOOST_AUTO_TEST_CASE(a_long_path_is_cut) {
    Answered post = kPost;
    const std::string path(8'192, 'x');
    post.path = path;
    requests.note(post);
    const std::string text = error.text();
    BOOST_TEST(text.find(" " + std::string(256, 'x') + "... 200 in") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(nothing_is_told_to_who_wants_warnings_only) {
    log::configure({.least = log::Level::warning, .journal_prefix = true});
    requests.note(kPost);
    requests.note(kStranger);
    BOOST_TEST(lines() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
