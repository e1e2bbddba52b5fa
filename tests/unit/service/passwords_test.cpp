// Names and passwords as credentials: what is hashed, what is believed, what is refused.
#include "unit/service/with_password.hpp"

#include <boost/test/unit_test.hpp>
#include <sodium.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <fstream>

using namespace foliot;
using namespace foliot::testing;

namespace {

/// Bytes mapped by this process (proc(5), statm).
rlim_t address_space() {
    rlim_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    return pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(passwords_as_credentials, WithPassword)

BOOST_AUTO_TEST_CASE(the_right_password_is_the_user_with_every_scope) {
    const auto olga_now = who(basic("olga", kRight));
    BOOST_REQUIRE(olga_now);
    BOOST_TEST(olga_now->account == olga_user.id);
    BOOST_TEST((olga_now->role == Role::operator_));
    BOOST_TEST((olga_now->scope == Scope::admin));
    set("vera", "pässwörd: ✓");
    BOOST_TEST(who(basic("vera", "pässwörd: ✓"))->name == "vera");
}

BOOST_AUTO_TEST_CASE(whoever_cannot_prove_it_costs_one_hash_whatever_the_reason) {
    users.edit(as(principal(root_user)), vera_user.id, {.active = false, .password = {{kRight}}});
    const std::vector<std::pair<std::string, std::string>> attempts{
        {"olga", kWrong}, {"olga", ""}, {"nobody", kRight}, {"root", kRight}, {"vera", kRight}, {"Olga", kRight}};
    for (const auto& [name, password] : attempts) {
        bool good = true;
        BOOST_TEST(hashes_of([&] { good = may(name, password); }) == 1U, name);
        BOOST_TEST(!good, name);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_name_and_password_is_nobody_without_a_hash) {
    const std::vector<std::string> headers{"Basic",
                                           "Basic !!!",
                                           "Basic b2xnYQ==",
                                           "Basic Og==",
                                           "Basic b2xnYTp4AA==",
                                           "Basic b2xnYTp4/w==",
                                           basic(std::string(257, 'a'), kRight),
                                           basic("olga", std::string(1025, 'a')),
                                           basic("olga", "tab\there"),
                                           basic("", kRight)};
    for (const auto& header : headers) BOOST_TEST(!who(header), header);
    BOOST_TEST(passwords.computed() == 0U);
}

/// With olga's and vera's emails.
struct ByEmail : WithPassword {
    ByEmail() {
        users.edit(as(principal(root_user)), olga_user.id, {.email = {{"olga@example.org"}}});
        users.edit(as(principal(root_user)), vera_user.id, {.email = {{"vera@example.org"}}});
    }
    std::optional<Principal> by_email(const std::string& email, const std::string& password,
                                      const std::string& peer = "10.0.0.1") {
        return credentials.authenticate(service::Login{service::Login::By::email, email, password}, peer);
    }
};

BOOST_FIXTURE_TEST_CASE(a_login_by_email_is_as_good_as_one_by_name_and_costs_the_same, ByEmail) {
    BOOST_TEST(hashes_of([&] { BOOST_TEST(by_email("olga@example.org", kRight)->name == "olga"); }) == 1U);
    BOOST_TEST(hashes_of([&] { BOOST_TEST(may("olga", kRight)); }) == 0U, "the same password of the same user");
    for (const char* email : {"olga@example.org", "vera@example.org", "nobody@example.org", "olga", ":olga"}) {
        BOOST_TEST(hashes_of([&] { BOOST_TEST(!by_email(email, kWrong)); }) == 1U, email);
    }
    for (const std::string& email : {std::string(), std::string("a@b\n"), std::string(300, 'a')})
        BOOST_TEST(hashes_of([&] { BOOST_TEST(!by_email(email, kRight)); }) <= 1U);
    users.edit(as(principal(root_user)), olga_user.id, {.email = {std::optional<std::string>()}});
    BOOST_TEST(!by_email("olga@example.org", kRight));
}

BOOST_FIXTURE_TEST_CASE(guesses_by_email_and_by_name_are_counted_together, ByEmail) {
    for (int i = 0; i < 10; ++i) {
        const std::string peer = "10.1.0." + std::to_string(i);
        BOOST_TEST(!by_email("olga@example.org", kWrong, peer));
        BOOST_TEST(throttled("olga", kWrong, peer) == 0);
    }
    BOOST_TEST(throttled("olga", kWrong, "10.2.0.1") == 3);
    BOOST_CHECK_EXCEPTION(by_email("olga@example.org", kWrong, "10.2.0.2"), RequestError, refused(Problem::throttled));
    for (int i = 0; i < 20; ++i) BOOST_TEST(!by_email("no@example.org", kWrong, "10.3.0." + std::to_string(i)));
    BOOST_CHECK_EXCEPTION(by_email("no@example.org", kWrong, "10.4.0.1"), RequestError, refused(Problem::throttled));
}

BOOST_AUTO_TEST_CASE(a_verified_password_is_believed_for_five_minutes) {
    BOOST_TEST(hashes_of([&] { may("olga", kRight); }) == 1U);
    clock.advance(299 * kSecond);
    BOOST_TEST(hashes_of([&] { BOOST_TEST(may("olga", kRight)); }) == 0U);
    BOOST_TEST(hashes_of([&] { BOOST_TEST(!may("olga", kWrong)); }) == 1U);
    clock.advance(2 * kSecond);
    BOOST_TEST(hashes_of([&] { BOOST_TEST(may("olga", kRight)); }) == 1U);
}

BOOST_AUTO_TEST_CASE(a_change_of_anybody_costs_no_hash_and_one_of_the_user_counts_at_once) {
    const Principal admin = principal(root_user);
    may("olga", kRight);
    BOOST_TEST(hashes_of([&] {
                   users.edit(as(admin), vera_user.id, {.email = {{"vera@example.org"}}});
                   users.edit(as(admin), olga_user.id, {.groups = {{kViewers}}});
                   BOOST_TEST((who(basic("olga", kRight))->role == Role::viewer));
               }) == 0U);
    set("olga", "another one");
    BOOST_TEST(!may("olga", kRight));
    BOOST_TEST(may("olga", "another one"));
    users.edit(as(admin), olga_user.id, {.active = false});
    BOOST_TEST(!may("olga", "another one"));
    users.edit(as(admin), olga_user.id, {.active = true});
    BOOST_TEST(may("olga", "another one"));
    users.edit(as(admin), olga_user.id, {.password = {std::optional<std::string>()}});
    BOOST_TEST(!may("olga", "another one"));
}

BOOST_AUTO_TEST_CASE(failures_of_a_peer_are_throttled_without_hashing) {
    may("olga", kRight, "10.0.0.2");
    for (int i = 0; i < 10; ++i) BOOST_TEST(throttled("user" + std::to_string(i), kWrong) == 0);
    BOOST_TEST(hashes_of([&] { BOOST_TEST(throttled("nobody", kWrong) == 6); }) == 0U);
    BOOST_TEST(hashes_of([&] { BOOST_TEST(throttled("vera", kRight) == 6); }) == 0U);
    BOOST_TEST(who("Token " + vera_user.token).has_value());
    BOOST_TEST(!who("Token wrong").has_value());
    BOOST_TEST(may("olga", kRight), "a password that was verified a moment ago");
    BOOST_TEST(throttled("nobody", kWrong, "10.0.0.3") == 0);
    clock.advance(6 * kSecond);
    BOOST_TEST(throttled("nobody", kWrong) == 0);
    BOOST_TEST(throttled("nobody", kWrong) == 6);
}

BOOST_AUTO_TEST_CASE(a_password_in_use_is_not_locked_out_by_what_others_try) {
    may("olga", kRight);
    const auto besiege = [&] {
        for (int i = 0; i < 20; ++i) {
            throttled("olga", kWrong, "10.1.0." + std::to_string(i));
            throttled("user" + std::to_string(i), kWrong);
        }
        BOOST_TEST(throttled("olga", kWrong, "10.2.0.1") > 0);
        BOOST_TEST(throttled("nobody", kWrong) > 0);
    };
    for (int i = 0; i < 2; ++i) {
        besiege();
        clock.advance(301 * kSecond);
        besiege();
        BOOST_TEST(hashes_of([&] { BOOST_TEST(throttled("olga", kRight) == 0); }) == 1U, "it is looked at again");
        BOOST_TEST(throttled("olga", kWrong) > 0, "and nothing is won for those who guess");
        clock.advance(86'000 * kSecond);
    }
    clock.advance(500 * kSecond);
    besiege();
    BOOST_TEST(throttled("olga", kRight) > 0, "a day without it");
}

BOOST_AUTO_TEST_CASE(an_old_password_is_a_guess_like_any_other) {
    may("olga", kRight);
    set("olga", "another one");
    for (int i = 0; i < 10; ++i) BOOST_TEST(throttled("olga", kRight) == 0);
    BOOST_TEST(throttled("olga", kRight) > 0);
}

BOOST_AUTO_TEST_CASE(failures_of_a_name_are_throttled_whoever_tries_and_whether_it_exists) {
    for (const char* name : {"olga", "nobody"}) {
        for (int i = 0; i < 20; ++i) BOOST_TEST(throttled(name, kWrong, "10.1.0." + std::to_string(i)) == 0);
        BOOST_TEST(throttled(name, kWrong, "10.2.0.1") == 3);
    }
    BOOST_TEST(throttled("vera", kWrong, "10.2.0.1") == 0);
}

BOOST_AUTO_TEST_CASE(successes_are_not_counted) {
    for (int i = 0; i < 25; ++i) {
        BOOST_TEST(may("olga", kRight));
        clock.advance(301 * kSecond);
    }
    for (int i = 0; i < 9; ++i) may("olga", kWrong);
    BOOST_TEST(may("olga", kRight));
    BOOST_TEST(!may("olga", kWrong));
    BOOST_TEST(throttled("vera", kWrong) > 0);
}

BOOST_AUTO_TEST_CASE(a_hash_by_weaker_rules_is_renewed_when_the_password_was_right) {
    std::array<char, crypto_pwhash_STRBYTES> weak{};
    BOOST_REQUIRE(crypto_pwhash_str(weak.data(), kRight.data(), kRight.size(), crypto_pwhash_OPSLIMIT_MIN,
                                    crypto_pwhash_MEMLIMIT_MIN) == 0);
    const auto stored = [&] { return store->read()->accounts().password_holder("vera")->password.value(); };
    store->write(store::Store::Class::api,
                 [&](store::Tx& tx) { tx.accounts().change(vera_user.id, {.password = {{weak.data()}}}); });
    BOOST_TEST(!may("vera", kWrong));
    BOOST_TEST(stored() == weak.data());
    BOOST_TEST(may("vera", kRight));
    BOOST_TEST(!service::Passwords::is_outdated(stored()));
    BOOST_TEST(!service::Passwords::is_outdated(service::Passwords::nobodys()));
    clock.advance(2 * kSecond);
    BOOST_TEST(may("vera", kRight));
}

BOOST_AUTO_TEST_CASE(what_memory_is_too_short_for_is_no_wrong_password) {
    may("vera", kWrong);
    const auto size = address_space();
    if (size > (rlim_t{1} << 40U)) return;  // a sanitizer's
    rlimit before{};
    ::getrlimit(RLIMIT_AS, &before);
    const rlimit tight{size + (8U << 20U), before.rlim_max};
    ::setrlimit(RLIMIT_AS, &tight);
    int unavailable = 0;
    for (int i = 0; i < 25; ++i) {
        try {
            may("olga", kRight);
        } catch (const RequestError& error) {
            unavailable += error.problem() == Problem::unavailable ? 1 : 0;
        }
    }
    ::setrlimit(RLIMIT_AS, &before);
    BOOST_TEST(unavailable == 25);
    BOOST_TEST(throttled("olga", kWrong) == 0, "none of them counts");
    BOOST_TEST(may("olga", kRight));
}

BOOST_AUTO_TEST_CASE(what_is_no_hash_matches_nothing) {
    const std::string good = passwords.hash(kRight);
    BOOST_TEST(passwords.take_turn().matches(good, kRight));
    BOOST_TEST(crypto_pwhash_str_verify(good.c_str(), kRight.data(), kRight.size()) == 0);
    for (const std::string& bad :
         {std::string(), kRight, good.substr(1), good + "x", good.substr(0, good.size() - 1)}) {
        BOOST_TEST(!passwords.take_turn().matches(bad, kRight), bad);
    }
}

BOOST_AUTO_TEST_CASE(passwords_that_nobody_could_send_or_anybody_guess_are_refused) {
    for (const std::string& bad : {std::string("short"), std::string("tab\there1234"), std::string("nul\0here1234", 12),
                                   std::string("bad \xff utf8"), std::string(1025, 'x'), std::string("7 chars")}) {
        BOOST_CHECK_EXCEPTION(service::check_password("password", bad), RequestError,
                              refused(Problem::invalid, "password"));
    }
    BOOST_CHECK_NO_THROW(service::check_password("password", "8 charsä"));
    BOOST_CHECK_NO_THROW(service::check_password("password", std::string(1024, 'x')));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(throttling)

BOOST_AUTO_TEST_CASE(a_bucket_fills_again_and_forgets_nobody_who_failed_more) {
    service::Buckets buckets({.burst = 3, .pause = kSecond}, 4);
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(buckets.wait("a", 0) == 0);
        buckets.take("a", 0);
    }
    BOOST_TEST(buckets.wait("a", 0) == kSecond);
    BOOST_TEST(buckets.wait("a", kSecond) == 0);
    for (int i = 0; i < 100; ++i) buckets.take("crowd" + std::to_string(i), 0);
    BOOST_TEST(buckets.size() == 4U);
    BOOST_TEST(buckets.wait("a", 0) == kSecond);
    buckets.give_back("a");
    BOOST_TEST(buckets.wait("a", 0) == 0);
    buckets.take("b", 60 * kSecond);
    BOOST_TEST(buckets.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
