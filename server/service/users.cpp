#include "service/users.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "service/account_unit.hpp"
#include "service/hook_unit.hpp"
#include "service/names.hpp"
#include "service/privileged_jobs.hpp"
#include "service/token_unit.hpp"
#include "service/unit.hpp"

#include <stdexcept>

namespace foliot::service {
namespace {

constexpr std::size_t kMostGroups = 64;

std::int64_t id_of(store::Tx& tx, const GroupName& name) {
    if (const auto* text = std::get_if<std::string>(&name)) {
        if (const auto group = tx.accounts().group_named(*text)) return group->id;
        throw invalid_field("groups", "there is no group named '" + *text + "'");
    }
    const std::int64_t id = std::get<std::int64_t>(name);
    if (!tx.accounts().group(id)) throw invalid_field("groups", "there is no group " + std::to_string(id));
    return id;
}

std::vector<std::int64_t> ids_of(store::Tx& tx, const std::vector<GroupName>& names) {
    if (names.size() > kMostGroups) throw invalid_field("groups", "has more than 64");
    std::vector<std::int64_t> ids;
    ids.reserve(names.size());
    for (const GroupName& name : names) ids.push_back(id_of(tx, name));
    return ids;
}

/// What can be said without looking at the store.
void check(const UserEdit& edit) {
    if (edit.name) check_user_name(*edit.name);
    if (edit.email && *edit.email) check_email(**edit.email);
    if (edit.password && *edit.password) check_password("password", **edit.password);
}

std::string password_word(const Account& account) { return account.has_password ? "set" : "none"; }

std::string difference(const Account& before, const Account& after, bool other_password) {
    Difference difference;
    difference.field("name", json::quote(before.name), json::quote(after.name));
    difference.field("email", shown_text(before.email), shown_text(after.email));
    difference.field("active", before.active ? "true" : "false", after.active ? "true" : "false");
    difference.field("groups", shown_groups(before), shown_groups(after));
    const bool still_one = before.has_password && after.has_password;
    difference.field("password", password_word(before), other_password && still_one ? "changed" : password_word(after));
    return difference.text();
}

/// Changes the account and tells the audit; no change leaves no entry.
Account apply(store::Tx& tx, const Caller& caller, std::int64_t id, const store::AccountChange& change) {
    const Account before = find_account(tx, id);
    keep_an_admin(tx, [&] { tx.accounts().change(id, change); });
    Account after = find_account(tx, id);
    if (before.role == Role::admin && after.role != Role::admin) doubt_privileged_jobs(tx);
    const std::string text = difference(before, after, change.password && *change.password);
    if (!text.empty()) audit(tx, caller, {"user", id, after.name, "modified", "", text});
    return after;
}

/// Nobody is behind the caller when auth.enabled is off.
std::int64_t own_account(const Caller& caller) {
    if (caller.who.account != kAnybody) return caller.who.account;
    throw RequestError(Problem::not_found, "There is no user behind this request: auth.enabled is off");
}

}  // namespace

store::Page<Account> Users::list(const Caller& caller, std::size_t limit, std::int64_t after) {
    require(caller, Power::inspect, "read users");
    store::Page<Account> page;
    read(store_, [&](store::Snapshot& seen) { page = seen.accounts().accounts(limit, after); });
    return page;
}

Account Users::get(const Caller& caller, std::int64_t id) {
    require(caller, Power::inspect, "read users");
    std::optional<Account> account;
    read(store_, [&](store::Snapshot& seen) { account = seen.accounts().account(id); });
    if (!account) throw not_found("User", id);
    return *std::move(account);
}

Account Users::me(const Caller& caller) {
    require(caller, Power::read, "read its account");
    const std::int64_t id = own_account(caller);
    std::optional<Account> account;
    read(store_, [&](store::Snapshot& seen) { account = seen.accounts().account(id); });
    if (!account) throw not_found("User", id);
    return *std::move(account);
}

Account Users::add(const Caller& caller, const UserEdit& user) {
    require_for_change(caller, Power::admin, "add users");
    if (!user.name) throw RequestError(Problem::invalid, "missing required field 'name'", "name");
    check(user);
    store::NewAccount account{.name = *user.name, .active = user.active.value_or(true)};
    if (user.email) account.email = *user.email;
    if (user.password && *user.password) account.password = passwords_.hash(**user.password);
    Account made;
    write(store_, [&](store::Tx& tx) {
        account.groups = ids_of(tx, user.groups.value_or(std::vector<GroupName>{}));
        made = find_account(tx, tx.accounts().add(account));
        audit(tx, caller, {"user", made.id, made.name, "added", "", shown(made)});
    });
    return made;
}

Account Users::edit(const Caller& caller, std::int64_t id, const UserEdit& edit) {
    require_for_change(caller, Power::admin, "change users");
    return change(caller, id, edit);
}

Account Users::change(const Caller& caller, std::int64_t id, const UserEdit& edit) {
    check(edit);
    store::AccountChange change{.name = edit.name, .email = edit.email, .active = edit.active};
    if (edit.password) {
        change.password.emplace();
        if (*edit.password) *change.password = passwords_.hash(**edit.password);
    }
    Account after;
    write(store_, [&](store::Tx& tx) {
        find_account(tx, id);  // before its groups
        if (edit.groups) change.groups = ids_of(tx, *edit.groups);
        after = apply(tx, caller, id, change);
    });
    return after;
}

Account Users::edit_me(const Caller& caller, const OwnEdit& edit) {
    require_for_change(caller, Power::self, "change its account");
    Account account = me(caller);
    if (!edit.password) {
        if (edit.current_password) throw invalid_field("current_password", "says nothing without 'password'");
        return account;
    }
    check_password("password", *edit.password);
    if (account.has_password) {
        prove(account, edit.current_password);
    } else if (caller.who.scope < Scope::admin) {
        throw RequestError(Problem::forbidden, "field 'password': a first one needs credentials of scope 'admin'",
                           "password");
    }
    const bool proven_by_password = account.has_password && !caller.who.token;  // a session ends, a password does not
    if (caller.who.expires && !proven_by_password) {
        throw RequestError(Problem::forbidden,
                           "field 'password': it has no end, so it cannot be set with credentials that end, at " +
                               iso_time(*caller.who.expires),
                           "password");
    }
    return change(caller, account.id, {.password = {edit.password}});
}

void Users::prove(const Account& account, const std::optional<std::string>& password) {
    if (!password) {
        throw RequestError(Problem::invalid, "missing required field 'current_password'", "current_password");
    }
    if (!credentials_.proves(account.name, *password)) {
        throw invalid_field("current_password", "is not the user's password");
    }
}

void Users::remove(const Caller& caller, std::int64_t id) {
    require_for_change(caller, Power::admin, "delete users");
    write(store_, [&](store::Tx& tx) {
        const Account account = find_account(tx, id);
        revoke_all(tx, caller, id);
        remove_hooks_of(tx, caller, id);
        keep_an_admin(tx, [&] { tx.accounts().remove(id); });
        if (account.role == Role::admin) doubt_privileged_jobs(tx);
        audit(tx, caller, {"user", id, account.name, "deleted", shown(account)});
    });
}

void set_password(store::Store& store, const std::string& name, const std::string& password) {
    check_password("password", password);
    const std::string hash = Passwords().hash(password);
    const Principal system{0, "system", Role::admin, Scope::admin};
    write(store, [&](store::Tx& tx) {
        const auto account = tx.accounts().account_named(name);
        if (!account) throw std::runtime_error("there is no user '" + name + "'");
        apply(tx, {system, "system"}, account->id, {.password = {{hash}}});
    });
}

}  // namespace foliot::service
