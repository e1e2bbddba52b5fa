// Sessions of users in any store.
#include "world.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

std::string hash_of(int number) {
    std::string hash(32, '\0');  // any bytes may stand in one
    hash[31] = static_cast<char>(number);
    return hash;
}

template <class Backend>
struct LoggedIn : On<Backend> {
    std::int64_t ann = 0, bob = 0;
    std::vector<std::int64_t> told;

    LoggedIn() {
        this->write([&](Tx& tx) {
            ann = tx.accounts().add({.name = "ann", .password = "p", .groups = {kAdmins}});
            bob = tx.accounts().add({.name = "bob", .password = "p"});
        });
        add(ann, 0);
        this->store->subscribe([this](const Event& event) {
            if (event.kind == Event::Kind::accounts_changed) told.push_back(event.ref);
        });
    }
    void add(std::int64_t account, int number, Micros age = 100 * kSecond) {
        this->write([&](Tx& tx) { tx.accounts().add_session({account, hash_of(number), this->clock.now() + age}); });
    }
    bool end(int number) {
        bool ended = false;
        this->write([&](Tx& tx) { ended = tx.accounts().end_session(hash_of(number)); });
        return ended;
    }
    void change(std::int64_t id, const AccountChange& change) {
        this->write([&](Tx& tx) { tx.accounts().change(id, change); });
    }
    std::optional<Principal> holder(int number) {
        return this->store->read()->accounts().session_holder(hash_of(number), this->clock.now());
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sessions)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_session_makes_its_account_a_principal_of_full_scope_until_it_ends, Backend, Backends) {
    LoggedIn<Backend> w;
    const Micros end = w.clock.now() + 100 * kSecond;
    const auto holder = w.holder(0);
    BOOST_REQUIRE(holder.has_value());
    BOOST_TEST(holder->account == w.ann);
    BOOST_TEST(holder->name == "ann");
    BOOST_TEST((holder->role == Role::admin));
    BOOST_TEST((holder->scope == Scope::admin));
    BOOST_TEST(holder->expires.value() == end);
    BOOST_TEST(!holder->token.has_value());
    BOOST_TEST(!w.holder(1).has_value());
    w.reopen();
    w.clock.advance(100 * kSecond - 1);
    BOOST_TEST(w.holder(0).has_value());
    w.clock.advance(1);
    BOOST_TEST(!w.holder(0).has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_session_is_no_token_and_a_token_no_session, Backend, Backends) {
    LoggedIn<Backend> w;
    w.write([&](Tx& tx) { tx.accounts().add_token({.account = w.ann, .hash = hash_of(7)}); });
    BOOST_TEST(!w.holder(7).has_value());
    BOOST_TEST(!w.store->read()->accounts().token_holder(hash_of(0), w.clock.now()).has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_session_is_ended_once_and_told, Backend, Backends) {
    LoggedIn<Backend> w;
    w.add(w.ann, 1);
    BOOST_TEST(w.told.empty(), "a new session takes nothing from anybody");
    BOOST_TEST(w.end(0));
    BOOST_TEST(!w.end(0));
    BOOST_TEST(!w.holder(0).has_value());
    BOOST_TEST(w.holder(1).has_value());
    BOOST_TEST(w.told == std::vector<std::int64_t>{w.ann});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_51st_session_of_an_account_ends_its_oldest, Backend, Backends) {
    LoggedIn<Backend> w;
    w.add(w.bob, 100);
    for (int i = 1; i < 50; ++i) w.add(w.ann, i);
    BOOST_TEST(w.holder(0).has_value());
    BOOST_TEST(w.told.empty());
    w.add(w.ann, 50);
    BOOST_TEST(!w.holder(0).has_value());
    BOOST_TEST(w.holder(1).has_value());
    BOOST_TEST(w.holder(50).has_value());
    BOOST_TEST(w.holder(100).has_value(), "another's");
    BOOST_TEST(w.told == std::vector<std::int64_t>{w.ann});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sessions_end_with_the_password_and_the_account_and_not_with_other_changes, Backend,
                              Backends) {
    LoggedIn<Backend> w;
    const auto survives = [&](const AccountChange& change) {
        w.add(w.bob, 1);
        w.told.clear();
        w.change(w.bob, change);
        BOOST_TEST(w.told == std::vector<std::int64_t>{w.bob});
        const bool there = w.end(1);
        BOOST_TEST(w.holder(0).has_value(), "another's");
        return there;
    };
    BOOST_TEST(survives({.name = "rob"}));
    BOOST_TEST(survives({.groups = {{kViewers}}}));
    BOOST_TEST(!survives({.password = {{"q"}}}));
    BOOST_TEST(!survives({.password = {std::optional<std::string>()}}));
    BOOST_TEST(!survives({.active = false}));
    w.add(w.bob, 2);
    BOOST_TEST(!w.holder(2).has_value(), "of who is not active");
    w.write([&](Tx& tx) { tx.accounts().remove(w.bob); });
    BOOST_TEST(!w.end(2));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_same_password_under_another_hash_ends_no_session, Backend, Backends) {
    LoggedIn<Backend> w;
    w.write([&](Tx& tx) { tx.accounts().replace_password(w.ann, "p", "another hash of p"); });
    BOOST_TEST(w.holder(0).has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_session_of_nobody_is_refused, Backend, Backends) {
    LoggedIn<Backend> w;
    const auto is_missing = [](const Refused& refused) { return refused.why == Refused::Why::missing; };
    BOOST_CHECK_EXCEPTION(w.add(99, 1), Refused, is_missing);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_has_ended_is_pruned_and_nothing_else, Backend, Backends) {
    LoggedIn<Backend> w;
    w.add(w.bob, 1, kSecond);
    w.add(w.bob, 2, 2 * kSecond);
    const auto prune = [&] {
        std::int64_t rows = 0;
        for (Pruned out{0, true}; out.more; rows += out.rows) out = w.store->prune({});
        return rows;
    };
    BOOST_TEST(prune() == 0);
    w.clock.advance(kSecond);
    BOOST_TEST(prune() == 1);
    BOOST_TEST(!w.end(1));
    BOOST_TEST(w.end(2));
    BOOST_TEST(w.end(0));
}

BOOST_AUTO_TEST_SUITE_END()
