// The first start, and tokens as credentials.
#include "service/accounts.hpp"

#include "unit/service/people.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

using namespace foliot;
using namespace foliot::testing;

namespace {

struct FirstStart : Setup {
    std::filesystem::path file = folder / "admin.token";
    bool made = service::ensure_admin(*store, file);
    std::string secret = read_file(file.string()).substr(0, 64);

    std::optional<Principal> who(const std::string& authorization) {
        return credentials.authenticate(authorization, "127.0.0.1");
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(first_start, FirstStart)

BOOST_AUTO_TEST_CASE(the_first_start_writes_a_token_that_only_its_owner_can_read) {
    BOOST_TEST(made);
    struct stat status {};
    BOOST_REQUIRE(::stat(file.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777U) == 0600U);
    BOOST_TEST(read_file(file.string()) == secret + "\n");
    BOOST_TEST(secret.find_first_not_of("0123456789abcdef") == std::string::npos);
    const auto who_is = who("Bearer " + secret);
    BOOST_REQUIRE(who_is);
    BOOST_TEST(who_is->account == 1);
    BOOST_TEST(who_is->name == "admin");
    BOOST_TEST((who_is->role == Role::admin));
    BOOST_TEST((who_is->scope == Scope::admin));
}

BOOST_AUTO_TEST_CASE(a_second_start_changes_nothing) {
    BOOST_TEST(!service::ensure_admin(*store, file));
    BOOST_TEST(read_file(file.string()) == secret + "\n");
    BOOST_TEST(events() == (std::vector<std::string>{"added", "added"}));
}

BOOST_AUTO_TEST_CASE(a_start_makes_no_second_admin_when_the_first_was_renamed) {
    users.edit(as(*who("Token " + secret)), 1, {.name = "chief"});
    BOOST_TEST(!service::ensure_admin(*store, file));
}

BOOST_AUTO_TEST_CASE(the_secret_is_not_in_the_database) {
    std::filesystem::remove(file);
    BOOST_TEST(stored_bytes(folder).find(secret) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_schemes_token_and_bearer_are_taken_in_any_case) {
    for (const char* scheme : {"Token ", "token ", "Bearer ", "BEARER  ", " Bearer\t"}) {
        BOOST_TEST(who(scheme + secret).has_value(), scheme);
    }
}

BOOST_AUTO_TEST_CASE(anything_else_is_nobody) {
    const std::vector<std::string> headers{
        "",
        "Token",
        "Bearer ",
        secret,
        "Basic " + secret,
        "Bearer " + secret.substr(1),
        "Bearer " + secret + "0",
        "Bearer " + secret + " " + secret,
        "Bearer " + std::string(100'000, 'a'),
        "Bearer " + std::string(3, '\0'),
    };
    for (const auto& header : headers) BOOST_TEST(!who(header), header.substr(0, 40));
    BOOST_TEST(passwords.computed() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(tokens_as_credentials, People)

BOOST_AUTO_TEST_CASE(a_token_ends_at_its_end_though_it_was_believed_a_moment_ago) {
    const auto made = tokens.add(as(principal(olga_user)), {"short", Scope::read, clock.now() + 5 * kSecond});
    clock.advance(4'900 * kMillisecond);
    BOOST_TEST((who("Token " + made.secret)->scope == Scope::read));
    clock.advance(100 * kMillisecond);
    BOOST_TEST(!who("Token " + made.secret));
}

BOOST_AUTO_TEST_CASE(every_revocation_counts_from_the_next_request_on) {
    const Principal admin = principal(root_user);
    const auto believed = [&](const std::string& secret) { return who("Token " + secret).has_value(); };
    const auto made = tokens.add(as(principal(olga_user)), {"a", Scope::run, {}, {}});
    BOOST_TEST(believed(made.secret));
    tokens.remove(as(admin), made.token.id);
    BOOST_TEST(!believed(made.secret));

    BOOST_TEST(believed(olga_user.token));
    users.edit(as(admin), olga_user.id, {.active = false});
    BOOST_TEST(!believed(olga_user.token));
    users.edit(as(admin), olga_user.id, {.active = true});
    BOOST_TEST(believed(olga_user.token));
    users.edit(as(admin), olga_user.id, {.groups = {{std::string("Viewers")}}});
    BOOST_TEST((principal(olga_user).role == Role::viewer));
    users.remove(as(admin), olga_user.id);
    BOOST_TEST(!believed(olga_user.token));
}

BOOST_AUTO_TEST_CASE(the_last_use_is_written_in_bulk_and_to_the_minute) {
    int told = 0;
    token_uses.when_noted([&] { ++told; });
    const Principal admin = principal(root_user);
    principal(olga_user);
    const auto used = [&](std::int64_t id) { return tokens.get(as(admin), id).used; };
    BOOST_TEST(told == 1);
    BOOST_TEST(!used(1).has_value());
    const Micros minute = clock.now() / (60 * kSecond) * 60 * kSecond;
    token_uses.flush();
    BOOST_TEST(used(1).value() == minute);
    BOOST_TEST(used(2).value() == minute);
    BOOST_TEST(!used(3).has_value());
    clock.advance(61 * kSecond);
    principal(olga_user);
    BOOST_TEST(told == 2);
    token_uses.flush();
    BOOST_TEST(used(2).value() == minute + 60 * kSecond);
    BOOST_TEST(used(1).value() == minute);
}

BOOST_AUTO_TEST_CASE(what_was_read_before_a_change_is_not_believed_after_it) {
    service::KnownPrincipals known(clock);
    const Principal someone{7, "x", Role::admin, Scope::admin, clock.now() + 500 * kMillisecond};
    const auto before = known.generation();
    known.forget_all();
    known.remember("hash", someone, before);
    BOOST_TEST(!known.recall("hash"));
    known.remember("hash", someone, known.generation());
    BOOST_TEST(known.recall("hash").has_value());
    clock.advance(500 * kMillisecond);
    BOOST_TEST(!known.recall("hash"), "it has ended");
}

BOOST_AUTO_TEST_SUITE_END()
