// Names and passwords as credentials: what is hashed, what is believed, what is refused.
#include "unit/service/people.hpp"

#include <Poco/Base64Encoder.h>
#include <boost/test/unit_test.hpp>
#include <sodium.h>

#include <array>
#include <atomic>
#include <sstream>
#include <thread>

using namespace foliot;
using namespace foliot::testing;

namespace {

const std::string kRight = "correct horse", kWrong = "wrong horse";

std::string basic(const std::string& name, const std::string& password) {
    std::ostringstream text;
    Poco::Base64Encoder encoder(text);
    encoder.rdbuf()->setLineLength(0);
    encoder << name << ':' << password;
    encoder.close();
    return "Basic " + text.str();
}

struct WithPassword : People {
    WithPassword() { set("olga", kRight); }

    void set(const std::string& name, const std::string& password) { service::set_password(*store, name, password); }
    bool may(const std::string& name, const std::string& password, const std::string& peer = "10.0.0.1") {
        return who(basic(name, password), peer).has_value();
    }
    /// Seconds to wait when it is throttled, 0 when it was answered.
    int throttled(const std::string& name, const std::string& password, const std::string& peer = "10.0.0.1") {
        try {
            may(name, password, peer);
            return 0;
        } catch (const RequestError& error) {
            BOOST_TEST((error.problem() == Problem::throttled));
            return error.retry_after();
        }
    }
    std::uint64_t hashes_of(const std::function<void()>& act) {
        const auto before = passwords.computed();
        act();
        return passwords.computed() - before;
    }
};

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

BOOST_AUTO_TEST_CASE(a_crowd_with_one_password_hashes_it_once) {
    std::atomic<int> good{0};
    const auto count = hashes_of([&] {
        std::vector<std::thread> crowd;
        for (int i = 0; i < 12; ++i) {
            crowd.emplace_back([&] { good += credentials.authenticate(basic("olga", kRight), "10.0.0.1") ? 1 : 0; });
        }
        for (auto& one : crowd) one.join();
    });
    BOOST_TEST(good == 12);
    BOOST_TEST(count == 1U);
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

BOOST_AUTO_TEST_CASE(a_network_of_ipv6_is_one_peer) {
    using service::peer_key;
    BOOST_TEST(peer_key("2001:db8:1:2::1") == peer_key("2001:db8:1:2:ffff::9"));
    BOOST_TEST(peer_key("2001:db8:1:2::1") != peer_key("2001:db8:1:3::1"));
    BOOST_TEST(peer_key("10.0.0.1") != peer_key("10.0.0.2"));
    BOOST_TEST(peer_key("::ffff:10.0.0.1") != peer_key("::ffff:10.0.0.2"));
}

BOOST_AUTO_TEST_SUITE_END()
