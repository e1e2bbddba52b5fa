// Cursors and their links.
#include "api/seed/paging.hpp"

#include "api/seed/urls.hpp"
#include "base/error.hpp"
#include "unit/seed/request.hpp"

#include <boost/test/unit_test.hpp>

#include <numeric>

using namespace foliot;
using namespace foliot::api::seed;
using namespace foliot::testing;

namespace {

/// n, ..., 2, 1.
std::vector<std::int64_t> numbers(std::int64_t n) {
    std::vector<std::int64_t> all(static_cast<std::size_t>(n));
    std::iota(all.rbegin(), all.rend(), 1);
    return all;
}

Page<std::int64_t> page(std::int64_t n, const std::optional<Cursor>& cursor) {
    return page_of(numbers(n), cursor, [](std::int64_t id) { return id; });
}

std::string invalid(const std::string& cursor) {
    try {
        cursor_of(request_to("/api/v1/user/", {{"cursor", cursor}}));
    } catch (const RequestError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_list_that_fits_has_no_links) {
    const auto all = page(1000, {});
    BOOST_TEST(all.items.size() == 1000U);
    BOOST_TEST(!all.has_next);
    BOOST_TEST(!all.has_previous);
}

BOOST_AUTO_TEST_CASE(pages_go_forth_and_back_without_a_gap) {
    const auto first = page(2500, {});
    BOOST_TEST(first.items.front() == 2500);
    BOOST_TEST(first.items.back() == 1501);
    BOOST_TEST(first.has_next);
    BOOST_TEST(!first.has_previous);
    const auto second = page(2500, Cursor{"1501"});
    BOOST_TEST(second.items.front() == 1500);
    BOOST_TEST(second.items.back() == 501);
    BOOST_TEST((second.has_next && second.has_previous));
    const auto last = page(2500, Cursor{"501"});
    BOOST_TEST(last.items.size() == 500U);
    BOOST_TEST((!last.has_next && last.has_previous));
    const auto back = page(2500, Cursor{"500", true});
    BOOST_TEST(back.items.front() == 1500);
    BOOST_TEST(back.items.back() == 501);
    BOOST_TEST((back.has_next && back.has_previous));
    const auto begin = page(2500, Cursor{"1500", true});
    BOOST_TEST(begin.items.front() == 2500);
    BOOST_TEST((begin.has_next && !begin.has_previous));
}

BOOST_AUTO_TEST_CASE(a_link_keeps_the_rest_of_the_query_and_is_read_again) {
    auto request = request_to("/api/v1/user", {{"z", "a b"}, {"cursor", "x"}, {"foo", "1"}});
    const std::string url = page_url(request, {"2", true});
    BOOST_TEST(url == "http://sched.example.org:8080/api/v1/user/?cursor=cj0xJnA9Mg%3D%3D&foo=1&z=a%20b");
    const auto cursor = cursor_of(request_to("/api/v1/user/", {{"cursor", "cj0xJnA9Mg=="}}));
    BOOST_TEST(cursor->position == "2");
    BOOST_TEST(cursor->backwards);
}

BOOST_AUTO_TEST_CASE(an_empty_cursor_is_none_and_a_wrong_one_is_told) {
    BOOST_TEST(!cursor_of(request_to("/", {{"cursor", ""}})).has_value());
    for (const char* wrong : {"abc", "%%%", "cD0=", "eD0x"}) BOOST_TEST(invalid(wrong) == "Invalid cursor", wrong);
    BOOST_CHECK_THROW(number_in(Cursor{"2026-11-21"}, false), RequestError);
    BOOST_TEST(!number_in(Cursor{"7"}, true).has_value());
}

BOOST_AUTO_TEST_CASE(urls_are_those_by_which_the_client_came) {
    auto request = request_to("/");
    BOOST_TEST(url_of(request, "user", 7) == "http://sched.example.org:8080/api/v1/user/7/");
    request.over_tls = true;
    BOOST_TEST(url_of(request, "schedule") == "https://sched.example.org:8080/api/v1/schedule/");
}
