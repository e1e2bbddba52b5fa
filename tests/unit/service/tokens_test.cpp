// Tokens, and the audit log that tells of them.
#include "unit/service/people.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;
using service::TokenQuery;

namespace {

struct Owners : People {
    const Principal admin = principal(root_user), olga_now = principal(olga_user), vera_now = principal(vera_user);

    std::size_t count(const Principal& who_is, const TokenQuery& query) {
        return tokens.list(as(who_is), query).items.size();
    }
};

const auto kForbidden = refused(Problem::forbidden);
const auto kMissing = refused(Problem::not_found);

}  // namespace

BOOST_FIXTURE_TEST_SUITE(managing_tokens, Owners)

BOOST_AUTO_TEST_CASE(a_token_is_made_used_and_revoked_and_its_secret_told_once) {
    const auto made = tokens.add(as(vera_now), {"ci", Scope::run, clock.now() + 3600 * kSecond});
    BOOST_TEST(made.token.account_name == "vera");
    BOOST_TEST(made.token.created == clock.now());
    BOOST_TEST(last_audit() == "vera added token " + std::to_string(made.token.id) + " ci");
    const auto vera_by_it = who("Bearer " + made.secret);
    BOOST_REQUIRE(vera_by_it);
    BOOST_TEST((vera_by_it->scope == Scope::run));
    BOOST_TEST((vera_by_it->role == Role::viewer));
    BOOST_TEST(vera_by_it->expires.value() == clock.now() + 3600 * kSecond);
    tokens.remove(as(vera_now), made.token.id);
    BOOST_TEST(last_audit() == "vera deleted token " + std::to_string(made.token.id) + " ci");
    BOOST_TEST(!who("Bearer " + made.secret));
    BOOST_TEST(stored_bytes(folder).find(made.secret) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_token_is_no_stronger_and_no_longer_lived_than_what_made_it) {
    const Micros end = clock.now() + 60 * kSecond;
    const auto weak = tokens.add(as(olga_now), {"weak", Scope::write, end});
    const Principal by_it = who("Token " + weak.secret).value();
    BOOST_CHECK_EXCEPTION(tokens.add(as(by_it), {"x", Scope::admin, end}), RequestError,
                          refused(Problem::forbidden, "scope"));
    BOOST_CHECK_EXCEPTION(tokens.add(as(by_it), {"x", Scope::write, {}}), RequestError,
                          refused(Problem::forbidden, "expires"));
    BOOST_CHECK_EXCEPTION(tokens.add(as(by_it), {"x", Scope::write, end + 1}), RequestError,
                          refused(Problem::forbidden, "expires"));
    BOOST_CHECK_NO_THROW(tokens.add(as(by_it), {"x", Scope::write, end}));
    const auto reader = tokens.add(as(olga_now), {"reader", Scope::run});
    BOOST_CHECK_EXCEPTION(tokens.add(as(who("Token " + reader.secret).value()), {"x", Scope::read}), RequestError,
                          kForbidden);
}

BOOST_AUTO_TEST_CASE(bad_wishes_are_refused_by_field) {
    BOOST_CHECK_EXCEPTION(tokens.add(as(olga_now), {"", Scope::read}), RequestError, refused(Problem::invalid, "name"));
    BOOST_CHECK_EXCEPTION(tokens.add(as(olga_now), {"x", Scope::read, clock.now()}), RequestError,
                          refused(Problem::invalid, "expires"));
    BOOST_CHECK_EXCEPTION(tokens.add(as(admin), {"x", Scope::read, {}, 99}), RequestError,
                          refused(Problem::invalid, "user"));
    BOOST_CHECK_EXCEPTION(tokens.add(as(olga_now), {"x", Scope::read, {}, vera_user.id}), RequestError, kForbidden);
    BOOST_TEST(count(admin, {.of = TokenQuery::Of::all}) == 3U);
}

BOOST_AUTO_TEST_CASE(everybody_has_his_own_and_admins_those_of_all) {
    const auto mine = tokens.add(as(olga_now), {"mine", Scope::read});
    BOOST_TEST(count(olga_now, {}) == 2U);
    BOOST_TEST(count(olga_now, {.of = TokenQuery::Of::user, .user = olga_user.id}) == 2U);
    BOOST_CHECK_EXCEPTION(count(olga_now, {.of = TokenQuery::Of::user, .user = vera_user.id}), RequestError,
                          kForbidden);
    BOOST_CHECK_EXCEPTION(count(olga_now, {.of = TokenQuery::Of::all}), RequestError, kForbidden);
    BOOST_TEST(count(admin, {.of = TokenQuery::Of::all}) == 4U);
    BOOST_TEST(count(admin, {.of = TokenQuery::Of::user, .user = olga_user.id}) == 2U);
    BOOST_TEST(tokens.get(as(admin), mine.token.id).name == "mine");
    BOOST_CHECK_EXCEPTION(tokens.get(as(vera_now), mine.token.id), RequestError, kMissing);
    BOOST_CHECK_EXCEPTION(tokens.remove(as(vera_now), mine.token.id), RequestError, kMissing);
    Principal reading_admin = admin;
    reading_admin.scope = Scope::write;
    BOOST_CHECK_EXCEPTION(tokens.remove(as(reading_admin), mine.token.id), RequestError, kForbidden);
    tokens.remove(as(admin), mine.token.id);
    BOOST_CHECK_EXCEPTION(tokens.get(as(olga_now), mine.token.id), RequestError, kMissing);
    BOOST_TEST(tokens.add(as(admin), {"for vera", Scope::read, {}, vera_user.id}).token.account == vera_user.id);
}

BOOST_AUTO_TEST_CASE(a_user_has_so_many_tokens_and_no_more) {
    for (int i = 0; i < 199; ++i) tokens.add(as(olga_now), {"x", Scope::read});
    BOOST_CHECK_EXCEPTION(tokens.add(as(olga_now), {"x", Scope::read}), RequestError, refused(Problem::conflict));
    BOOST_TEST(count(olga_now, {.limit = 150}) == 150U);
    BOOST_CHECK_NO_THROW(tokens.add(as(vera_now), {"x", Scope::read}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(reading_the_audit_log, Owners)

BOOST_AUTO_TEST_CASE(what_was_done_to_accounts_is_for_admins) {
    jobs.add(as(olga_now), hourly("a"));
    tokens.add(as(olga_now), {"x", Scope::read});
    groups.add(as(admin), {"Night", Role::viewer});
    users.edit(as(admin), vera_user.id, {.active = false});
    Principal reading_admin = admin;
    reading_admin.scope = Scope::read;
    BOOST_TEST(audit_log.list(as(reading_admin), {}).items.size() == 4U);
    for (const Principal& who_is : {olga_now, vera_now}) {
        const auto seen = audit_log.list(as(who_is), {}).items;
        BOOST_REQUIRE(seen.size() == 1U);
        BOOST_TEST(seen.front().kind == "job");
    }
    const Principal nobody;
    BOOST_CHECK_EXCEPTION(audit_log.list(as(nobody), {}), RequestError, refused(Problem::unauthenticated));
}

BOOST_AUTO_TEST_CASE(pages_go_on_behind_a_cursor) {
    for (const char* id : {"a", "b", "c"}) jobs.add(as(olga_now), hourly(id));
    const auto page = audit_log.list(as(vera_now), {.limit = 2});
    BOOST_TEST(page.items.front().ref == "c");
    const auto rest = audit_log.list(as(vera_now), {.cursor = audit_log.cursor_of(page.next.value())});
    BOOST_REQUIRE(rest.items.size() == 1U);
    BOOST_TEST(rest.items.front().ref == "a");
    BOOST_CHECK_EXCEPTION(audit_log.list(as(vera_now), {.cursor = "123"}), RequestError,
                          refused(Problem::invalid, "cursor"));
}

BOOST_AUTO_TEST_SUITE_END()
