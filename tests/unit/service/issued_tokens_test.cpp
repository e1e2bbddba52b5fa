// Tokens that are made anew for whoever asks, and what everybody may know of users and groups.
#include "service/issued_tokens.hpp"

#include "service/directory.hpp"
#include "unit/service/with_password.hpp"

#include <set>

using namespace foliot;
using namespace foliot::testing;

namespace {

struct Issuing : WithPassword {
    service::IssuedTokens issued{*store, credentials};
    service::Directory directory{*store};
    const Principal admin = principal(root_user), operator_ = principal(olga_user), viewer = principal(vera_user);

    std::string of(const std::string& email) { return issued.for_email(as(admin), email); }
    std::optional<std::string> of(const std::string& name, const std::string& password) {
        return issued.for_password({name, password}, "10.0.0.1", "test");
    }
    std::string name_of(const std::string& token) {
        const auto holder = who("Token " + token);
        return holder ? holder->name : "";
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(issued_tokens, Issuing)

BOOST_AUTO_TEST_CASE(an_address_gets_a_user_and_a_new_token_each_time) {
    const std::string first = of("bob@example.org"), second = of("bob@example.org");
    BOOST_TEST(first != second);
    BOOST_TEST(name_of(first) == "bob@example.org");
    BOOST_TEST(name_of(second) == "bob@example.org");
    const Principal bob = who("Token " + first).value();
    BOOST_TEST((bob.role == Role::operator_));
    BOOST_TEST(directory.user(as(viewer), bob.account).email.value() == "bob@example.org");
    BOOST_TEST(events().back() == "added");
    BOOST_TEST(stored_bytes(folder).find(first) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_user_who_has_the_address_is_used_unless_inactive) {
    users.edit(as(admin), olga_user.id, {.email = {"olga@example.org"}});
    BOOST_TEST(name_of(of("olga@example.org")) == "olga");
    users.edit(as(admin), olga_user.id, {.active = false});
    BOOST_CHECK_EXCEPTION(of("olga@example.org"), RequestError, refused(Problem::invalid, "email"));
}

BOOST_AUTO_TEST_CASE(of_a_user_the_newest_twenty_of_a_kind_live) {
    const std::string oldest = of("bob@example.org"), next = of("bob@example.org");
    const Principal bob = who("Token " + next).value();
    const auto own = tokens.add(as(admin), {.name = "own", .scope = Scope::read, .user = bob.account}).secret;
    for (int i = 0; i < 18; ++i) of("bob@example.org");
    BOOST_TEST(name_of(oldest) == "bob@example.org");
    of("bob@example.org");
    BOOST_TEST(name_of(oldest).empty());
    BOOST_TEST(name_of(next) == "bob@example.org");
    BOOST_TEST(name_of(own) == "bob@example.org");
    const auto all = tokens.list(as(admin), {.of = service::TokenQuery::Of::user, .user = bob.account});
    BOOST_TEST(all.items.size() == 21U);
}

BOOST_AUTO_TEST_CASE(they_count_among_the_two_hundred_of_a_user) {
    const std::string oldest = of("bob@example.org"), next = of("bob@example.org");
    const Principal bob = who("Token " + next).value();
    for (int i = 0; i < 198; ++i) {
        tokens.add(as(admin), {.name = "own", .scope = Scope::read, .user = bob.account});
    }
    const std::string newest = of("bob@example.org");
    BOOST_TEST(name_of(oldest).empty());
    BOOST_TEST(name_of(next) == "bob@example.org");
    BOOST_TEST(name_of(newest) == "bob@example.org");
    users.edit(as(admin), olga_user.id, {.email = {"olga@example.org"}});
    for (int i = 0; i < 199; ++i) {
        tokens.add(as(admin), {.name = "own", .scope = Scope::read, .user = olga_user.id});
    }
    BOOST_CHECK_EXCEPTION(of("olga@example.org"), RequestError, refused(Problem::conflict));
}

BOOST_AUTO_TEST_CASE(it_ends_with_the_credentials_that_ask_and_only_admins_ask) {
    Principal brief = admin;
    brief.expires = clock.now() + 60 * kSecond;
    const std::string token = issued.for_email(as(brief), "bob@example.org");
    BOOST_TEST(who("Token " + token)->expires.value() == *brief.expires);
    BOOST_CHECK_EXCEPTION(issued.for_email(as(operator_), "x@example.org"), RequestError, refused(Problem::forbidden));
}

BOOST_AUTO_TEST_CASE(an_address_that_can_be_no_name_is_refused_by_its_field) {
    for (const std::string& wrong :
         {std::string("nobody"), std::string(60, 'a') + "@example.org", std::string("a:b@c.d")})
        BOOST_CHECK_EXCEPTION(of(wrong), RequestError, refused(Problem::invalid, "email"));
    users.add(as(admin), {.name = "kim@example.org"});
    BOOST_CHECK_EXCEPTION(of("kim@example.org"), RequestError, refused(Problem::invalid, "email"));
}

BOOST_AUTO_TEST_CASE(a_right_password_gets_a_token_of_its_user) {
    const auto token = of("olga", kRight);
    BOOST_REQUIRE(token);
    BOOST_TEST(name_of(*token) == "olga");
    BOOST_TEST((who("Token " + *token)->scope == Scope::admin));
    BOOST_TEST(last_audit().starts_with("olga added token"));
    BOOST_TEST(!of("olga", kWrong).has_value());
    BOOST_TEST(!of("vera", "").has_value());
    BOOST_TEST(!of("nobody", kRight).has_value());
}

BOOST_AUTO_TEST_CASE(guesses_are_throttled_with_those_of_every_other_door) {
    int tries = 0;
    while (throttled("olga", kWrong + std::to_string(tries)) == 0 && tries < 100) ++tries;
    BOOST_CHECK_EXCEPTION(of("olga", kWrong), RequestError, refused(Problem::throttled));
}

BOOST_AUTO_TEST_CASE(everybody_who_is_known_may_look_people_and_groups_up) {
    const auto people = directory.users(as(viewer));
    BOOST_REQUIRE(people.size() == 3U);
    BOOST_TEST(people.front().name == "vera");
    BOOST_TEST(people.back().name == "root");
    BOOST_TEST(directory.groups(as(viewer)).front().name == "Admins");
    BOOST_TEST(directory.group(as(viewer), kViewers).name == "Viewers");
    BOOST_CHECK_EXCEPTION(directory.user(as(viewer), 99), RequestError, refused(Problem::not_found));
    BOOST_CHECK_EXCEPTION(directory.group(as(viewer), 99), RequestError, refused(Problem::not_found));
    BOOST_CHECK_EXCEPTION(directory.users(as({})), RequestError, refused(Problem::unauthenticated));
}

BOOST_AUTO_TEST_SUITE_END()
