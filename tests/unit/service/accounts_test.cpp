#include "base/fd.hpp"
#include "service/secrets.hpp"
#include "unit/service/setup.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

using namespace foliot;
using foliot::testing::Setup;

namespace {

struct FirstStart : Setup {
    std::filesystem::path file = folder / "admin.token";
    bool made = accounts.ensure_admin(file);
    std::string secret = read_file(file.string()).substr(0, 64);
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(accounts_and_tokens, FirstStart)

BOOST_AUTO_TEST_CASE(the_first_start_writes_a_token_that_only_its_owner_can_read) {
    BOOST_TEST(made);
    struct stat status {};
    BOOST_REQUIRE(::stat(file.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777U) == 0600U);
    BOOST_TEST(read_file(file.string()) == secret + "\n");
    BOOST_TEST(secret.find_first_not_of("0123456789abcdef") == std::string::npos);
    const auto who = accounts.authenticate("Bearer " + secret);
    BOOST_REQUIRE(who);
    BOOST_TEST(who->name == "admin");
    BOOST_TEST((who->role == Role::admin));
    BOOST_TEST((who->scope == Scope::admin));
}

BOOST_AUTO_TEST_CASE(a_second_start_changes_nothing) {
    BOOST_TEST(!accounts.ensure_admin(file));
    BOOST_TEST(read_file(file.string()) == secret + "\n");
    BOOST_TEST(events() == std::vector<std::string>{"added"});
}

BOOST_AUTO_TEST_CASE(the_secret_is_not_in_the_database) {
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
        if (entry.path() == file) continue;
        BOOST_TEST(read_file(entry.path().string()).find(secret) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(the_schemes_token_and_bearer_are_taken_in_any_case) {
    for (const char* scheme : {"Token ", "token ", "Bearer ", "BEARER  ", " Bearer\t"}) {
        BOOST_TEST(accounts.authenticate(scheme + secret).has_value(), scheme);
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
    for (const auto& header : headers) BOOST_TEST(!accounts.authenticate(header), header.substr(0, 40));
}

BOOST_AUTO_TEST_CASE(an_expired_token_is_believed_for_a_second_at_most) {
    const std::string short_lived = service::random_token();
    store->write(store::Store::Class::api, [&](store::Tx& tx) {
        const auto admin = tx.accounts().by_name("admin");
        tx.accounts().add_token(
            {admin->id, service::token_hash(short_lived), "short", Scope::read, clock.now() + 5 * kSecond});
        tx.audit({});
    });
    const auto who = accounts.authenticate("Token " + short_lived);
    BOOST_REQUIRE(who);
    BOOST_TEST((who->scope == Scope::read));
    clock.advance(6 * kSecond);
    BOOST_TEST(!accounts.authenticate("Token " + short_lived));
}

BOOST_AUTO_TEST_SUITE_END()
