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

BOOST_AUTO_TEST_CASE(tokens_that_have_ended_leave_room_for_others) {
    const Micros soon = clock.now() + kSecond;
    for (int i = 0; i < 199; ++i) tokens.add(as(olga_now), {"x", Scope::read, soon});
    BOOST_CHECK_EXCEPTION(tokens.add(as(olga_now), {"x", Scope::read}), RequestError, refused(Problem::conflict));
    clock.advance(kSecond);
    BOOST_CHECK_NO_THROW(tokens.add(as(olga_now), {"x", Scope::read}));
    BOOST_TEST(count(olga_now, {}) == 201U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(revoking_tokens, Owners)

BOOST_AUTO_TEST_CASE(what_a_token_made_goes_with_it_directly_or_not_and_whose_ever_it_is) {
    const auto leaked = tokens.add(as(admin), {"leaked", Scope::admin});
    const Principal thief = who("Token " + leaked.secret).value();
    BOOST_TEST(leaked.token.made_by.value() == admin.token.value());
    const auto second = tokens.add(as(thief), {"second", Scope::admin});
    BOOST_TEST(second.token.made_by.value() == leaked.token.id);
    const Principal still = who("Token " + second.secret).value();
    const auto third = tokens.add(as(still), {"third", Scope::read, {}, olga_user.id});
    const auto other = tokens.add(as(admin), {"other", Scope::read});
    BOOST_TEST(who("Token " + third.secret).has_value());
    const auto before = audit().size();
    tokens.remove(as(admin), leaked.token.id);
    for (const auto& made : {leaked, second, third}) BOOST_TEST(!who("Token " + made.secret));
    BOOST_TEST(who("Token " + other.secret).has_value());
    BOOST_TEST(audit().size() == before + 3);
    BOOST_TEST(last_audit() == "root deleted token " + std::to_string(third.token.id) + " third");
    BOOST_TEST(audit().front().before.find("\"made_by\":" + std::to_string(second.token.id)) != std::string::npos,
               audit().front().before);
}

BOOST_AUTO_TEST_CASE(a_token_that_a_password_made_is_nobodys) {
    Principal by_password = olga_now;
    by_password.token.reset();
    BOOST_TEST(!tokens.add(as(by_password), {"x", Scope::read}).token.made_by.has_value());
}

BOOST_AUTO_TEST_CASE(all_tokens_of_a_user_go_at_once) {
    const auto lent = tokens.add(as(admin), {"lent", Scope::write, {}, olga_user.id});
    tokens.add(as(who("Token " + lent.secret).value()), {"ended", Scope::read, clock.now() + 1});
    tokens.add(as(olga_now), {"mine", Scope::read});
    clock.advance(1);
    BOOST_CHECK_EXCEPTION(tokens.remove_all(as(vera_now), olga_user.id), RequestError, kForbidden);
    Principal careful = admin;
    careful.scope = Scope::write;
    BOOST_CHECK_EXCEPTION(tokens.remove_all(as(careful), olga_user.id), RequestError, kForbidden);
    BOOST_CHECK_EXCEPTION(tokens.remove_all(as(admin), 99), RequestError, kMissing);
    BOOST_TEST(tokens.remove_all(as(admin), olga_user.id) == 4);
    BOOST_TEST(!who("Token " + lent.secret));
    BOOST_TEST(!who("Token " + olga_user.token));
    BOOST_TEST(count(admin, {.of = TokenQuery::Of::all}) == 2U);
    BOOST_TEST(tokens.remove_all(as(admin), olga_user.id) == 0);
    BOOST_TEST(tokens.remove_all(as(vera_now), vera_user.id) == 1);
}

BOOST_AUTO_TEST_CASE(what_the_tokens_of_a_user_made_goes_with_the_user) {
    users.edit(as(admin), olga_user.id, {.groups = {{kAdmins}}});
    const auto made = tokens.add(as(principal(olga_user)), {"made", Scope::read, {}, vera_user.id});
    BOOST_TEST(who("Token " + made.secret).has_value());
    users.remove(as(admin), olga_user.id);
    BOOST_TEST(!who("Token " + made.secret));
    BOOST_TEST(last_audit() == "root deleted user " + std::to_string(olga_user.id) + " olga");
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
