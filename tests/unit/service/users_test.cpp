// Users and groups: who may, what is refused, what the audit says.
#include "unit/service/people.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;
using service::GroupName;
using service::UserEdit;

namespace {

struct Managed : People {
    const Principal admin = principal(root_user), olga_now = principal(olga_user), vera_now = principal(vera_user);

    Account add(const UserEdit& user) { return users.add(as(admin), user); }
    Account edit(std::int64_t id, const UserEdit& change) { return users.edit(as(admin), id, change); }
    Principal scoped(const Principal& who_is, Scope scope) const {
        Principal other = who_is;
        other.scope = scope;
        return other;
    }
};

const auto kForbidden = refused(Problem::forbidden);
const auto kConflict = refused(Problem::conflict);
const auto kMissing = refused(Problem::not_found);

}  // namespace

BOOST_FIXTURE_TEST_SUITE(managing_users, Managed)

BOOST_AUTO_TEST_CASE(a_user_is_added_changed_and_deleted_with_an_entry_each) {
    const Account ann = add({.name = "ann",
                             .email = {{"ann@example.org"}},
                             .password = {{"correct horse"}},
                             .groups = {{GroupName("Viewers"), GroupName(kOperators)}}});
    BOOST_TEST((ann.role == Role::operator_));
    BOOST_TEST(ann.has_password);
    BOOST_TEST(last_audit() == "root added user " + std::to_string(ann.id) + " ann");
    BOOST_TEST(audit().front().after == R"({"name":"ann","email":"ann@example.org","active":true,)"
                                        R"("groups":["Viewers","Operators"],"has_password":true})");
    const Account anna = edit(ann.id, {.name = "anna",
                                       .email = {std::optional<std::string>()},
                                       .active = false,
                                       .password = {{"another one"}},
                                       .groups = {std::vector<GroupName>{}}});
    BOOST_TEST(anna.groups.empty());
    BOOST_TEST(audit().front().after ==
               "name: \"ann\" -> \"anna\"\nemail: \"ann@example.org\" -> null\n"
               "active: true -> false\ngroups: [\"Viewers\",\"Operators\"] -> []\n"
               "password: set -> changed");
    users.remove(as(admin), ann.id);
    BOOST_TEST(last_audit() == "root deleted user " + std::to_string(ann.id) + " anna");
    BOOST_CHECK_EXCEPTION(users.get(as(admin), ann.id), RequestError, kMissing);
    BOOST_CHECK_EXCEPTION(users.remove(as(admin), ann.id), RequestError, kMissing);
    BOOST_CHECK_EXCEPTION(edit(ann.id, {}), RequestError, kMissing);
    const std::string bytes = stored_bytes(folder);
    BOOST_TEST(bytes.find("correct horse") == std::string::npos);
    BOOST_TEST(bytes.find("another one") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_change_that_changes_nothing_leaves_no_entry) {
    const auto before = audit().size();
    edit(olga_user.id, {});
    edit(olga_user.id, {.name = "olga", .active = true});
    BOOST_TEST(audit().size() == before);
}

BOOST_AUTO_TEST_CASE(only_admins_manage_and_only_with_that_scope) {
    for (const Principal& who_is : {olga_now, vera_now}) {
        BOOST_CHECK_EXCEPTION(users.list(as(who_is), 10, 0), RequestError, kForbidden);
        BOOST_CHECK_EXCEPTION(users.get(as(who_is), who_is.account), RequestError, kForbidden);
        BOOST_CHECK_EXCEPTION(users.edit(as(who_is), who_is.account, {}), RequestError, kForbidden);
        BOOST_CHECK_EXCEPTION(groups.list(as(who_is), 10, 0), RequestError, kForbidden);
    }
    const Principal reader = scoped(admin, Scope::write);
    BOOST_TEST(users.list(as(reader), 10, 0).items.size() == 3U);
    BOOST_TEST(groups.get(as(reader), kAdmins).members == 1);
    const std::vector<std::function<void(const service::Caller&)>> changes{
        [&](const auto& c) { users.add(c, {.name = "x"}); },
        [&](const auto& c) { users.edit(c, olga_user.id, {.name = "x"}); },
        [&](const auto& c) { users.remove(c, olga_user.id); },
        [&](const auto& c) {
            groups.add(c, {"x", Role::viewer});
        },
        [&](const auto& c) { groups.edit(c, kViewers, {}); },
        [&](const auto& c) { groups.remove(c, kViewers); },
    };
    for (const auto& change : changes) {
        for (const Principal& who_is : {reader, olga_now, vera_now}) {
            BOOST_CHECK_EXCEPTION(change(as(who_is)), RequestError, kForbidden);
        }
        const Principal nobody;
        BOOST_CHECK_EXCEPTION(change(as(nobody)), RequestError, refused(Problem::unauthenticated));
    }
}

BOOST_AUTO_TEST_CASE(bad_fields_are_refused_by_name) {
    const std::string longest(64, 'x');
    add({.name = longest});
    for (const std::string& bad :
         {std::string(), longest + "x", std::string("a:b"), std::string("a\nb"), std::string(" a"),
          std::string("a\u00a0"), std::string("system"), std::string("System"), std::string("ANONYMOUS"),
          std::string("ro\u200bot"), std::string("\u202etoor"), std::string("a\u0085b"), std::string("\xff")}) {
        BOOST_CHECK_EXCEPTION(add({.name = bad}), RequestError, refused(Problem::invalid, "name"));
    }
    for (const std::string& bad :
         {std::string(), std::string("x"), std::string("@x"), std::string("x@"), std::string("a b@c"),
          std::string("a@b@c"), std::string("a\u200b@c"), "a@" + std::string(260, 'x')}) {
        BOOST_CHECK_EXCEPTION(add({.name = "x", .email = {{bad}}}), RequestError, refused(Problem::invalid, "email"));
    }
    BOOST_CHECK_EXCEPTION(add({}), RequestError, refused(Problem::invalid, "name"));
    BOOST_CHECK_EXCEPTION(add({.name = "x", .password = {{"short"}}}), RequestError,
                          refused(Problem::invalid, "password"));
    BOOST_CHECK_EXCEPTION(add({.name = "x", .groups = {{GroupName("None")}}}), RequestError,
                          refused(Problem::invalid, "groups"));
    BOOST_CHECK_EXCEPTION(add({.name = "x", .groups = {{GroupName(99)}}}), RequestError,
                          refused(Problem::invalid, "groups"));
    BOOST_CHECK_EXCEPTION(add({.name = "olga"}), RequestError, kConflict);
    BOOST_TEST(users.list(as(admin), 10, 0).items.size() == 4U);
}

BOOST_AUTO_TEST_CASE(the_last_active_admin_stays) {
    BOOST_CHECK_EXCEPTION(users.remove(as(admin), root_user.id), RequestError, kConflict);
    BOOST_CHECK_EXCEPTION(edit(root_user.id, {.active = false}), RequestError, kConflict);
    BOOST_CHECK_EXCEPTION(edit(root_user.id, {.groups = {{GroupName(kOperators)}}}), RequestError, kConflict);
    const Group chiefs = groups.add(as(admin), {"Chiefs", Role::admin});
    edit(olga_user.id, {.groups = {{GroupName("Chiefs")}}});
    edit(root_user.id, {.groups = {{GroupName(kOperators)}}});
    const Principal chief = principal(olga_user);
    BOOST_CHECK_EXCEPTION(groups.edit(as(chief), chiefs.id, {{}, Role::operator_}), RequestError, kConflict);
    BOOST_CHECK_EXCEPTION(users.edit(as(chief), olga_user.id, {.active = false}), RequestError, kConflict);
    BOOST_TEST((principal(olga_user).role == Role::admin));
}

BOOST_AUTO_TEST_CASE(everybody_sees_and_keeps_his_own_account) {
    BOOST_TEST(users.me(as(vera_now)).name == "vera");
    BOOST_CHECK_EXCEPTION(users.edit_me(as(scoped(vera_now, Scope::run)), {}), RequestError, kForbidden);

    const auto other = [&](const Principal& who_is, const std::string& now, std::optional<std::string> before) {
        users.edit_me(as(who_is), {.password = now, .current_password = std::move(before)});
    };
    BOOST_CHECK_EXCEPTION(other(scoped(vera_now, Scope::write), "first one", {}), RequestError, kForbidden);
    other(vera_now, "first one", {});
    BOOST_TEST(last_audit() == "vera modified user " + std::to_string(vera_user.id) + " vera");
    BOOST_CHECK_EXCEPTION(other(vera_now, "second one", {}), RequestError,
                          refused(Problem::invalid, "current_password"));
    BOOST_CHECK_EXCEPTION(other(vera_now, "second one", "wrong one"), RequestError,
                          refused(Problem::invalid, "current_password"));
    BOOST_CHECK_EXCEPTION(other(vera_now, "short", "first one"), RequestError, refused(Problem::invalid, "password"));
    other(scoped(vera_now, Scope::write), "second one", "first one");
    BOOST_CHECK_EXCEPTION(other(vera_now, "third one", "first one"), RequestError, refused(Problem::invalid));
    BOOST_CHECK_EXCEPTION(users.edit_me(as(vera_now), {.current_password = "second one"}), RequestError,
                          refused(Problem::invalid, "current_password"));
}

BOOST_AUTO_TEST_CASE(credentials_that_end_set_no_password_that_does_not) {
    const auto made = tokens.add(as(vera_now), {"short", Scope::admin, clock.now() + 60 * kSecond});
    const Principal for_a_minute = who("Token " + made.secret).value();
    const auto set = [&](std::optional<std::string> before) {
        users.edit_me(as(for_a_minute), {.password = "here to stay", .current_password = std::move(before)});
    };
    BOOST_CHECK_EXCEPTION(set({}), RequestError, refused(Problem::forbidden, "password"));
    users.edit_me(as(vera_now), {.password = "first one"});
    BOOST_CHECK_EXCEPTION(set("first one"), RequestError, refused(Problem::forbidden, "password"));
    BOOST_TEST(!who("Basic dmVyYTpoZXJlIHRvIHN0YXk="));  // vera:here to stay
    BOOST_CHECK_NO_THROW(users.edit_me(as(for_a_minute), {}));
}

BOOST_AUTO_TEST_CASE(a_guess_of_the_current_password_is_throttled) {
    users.edit_me(as(vera_now), {.password = "first one"});
    const auto guess = [&] {
        users.edit_me(as(vera_now), {.password = "my own now", .current_password = "a bad guess"});
    };
    for (int i = 0; i < 20; ++i) BOOST_CHECK_EXCEPTION(guess(), RequestError, refused(Problem::invalid));
    BOOST_CHECK_EXCEPTION(guess(), RequestError, refused(Problem::throttled));
}

BOOST_AUTO_TEST_CASE(without_authentication_accounts_are_seen_and_not_changed) {
    const Principal anybody{kAnybody, "anonymous", Role::admin, Scope::admin};
    const auto caller = as(anybody);
    const auto before = audit().size();
    const std::vector<std::function<void()>> changes{
        [&] { users.add(caller, {.name = "x"}); },
        [&] { users.edit(caller, olga_user.id, {.password = {{"a new password"}}}); },
        [&] { users.edit_me(caller, {.password = "a new password"}); },
        [&] { users.remove(caller, olga_user.id); },
        [&] {
            groups.add(caller, {"x", Role::viewer});
        },
        [&] { groups.edit(caller, kViewers, {}); },
        [&] { groups.remove(caller, kViewers); },
        [&] {
            tokens.add(caller, {"x", Scope::read});
        },
        [&] {
            tokens.add(caller, {"x", Scope::read, {}, olga_user.id});
        },
        [&] { tokens.remove(caller, 1); },
        [&] { tokens.remove_all(caller, olga_user.id); },
    };
    for (const auto& change : changes) {
        BOOST_CHECK_EXCEPTION(change(), RequestError, [](const RequestError& error) {
            return error.problem() == Problem::forbidden &&
                   std::string(error.what()).find("needs auth.enabled = true") != std::string::npos;
        });
    }
    BOOST_TEST(audit().size() == before);
    BOOST_TEST(users.list(caller, 10, 0).items.size() == 3U);
    BOOST_TEST(tokens.list(caller, {.of = service::TokenQuery::Of::all}).items.size() == 3U);
    BOOST_TEST(tokens.list(caller, {}).items.empty());
    BOOST_CHECK_EXCEPTION(users.me(caller), RequestError, kMissing);
}

BOOST_AUTO_TEST_CASE(a_password_is_set_from_the_command_line_as_system) {
    service::set_password(*store, "vera", "from outside");
    BOOST_TEST(last_audit() == "system modified user " + std::to_string(vera_user.id) + " vera");
    BOOST_TEST(audit().front().after == "password: none -> set");
    BOOST_CHECK_THROW(service::set_password(*store, "nobody", "from outside"), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(managing_groups, Managed)

BOOST_AUTO_TEST_CASE(a_group_is_added_changed_and_deleted_with_an_entry_each) {
    const Group night = groups.add(as(admin), {"Night", Role::viewer});
    BOOST_TEST(audit().front().after == R"({"name":"Night","role":"viewer"})");
    edit(olga_user.id, {.groups = {{GroupName("Night")}}});
    BOOST_TEST((principal(olga_user).role == Role::viewer));
    BOOST_TEST(groups.edit(as(admin), night.id, {"Day", Role::admin}).members == 1);
    BOOST_TEST(audit().front().after == "name: \"Night\" -> \"Day\"\nrole: \"viewer\" -> \"admin\"");
    BOOST_TEST((principal(olga_user).role == Role::admin));
    BOOST_CHECK_EXCEPTION(groups.remove(as(admin), night.id), RequestError, kConflict);
    edit(olga_user.id, {.groups = {std::vector<GroupName>{}}});
    groups.remove(as(admin), night.id);
    BOOST_TEST(last_audit() == "root deleted group " + std::to_string(night.id) + " Day");
    BOOST_CHECK_EXCEPTION(groups.get(as(admin), night.id), RequestError, kMissing);
}

BOOST_AUTO_TEST_CASE(the_built_in_groups_stay_as_they_are) {
    for (const std::int64_t id : {kViewers, kOperators, kAdmins}) {
        BOOST_CHECK_EXCEPTION(groups.remove(as(admin), id), RequestError, kConflict);
        BOOST_CHECK_EXCEPTION(groups.edit(as(admin), id, {"Others", {}}), RequestError, kConflict);
        BOOST_CHECK_EXCEPTION(groups.edit(as(admin), id, {{}, Role::viewer}), RequestError, kConflict);
    }
    BOOST_CHECK_EXCEPTION(groups.add(as(admin), {"Viewers", Role::viewer}), RequestError, kConflict);
    BOOST_CHECK_EXCEPTION(groups.add(as(admin), {{}, Role::viewer}), RequestError, refused(Problem::invalid, "name"));
    BOOST_CHECK_EXCEPTION(groups.add(as(admin), {"x", {}}), RequestError, refused(Problem::invalid, "role"));
    BOOST_TEST(groups.list(as(admin), 10, 0).items.size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
