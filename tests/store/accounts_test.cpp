// Users, groups and tokens in any store.
#include "world.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

template <class Backend>
struct People : On<Backend> {
    std::int64_t add(const NewAccount& account) {
        std::int64_t id = 0;
        this->write([&](Tx& tx) { id = tx.accounts().add(account); });
        return id;
    }
    std::int64_t add_group(const std::string& name, Role role) {
        std::int64_t id = 0;
        this->write([&](Tx& tx) { id = tx.accounts().add_group(name, role); });
        return id;
    }
    std::int64_t add_token(const NewToken& token) {
        std::int64_t id = 0;
        this->write([&](Tx& tx) { id = tx.accounts().add_token(token); });
        return id;
    }
    void change(std::int64_t id, const AccountChange& change) {
        this->write([&](Tx& tx) { tx.accounts().change(id, change); });
    }
    void remove(std::int64_t id) {
        this->write([&](Tx& tx) { tx.accounts().remove(id); });
    }
    std::optional<Refused::Why> refusal(const std::function<void(Accounts&)>& act) {
        try {
            this->write([&](Tx& tx) { act(tx.accounts()); });
        } catch (const Refused& refused) {
            return refused.why;
        }
        return std::nullopt;
    }
    std::unique_ptr<Snapshot> seen() { return this->store->read(); }
    Role role_of(std::int64_t id) { return seen()->accounts().account(id)->role; }
    std::optional<Principal> holder(const std::string& hash) {
        return seen()->accounts().token_holder(hash, this->clock.now());
    }
};

const std::string kHash(32, '\x80'), kOther(32, '\0');

}  // namespace

BOOST_AUTO_TEST_SUITE(accounts)

