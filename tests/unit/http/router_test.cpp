#include "toy.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::api;
using foliot::testing::ToyDialect;

namespace {

struct Setup {
    ToyDialect fallback{"fallback"}, other{"other"};
    Router router{fallback};

    void add(const std::string& method, const std::string& pattern, const Dialect* dialect = nullptr) {
        Route route;
        route.method = method;
        route.pattern = pattern;
        route.dialect = dialect;
        router.add(std::move(route));
    }
    std::string found(std::string_view method, std::string_view path) {
        const Match match = router.match(method, path);
        return match.route == nullptr ? "" : match.route->method + " " + match.route->pattern;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(router, Setup)

BOOST_AUTO_TEST_CASE(a_path_finds_its_route_with_or_without_trailing_slash) {
    add("GET", "/");
    add("GET", "/jobs");
    add("GET", "/jobs/{id}");
    add("POST", "/jobs/{id}/run");
    BOOST_TEST(found("GET", "/") == "GET /");
    BOOST_TEST(found("GET", "/jobs") == "GET /jobs");
    BOOST_TEST(found("GET", "/jobs/") == "GET /jobs");
    BOOST_TEST(found("GET", "/jobs/7") == "GET /jobs/{id}");
    BOOST_TEST(found("GET", "/jobs/7/") == "GET /jobs/{id}");
    BOOST_TEST(found("POST", "/jobs/7/run") == "POST /jobs/{id}/run");
    for (const char* nowhere : {"/job", "/jobs/7/8", "//jobs", "/jobs//", "/jobs/7//run", "/Jobs"}) {
        BOOST_TEST(router.match("GET", nowhere).allowed.empty(), nowhere);
    }
}

BOOST_AUTO_TEST_CASE(a_last_parameter_may_take_the_rest_of_the_path_unless_another_pattern_fits_it) {
    add("GET", "/jobs");
    add("GET", "/jobs/{id...}");
    add("PUT", "/jobs/{id...}");
    add("GET", "/jobs/{id}/next");
    BOOST_TEST(found("GET", "/jobs") == "GET /jobs");
    BOOST_TEST(found("GET", "/jobs/7") == "GET /jobs/{id...}");
    BOOST_TEST(found("GET", "/jobs/7/8/next") == "GET /jobs/{id...}");
    BOOST_TEST(found("GET", "/jobs/7/next") == "GET /jobs/{id}/next");
    BOOST_TEST(found("PUT", "/jobs/7/next").empty());
    BOOST_TEST((router.match("PUT", "/jobs/7/next").allowed == std::set<std::string>{"GET", "HEAD", "OPTIONS"}));
    BOOST_TEST(router.match("GET", "/jobs/a/b%2Fc//d%20/").parameters.at("id") == "a/b/c//d ");
    BOOST_TEST(router.match("GET", "/jobs/a/../b").parameters.at("id") == "a/../b");
    BOOST_TEST(router.match("GET", "/jobs//a").allowed.empty());
}

BOOST_AUTO_TEST_CASE(a_parameter_is_one_raw_segment_decoded_once) {
    add("GET", "/jobs/{id}");
    const std::pair<const char*, const char*> table[] = {{"a", "a"},
                                                         {"a%2Fb", "a/b"},
                                                         {"a+b", "a+b"},
                                                         {"%252F", "%2F"},
                                                         {"%2e%2E", ".."},
                                                         {"..", ".."},
                                                         {".", "."},
                                                         {"a%20b", "a b"},
                                                         {"%C3%A4", "\xc3\xa4"},
                                                         {"\xc3\xa4", "\xc3\xa4"},
                                                         {"%0a", "\n"},
                                                         {"a:b", "a:b"},
                                                         {"%f0%9f%98%80", "\xf0\x9f\x98\x80"}};
    for (const auto& [raw, decoded] : table) {
        const Match match = router.match("GET", std::string("/jobs/") + raw);
        BOOST_REQUIRE_MESSAGE(match.route != nullptr, raw);
        BOOST_TEST(match.parameters.find("id")->second == decoded);
    }
}

BOOST_AUTO_TEST_CASE(a_badly_encoded_path_is_malformed) {
    add("GET", "/jobs/{id}");
    for (const char* bad : {"/jobs/%", "/jobs/%2", "/jobs/%zz", "/jobs/%00", "/jobs/%ff", "/jobs/%c0%af",
                            "/jobs/%ed%a0%80", "/../jobs", "/./jobs", "/%2e%2e/x", "/jobs/7/.."}) {
        BOOST_CHECK_EXCEPTION(router.match("GET", bad), RequestError,
                              [](const RequestError& error) { return error.problem() == Problem::malformed; });
    }
}

BOOST_AUTO_TEST_CASE(a_taken_route_is_refused) {
    add("GET", "/jobs/{id}");
    add("PUT", "/jobs/{id}");
    BOOST_CHECK_THROW(add("GET", "/jobs/{id}"), std::logic_error);
    BOOST_CHECK_THROW(add("GET", "/jobs/{name}"), std::logic_error);
    BOOST_CHECK_THROW(add("GET", "/jobs/{id}/"), std::logic_error);
    BOOST_CHECK_NO_THROW(add("GET", "/jobs/all"));
}

BOOST_AUTO_TEST_CASE(a_literal_is_preferred_to_a_parameter_in_any_order_of_adding) {
    add("GET", "/user/{id}");
    add("POST", "/user/token");
    add("GET", "/user/token/{x}");
    add("GET", "/user/{id}/name");
    BOOST_TEST(found("POST", "/user/token") == "POST /user/token");
    BOOST_TEST(found("GET", "/user/token") == "GET /user/{id}");
    BOOST_TEST(found("GET", "/user/token/name") == "GET /user/token/{x}");
    BOOST_TEST(found("GET", "/user/7/name") == "GET /user/{id}/name");
}

BOOST_AUTO_TEST_CASE(get_answers_head_unless_head_has_its_own_route) {
    add("GET", "/a");
    add("GET", "/b");
    add("HEAD", "/b");
    BOOST_TEST(found("HEAD", "/a") == "GET /a");
    BOOST_TEST(found("HEAD", "/b") == "HEAD /b");
    BOOST_TEST(found("GET", "/b") == "GET /b");
}

BOOST_AUTO_TEST_CASE(the_methods_of_a_path_are_told) {
    add("GET", "/a/{id}");
    add("DELETE", "/a/{name}");
    add("POST", "/c");
    BOOST_TEST((router.match("PUT", "/a/1").allowed == std::set<std::string>{"GET", "HEAD", "DELETE", "OPTIONS"}));
    BOOST_TEST((router.match("GET", "/c").allowed == std::set<std::string>{"POST", "OPTIONS"}));
    BOOST_TEST(found("DELETE", "/a/1") == "DELETE /a/{name}");
    BOOST_TEST(router.match("DELETE", "/a/1").parameters.contains("name"));
}

BOOST_AUTO_TEST_CASE(the_longest_claimed_prefix_says_whose_errors_are_spoken) {
    const ToyDialect inner("inner");
    router.claim_prefix("/api", other);
    router.claim_prefix("/api/v1/jobs/", inner);
    const std::pair<const char*, const char*> table[] = {{"/", "fallback"},          {"/api", "other"},
                                                         {"/api/x", "other"},        {"/apix", "fallback"},
                                                         {"/api/v1/jobs", "inner"},  {"/api/v1/jobs/%zz", "inner"},
                                                         {"/api/v1/jobsx", "other"}, {"", "fallback"}};
    for (const auto& [path, name] : table) BOOST_TEST(router.dialect_of(path).name() == name, path);
    add("GET", "/api/y", &fallback);
    BOOST_TEST(router.match("GET", "/api/y").dialect->name() == "fallback");
    BOOST_TEST(router.match("PUT", "/api/y").dialect->name() == "fallback");
    BOOST_TEST(router.match("PUT", "/api/z").dialect->name() == "other");
}

BOOST_AUTO_TEST_CASE(a_plus_is_a_blank_only_in_a_query) {
    BOOST_TEST(percent_decode("a+b%2B", true).value() == "a b+");
    BOOST_TEST(percent_decode("a+b%2B", false).value() == "a+b+");
    BOOST_TEST(!percent_decode("%4", true).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
