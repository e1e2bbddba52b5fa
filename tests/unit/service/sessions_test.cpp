// Logins: who gets a session, and when it ends.
#include "service/sessions.hpp"

#include "unit/service/with_password.hpp"

#include <sodium.h>

#include <array>

using namespace foliot;
using namespace foliot::testing;

namespace {

constexpr Micros kAge = 3600 * kSecond;

struct Browsers : WithPassword {
    service::Sessions sessions{*store, clock, credentials, kAge};

    std::optional<service::Sessions::Begun> begin(const std::string& name, const std::string& password) {
        return sessions.begin({name, password}, "10.0.0.1");
    }
    std::string log_in() { return begin("olga", kRight).value().secret; }
    bool is_in(const std::string& secret) { return sessions.holder(secret).has_value(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sessions, Browsers)

BOOST_AUTO_TEST_CASE(a_right_password_begins_a_session_of_its_user) {
    const auto begun = begin("olga", kRight);
    BOOST_REQUIRE(begun);
    BOOST_TEST(begun->secret.size() == 64U);
    const auto holder = sessions.holder(begun->secret);
    BOOST_REQUIRE(holder);
    for (const Principal& who : {*holder, begun->who}) {
        BOOST_TEST(who.account == olga_user.id);
        BOOST_TEST(who.name == "olga");
        BOOST_TEST((who.role == Role::operator_));
        BOOST_TEST((who.scope == Scope::admin));
        BOOST_TEST(who.expires.value() == clock.now() + kAge);
        BOOST_TEST(!who.token);
    }
    BOOST_TEST(log_in() != begun->secret);
    BOOST_TEST(stored_bytes(folder).find(begun->secret) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(nothing_else_begins_one) {
    BOOST_TEST(!begin("olga", kWrong));
    BOOST_TEST(!begin("olga", ""));
    BOOST_TEST(!begin("vera", kRight), "she has no password");
    BOOST_TEST(!begin("nobody", kRight));
    const auto hashes = hashes_of([&] {
        BOOST_TEST(!begin("", kRight));
        BOOST_TEST(!begin("olga", std::string(2'000, 'x')));
        BOOST_TEST(!begin("olga", "correct\nhorse"));
        BOOST_TEST(!begin("olga\xff", kRight));
    });
    BOOST_TEST(hashes == 0U, "what can be no password is not hashed");
    users.edit(as(root), olga_user.id, {.active = false});
    BOOST_TEST(!begin("olga", kRight));
}

BOOST_AUTO_TEST_CASE(a_user_may_be_named_by_email) {
    using service::Login;
    users.edit(as(root), olga_user.id, {.email = {{"olga@example.org"}}});
    const auto log_in_as = [&](const std::string& email, const std::string& password) {
        return sessions.begin(Login{Login::By::email, email, password}, "10.0.0.1");
    };
    BOOST_TEST(log_in_as("olga@example.org", kRight).value().who.account == olga_user.id);
    BOOST_TEST(sessions.begin(Login{.user = "olga", .password = kRight}, "10.0.0.1").has_value());
    BOOST_TEST(!log_in_as("olga@example.org", kWrong));
    BOOST_TEST(!log_in_as("olga", kRight), "a name is no email");
    BOOST_TEST(!log_in_as("Olga@example.org", kRight));
    BOOST_TEST(!sessions.begin(Login{.user = "olga@example.org", .password = kRight}, "10.0.0.1"));
}

BOOST_AUTO_TEST_CASE(other_secrets_are_nobodys) {
    const std::string secret = log_in();
    for (const std::string& other :
         {std::string(), secret + "0", secret.substr(1), olga_user.token, std::string("a\0b", 3)})
        BOOST_TEST(!is_in(other));
    BOOST_TEST(!who("Token " + secret), "a session is no token, or no page would have to be ours");
    BOOST_TEST(is_in(secret));
    BOOST_TEST(!who("Bearer " + secret), "not even while it is believed");
}

BOOST_AUTO_TEST_CASE(a_session_ends_at_its_end_though_it_was_believed_a_moment_ago) {
    const std::string secret = log_in();
    clock.advance(kAge - kSecond / 2);
    BOOST_TEST(is_in(secret));
    clock.advance(kSecond / 2);
    BOOST_TEST(!is_in(secret));
    BOOST_TEST(!sessions.end(secret));
}

BOOST_AUTO_TEST_CASE(a_logout_counts_from_the_next_request_on_and_ends_no_other) {
    const std::string one = log_in(), other = log_in();
    BOOST_TEST(is_in(one));
    BOOST_TEST(sessions.end(one));
    BOOST_TEST(!is_in(one));
    BOOST_TEST(is_in(other));
    BOOST_TEST(!sessions.end(one));
    BOOST_TEST(!sessions.end("never was"));
}

BOOST_AUTO_TEST_CASE(a_session_ends_with_the_password_and_the_user) {
    const auto ends = [&](const std::function<void()>& act) {
        set("olga", kRight);
        const std::string secret = log_in();
        BOOST_TEST(is_in(secret));
        act();
        BOOST_TEST(!is_in(secret));
    };
    ends([&] { set("olga", "another one"); });
    ends([&] { users.edit(as(root), olga_user.id, {.password = {std::optional<std::string>()}}); });
    ends([&] {
        users.edit(as(root), olga_user.id, {.active = false});
        users.edit(as(root), olga_user.id, {.active = true});
    });
    ends([&] { users.remove(as(root), olga_user.id); });
}

BOOST_AUTO_TEST_CASE(another_role_counts_from_the_next_request_on) {
    const std::string secret = log_in();
    BOOST_TEST((sessions.holder(secret)->role == Role::operator_));
    users.edit(as(root), olga_user.id, {.groups = {{std::string("Viewers")}}});
    BOOST_TEST((sessions.holder(secret)->role == Role::viewer));
}

BOOST_AUTO_TEST_CASE(a_session_may_set_another_password_and_make_tokens_that_do_not_outlive_it) {
    const Principal holder = sessions.holder(log_in()).value();
    const auto change = [&](const std::string& current) {
        users.edit_me(as(holder), {.password = "another one", .current_password = current});
    };
    BOOST_CHECK_EXCEPTION(change(kWrong), RequestError, refused(Problem::invalid, "current_password"));
    BOOST_CHECK_EXCEPTION(tokens.add(as(holder), {"x", Scope::read, {}, {}}), RequestError,
                          refused(Problem::forbidden, "expires"));
    BOOST_TEST(!tokens.add(as(holder), {"x", Scope::read, holder.expires, {}}).token.made_by);
    BOOST_CHECK_NO_THROW(change(kRight));
    BOOST_TEST(begin("olga", "another one").has_value());
}

BOOST_AUTO_TEST_CASE(guesses_are_throttled_as_those_of_http_basic_and_with_them) {
    for (int i = 0; i < 5; ++i) BOOST_TEST(!begin("vera", "a guess"));
    for (int i = 0; i < 5; ++i) BOOST_TEST(!may("vera", "a guess"));
    BOOST_CHECK_EXCEPTION(begin("olga", kWrong), RequestError, refused(Problem::throttled));
    BOOST_CHECK_EXCEPTION(begin("olga", kRight), RequestError, refused(Problem::throttled));
    BOOST_TEST(sessions.begin({"olga", kRight}, "10.0.0.2").has_value());
    BOOST_TEST(begin("olga", kRight).has_value(), "it was right a moment ago");
}

BOOST_AUTO_TEST_CASE(a_session_costs_no_hash_and_a_second_login_neither) {
    const std::string secret = log_in();
    const auto hashes = hashes_of([&] {
        for (int i = 0; i < 10; ++i) BOOST_TEST(is_in(secret));
        clock.advance(60 * kSecond);
        BOOST_TEST(is_in(secret));
        log_in();
    });
    BOOST_TEST(hashes == 0U);
}

BOOST_AUTO_TEST_CASE(a_hash_of_weaker_rules_is_renewed_and_the_login_succeeds) {
    std::array<char, crypto_pwhash_STRBYTES> weak{};
    BOOST_REQUIRE(crypto_pwhash_str(weak.data(), kRight.data(), kRight.size(), crypto_pwhash_OPSLIMIT_MIN,
                                    crypto_pwhash_MEMLIMIT_MIN) == 0);
    store->write(store::Store::Class::api,
                 [&](store::Tx& tx) { tx.accounts().change(olga_user.id, {.password = {{weak.data()}}}); });
    BOOST_TEST(is_in(log_in()));
    const auto stored = store->read()->accounts().password_holder("olga")->password.value();
    BOOST_TEST(!service::Passwords::is_outdated(stored));
}

BOOST_AUTO_TEST_CASE(a_session_does_not_outlive_the_password_that_was_proven) {
    const service::NameAndPassword given{"olga", kRight};
    BOOST_TEST(credentials.account_of(given, "10.0.0.1").has_value());
    store->write(store::Store::Class::api, [&](store::Tx& tx) {
        BOOST_TEST(credentials.still_proves(tx.accounts(), given));
        tx.accounts().change(olga_user.id, {.password = {{"another hash"}}});
        BOOST_TEST(!credentials.still_proves(tx.accounts(), given));
    });
}

BOOST_AUTO_TEST_SUITE_END()