BOOST_AUTO_TEST_CASE_TEMPLATE(an_account_is_read_back_as_it_was_written, Backend, Backends) {
    People<Backend> w;
    const auto id =
        w.add({.name = "ann", .email = "ann@example.org", .password = "hash", .groups = {kAdmins, kViewers}});
    const auto seen = w.seen();
    const auto account = seen->accounts().account_named("ann");
    BOOST_REQUIRE(account.has_value());
    BOOST_TEST(account->id == id);
    BOOST_TEST(account->email.value() == "ann@example.org");
    BOOST_TEST(account->active);
    BOOST_TEST(account->has_password);
    BOOST_TEST(account->created == w.clock.now());
    BOOST_TEST((account->role == Role::admin));
    BOOST_TEST((account->groups == std::vector<GroupRef>{{kViewers, "Viewers"}, {kAdmins, "Admins"}}));
    BOOST_TEST(seen->accounts().account(id)->name == "ann");
    BOOST_TEST(!seen->accounts().account(id + 1).has_value());
    BOOST_TEST(!seen->accounts().account_named("Ann").has_value());
    BOOST_TEST(seen->accounts().account_with_email("ann@example.org")->id == id);
    BOOST_TEST(!seen->accounts().account_with_email("ann").has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_role_is_the_strongest_of_the_groups_and_operator_in_none, Backend, Backends) {
    People<Backend> w;
    const auto id = w.add({.name = "ann"});
    BOOST_TEST((w.role_of(id) == Role::operator_));
    w.change(id, {.groups = {{kViewers}}});
    BOOST_TEST((w.role_of(id) == Role::viewer));
    w.change(id, {.groups = {{kViewers, kOperators, kOperators}}});
    BOOST_TEST((w.role_of(id) == Role::operator_));
    w.change(id, {.groups = {{}}});
    BOOST_TEST((w.role_of(id) == Role::operator_));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ids_are_small_and_never_come_again, Backend, Backends) {
    People<Backend> w;
    const auto ann = w.add({.name = "ann"});
    BOOST_TEST(ann == 1);
    const auto bob = w.add({.name = "bob"});
    const auto group = w.add_group("Night", Role::viewer);
    BOOST_TEST(group == 4);
    const auto token = w.add_token({.account = bob, .hash = kHash});
    w.write([&](Tx& tx) { tx.accounts().remove_group(group); });
    w.remove(bob);
    w.reopen();
    BOOST_TEST(w.add({.name = "bob"}) > bob);
    BOOST_TEST(w.add_group("Night", Role::viewer) > group);
    BOOST_TEST(w.add_token({.account = ann, .hash = kHash}) > token);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(names_and_emails_are_unique_and_unknown_ids_are_refused, Backend, Backends) {
    People<Backend> w;
    const auto ann = w.add({.name = "ann", .email = "ann@example.org"});
    const auto bob = w.add({.name = "bob"});
    using Why = Refused::Why;
    BOOST_TEST((w.refusal([](Accounts& a) { a.add({.name = "ann"}); }) == Why::conflict));
    BOOST_TEST((w.refusal([](Accounts& a) { a.add({.name = "x", .email = "ann@example.org"}); }) == Why::conflict));
    BOOST_TEST((w.refusal([&](Accounts& a) { a.change(bob, {.name = "ann"}); }) == Why::conflict));
    BOOST_TEST((w.refusal([&](Accounts& a) { a.change(bob, {.email = {{"ann@example.org"}}}); }) == Why::conflict));
    BOOST_TEST((w.refusal([&](Accounts& a) { a.change(bob, {.groups = {{99}}}); }) == Why::missing));
    BOOST_TEST((w.refusal([](Accounts& a) { a.add({.name = "x", .groups = {99}}); }) == Why::missing));
    BOOST_TEST((w.refusal([](Accounts& a) { a.change(99, {.name = "x"}); }) == Why::missing));
    BOOST_TEST((w.refusal([](Accounts& a) { a.remove(99); }) == Why::missing));
    BOOST_TEST(!w.refusal([&](Accounts& a) { a.change(ann, {.name = "ann", .email = {{"ann@example.org"}}}); }));
    BOOST_TEST(!w.refusal([&](Accounts& a) { a.change(ann, {.email = {std::optional<std::string>()}}); }));
    BOOST_TEST(!w.seen()->accounts().account(ann)->email.has_value());
    BOOST_TEST(w.seen()->accounts().accounts(10, 0).items.size() == 2U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_token_makes_its_account_a_principal_while_it_is_valid, Backend, Backends) {
    People<Backend> w;
    const auto ann = w.add({.name = "ann", .groups = {kAdmins}});
    const Micros end = w.clock.now() + 10 * kSecond;
    const auto token =
        w.add_token({.account = ann, .hash = kHash, .name = "ci", .scope = Scope::write, .expires = end});
    w.add_token({.account = ann, .hash = kOther});
    const auto holder = w.holder(kHash);
    BOOST_REQUIRE(holder.has_value());
    BOOST_TEST(holder->token.value() == token);
    BOOST_TEST(holder->account == ann);
    BOOST_TEST(holder->name == "ann");
    BOOST_TEST((holder->role == Role::admin));
    BOOST_TEST((holder->scope == Scope::write));
    BOOST_TEST(holder->expires.value() == end);
    BOOST_TEST((w.holder(kOther)->scope == Scope::read));
    BOOST_TEST(!w.holder(std::string(32, 'x')).has_value());
    w.change(ann, {.active = false});
    BOOST_TEST(!w.holder(kHash).has_value());
    w.change(ann, {.active = true});
    BOOST_TEST(w.holder(kHash).has_value());
    w.clock.advance(10 * kSecond);
    BOOST_TEST(!w.holder(kHash).has_value());
    BOOST_TEST(w.holder(kOther).has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(tokens_are_listed_removed_and_go_with_their_account, Backend, Backends) {
    People<Backend> w;
    const auto ann = w.add({.name = "ann"}), bob = w.add({.name = "bob"});
    const auto one = w.add_token({.account = ann, .hash = kHash, .name = "one"});
    w.add_token({.account = bob, .hash = std::string(32, 'b'), .name = "two"});
    w.add_token({.account = ann, .hash = kOther, .name = "three"});
    const auto names = [&](const TokenFilter& filter) {
        std::string text;
        for (const Token& token : w.seen()->accounts().tokens(filter).items) text += token.name + " ";
        return text;
    };
    BOOST_TEST(names({}) == "one two three ");
    BOOST_TEST(names({.account = ann}) == "one three ");
    BOOST_TEST(names({.account = ann, .after = one}) == "three ");
    BOOST_TEST(w.seen()->accounts().tokens({.limit = 2}).next.has_value());
    BOOST_TEST(w.seen()->accounts().token(one)->account_name == "ann");
    using Why = Refused::Why;
    BOOST_TEST((w.refusal([&](Accounts& a) { a.add_token({.account = ann, .hash = kHash}); }) == Why::conflict));
    BOOST_TEST((w.refusal([](Accounts& a) { a.add_token({.account = 99, .hash = "x"}); }) == Why::missing));
    BOOST_TEST((w.refusal([](Accounts& a) { a.remove_token(99); }) == Why::missing));
    w.write([&](Tx& tx) { tx.accounts().remove_token(one); });
    BOOST_TEST(!w.holder(kHash).has_value());
    w.remove(ann);
    BOOST_TEST(names({}) == "two ");
    BOOST_TEST(!w.holder(kOther).has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(tokens_are_found_by_what_made_them_and_by_whether_they_live, Backend, Backends) {
    People<Backend> w;
    const auto ann = w.add({.name = "ann"}), bob = w.add({.name = "bob"});
    const Micros end = w.clock.now() + 10 * kSecond;
    const auto first = w.add_token({.account = ann, .hash = kHash, .expires = end});
    const auto second = w.add_token({.account = bob, .hash = kOther, .made_by = first});
    w.add_token({.account = ann, .hash = std::string(32, 'c'), .made_by = second});
    const auto made = w.seen()->accounts().tokens_made_by(first);
    BOOST_REQUIRE(made.size() == 1U);
    BOOST_TEST(made.front().id == second);
    BOOST_TEST(made.front().made_by.value() == first);
    BOOST_TEST(!w.seen()->accounts().token(first)->made_by.has_value());
    const auto live = [&](Micros at) {
        return w.seen()->accounts().tokens({.account = ann, .live_at = at}).items.size();
    };
    BOOST_TEST(live(end - 1) == 2U);
    BOOST_TEST(live(end) == 1U);
    BOOST_TEST(w.seen()->accounts().tokens({.live_at = end}).items.size() == 2U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_last_use_of_a_token_never_goes_back, Backend, Backends) {
    People<Backend> w;
    const auto ann = w.add({.name = "ann"});
    const auto token = w.add_token({.account = ann, .hash = kHash});
    BOOST_TEST(!w.seen()->accounts().token(token)->used.has_value());
    w.write([&](Tx& tx) { tx.accounts().mark_used({{token, 120 * kSecond}, {99, 5}}); });
    w.write([&](Tx& tx) { tx.accounts().mark_used({{token, 60 * kSecond}}); });
    BOOST_TEST(w.seen()->accounts().token(token)->used.value() == 120 * kSecond);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(groups_are_counted_changed_and_kept_while_they_have_members, Backend, Backends) {
    People<Backend> w;
    const auto night = w.add_group("Night", Role::viewer);
    const auto ann = w.add({.name = "ann", .groups = {night}});
    BOOST_TEST(w.seen()->accounts().group(night)->members == 1);
    BOOST_TEST((w.role_of(ann) == Role::viewer));
    w.write([&](Tx& tx) { tx.accounts().change_group(night, {.name = "Day", .role = Role::admin}); });
    BOOST_TEST((w.role_of(ann) == Role::admin));
    BOOST_TEST(w.seen()->accounts().group_named("Day")->id == night);
    using Why = Refused::Why;
    BOOST_TEST((w.refusal([&](Accounts& a) { a.remove_group(night); }) == Why::conflict));
    BOOST_TEST((w.refusal([](Accounts& a) { a.add_group("Day", Role::viewer); }) == Why::conflict));
    BOOST_TEST((w.refusal([&](Accounts& a) { a.change_group(night, {.name = "Admins"}); }) == Why::conflict));
    BOOST_TEST((w.refusal([](Accounts& a) { a.change_group(99, {}); }) == Why::missing));
    BOOST_TEST((w.refusal([](Accounts& a) { a.remove_group(99); }) == Why::missing));
    w.remove(ann);
    w.write([&](Tx& tx) { tx.accounts().remove_group(night); });
    const auto page = w.seen()->accounts().groups(2, 0);
    BOOST_TEST(page.items.at(1).name == "Operators");
    BOOST_TEST(w.seen()->accounts().groups(2, page.next.value()).items.at(0).name == "Admins");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_active_admin_is_seen_through_any_group, Backend, Backends) {
    People<Backend> w;
    const auto has_admin = [&] { return w.seen()->accounts().has_active_admin(); };
    BOOST_TEST(!has_admin());
    const auto chiefs = w.add_group("Chiefs", Role::admin);
    const auto ann = w.add({.name = "ann", .groups = {chiefs}});
    BOOST_TEST(has_admin());
    w.change(ann, {.active = false});
    BOOST_TEST(!has_admin());
    w.change(ann, {.active = true, .groups = {{kViewers}}});
    BOOST_TEST(!has_admin());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_password_is_found_by_name_and_rehashed_only_as_it_was, Backend, Backends) {
    People<Backend> w;
    const auto ann = w.add({.name = "ann", .active = false, .password = "old"});
    w.add({.name = "bob"});
    BOOST_TEST(w.seen()->accounts().password_holder("ann")->password.value() == "old");
    BOOST_TEST(!w.seen()->accounts().password_holder("ann")->account.active);
    BOOST_TEST(!w.seen()->accounts().password_holder("bob")->password.has_value());
    BOOST_TEST(!w.seen()->accounts().password_holder("vic").has_value());
    w.write([&](Tx& tx) {
        BOOST_TEST(!tx.accounts().replace_password(ann, "other", "new"));
        BOOST_TEST(tx.accounts().replace_password(ann, "old", "new"));
    });
    BOOST_TEST(w.seen()->accounts().password_holder("ann")->password.value() == "new");
    w.change(ann, {.password = {std::optional<std::string>()}});
    BOOST_TEST(!w.seen()->accounts().account(ann)->has_password);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(whatever_may_change_somebodys_power_is_told_after_the_commit, Backend, Backends) {
    People<Backend> w;
    std::vector<std::int64_t> told;
    w.store->subscribe([&](const Event& event) {
        if (event.kind == Event::Kind::accounts_changed) told.push_back(event.ref);
    });
    const auto ann = w.add({.name = "ann", .password = "p"});
    const auto token = w.add_token({.account = ann, .hash = kHash});
    BOOST_TEST(told.size() == 2U);
    w.write([&](Tx& tx) { tx.accounts().mark_used({{token, 1}}); });
    w.write([&](Tx& tx) { tx.accounts().replace_password(ann, "p", "q"); });
    BOOST_TEST(told.size() == 2U);
    w.write([&](Tx& tx) { tx.accounts().remove_token(token); });
    w.change(ann, {.groups = {{kAdmins}}});
    w.remove(ann);
    BOOST_TEST((told == std::vector<std::int64_t>{ann, ann, ann, ann, ann}));
    w.write([&](Tx& tx) { tx.accounts().change_group(tx.accounts().add_group("g", Role::viewer), {}); });
    BOOST_TEST(told.size() == 6U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_audit_is_read_by_time_kind_and_size, Backend, Backends) {
    On<Backend> w;
    const Micros start = w.clock.now();
    for (const char* kind : {"job", "user", "job", "token", "group", "scheduler"}) {
        w.write([&](Tx& tx) { tx.audit({.kind = kind, .before = std::string(100, 'x')}); });
        w.clock.advance(kSecond);
    }
    const auto kinds = [&](const AuditFilter& filter) {
        std::string text;
        for (const auto& entry : w.store->read()->audit(filter).items) text += entry.kind.front();
        return text;
    };
    BOOST_TEST(kinds({}) == "sgtjuj");
    BOOST_TEST(kinds({.of_accounts = false}) == "sjj");
    BOOST_TEST(kinds({.from = start + kSecond, .until = start + 3 * kSecond}) == "tju");
    BOOST_TEST(kinds({.until = start}) == "j");
    AuditFilter filter{.max_bytes = 150};
    auto page = w.store->read()->audit(filter);
    BOOST_TEST(page.items.size() == 2U);
    filter.before = page.next;
    BOOST_TEST(kinds(filter) == "tj");
    BOOST_TEST(kinds({.max_bytes = 0}) == "s");
}

BOOST_AUTO_TEST_SUITE_END()
