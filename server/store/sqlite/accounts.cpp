#include "store/sqlite/accounts.hpp"

namespace foliot::store::sqlite {
namespace {

#define FOLIOT_ACCOUNT_COLUMNS                                                                            \
    "a.id,a.name,a.email,a.active,a.password IS NOT NULL,a.created,"                                      \
    "coalesce((SELECT max(g.role) FROM member m JOIN role_group g ON g.id=m.grp WHERE m.account=a.id),1)" \
    ",a.password FROM account a"
constexpr int kPassword = 7;

/// All but the groups.
Account account_row(const Query& query) {
    return {.id = query.integer(0),
            .name = query.text(1),
            .email = query.maybe_text(2),
            .active = query.integer(3) != 0,
            .role = static_cast<Role>(query.integer(6)),
            .has_password = query.integer(4) != 0,
            .created = query.integer(5)};
}

std::optional<Account> one_account(Connection& db, Query query) {
    if (!query.next()) return std::nullopt;
    Account account = account_row(query);
    account.groups = groups_of(db, account.id);
    return account;
}

void refuse_taken_name(Connection& db, const std::string& name, std::int64_t but) {
    if (db.query("SELECT count(*) FROM account WHERE name=? AND id<>?").bind(name, but).number() == 0) return;
    throw Refused(Refused::Why::conflict, "an account named '" + name + "' exists already");
}

void refuse_taken_email(Connection& db, const std::optional<std::string>& email, std::int64_t but) {
    if (!email || db.query("SELECT count(*) FROM account WHERE email=? AND id<>?").bind(*email, but).number() == 0) {
        return;
    }
    throw Refused(Refused::Why::conflict, "an account with the email '" + *email + "' exists already");
}

Refused no_account(std::int64_t id) { return {Refused::Why::missing, "there is no account " + std::to_string(id)}; }

}  // namespace

std::optional<Account> find_account(Connection& db, std::int64_t id) {
    Query query = db.query("SELECT " FOLIOT_ACCOUNT_COLUMNS " WHERE a.id=?");
    query.bind(id);
    return one_account(db, std::move(query));
}

std::optional<Account> find_account(Connection& db, std::string_view name) {
    Query query = db.query("SELECT " FOLIOT_ACCOUNT_COLUMNS " WHERE a.name=?");
    query.bind(name);
    return one_account(db, std::move(query));
}

std::optional<Account> find_account_with_email(Connection& db, std::string_view email) {
    Query query = db.query("SELECT " FOLIOT_ACCOUNT_COLUMNS " WHERE a.email=?");
    query.bind(email);
    return one_account(db, std::move(query));
}

Page<Account> page_of_accounts(Connection& db, std::size_t limit, std::int64_t after) {
    Page<Account> page;
    {
        Query query = db.query("SELECT " FOLIOT_ACCOUNT_COLUMNS " WHERE a.id>? ORDER BY a.id LIMIT ?");
        query.bind(after, limit + 1);
        while (query.next()) {
            if (page.items.size() == limit) {
                page.next = page.items.empty() ? after : page.items.back().id;
                break;
            }
            page.items.push_back(account_row(query));
        }
    }
    for (Account& account : page.items) account.groups = groups_of(db, account.id);
    return page;
}

bool has_active_admin(Connection& db) {
    return db.query(
                 "SELECT EXISTS(SELECT 1 FROM role_group g JOIN member m ON m.grp=g.id JOIN account a ON a.id=m.account"
                 " WHERE g.role=? AND a.active=1)")
               .bind(Role::admin)
               .number() != 0;
}

std::optional<PasswordHolder> find_password(Connection& db, std::string_view name) {
    Query query = db.query("SELECT " FOLIOT_ACCOUNT_COLUMNS " WHERE a.name=?");
    if (!query.bind(name).next()) return std::nullopt;
    return PasswordHolder{account_row(query), query.maybe_text(kPassword)};
}

std::int64_t add_account(Work& work, const NewAccount& account) {
    refuse_taken_name(work.db, account.name, 0);
    refuse_taken_email(work.db, account.email, 0);
    const std::int64_t id =
        work.db.query("INSERT INTO account(name,email,password,active,created) VALUES(?,?,?,?,?) RETURNING id")
            .bind(account.name, account.email, account.password, account.active, work.now)
            .number();
    put_into_groups(work, id, account.groups);
    work.tell(Event::Kind::accounts_changed, id);
    return id;
}

void change_account(Work& work, std::int64_t id, const AccountChange& change) {
    Connection& db = work.db;
    if (change.name) {
        refuse_taken_name(db, *change.name, id);
        db.query("UPDATE account SET name=? WHERE id=?").bind(*change.name, id).run();
    }
    if (change.email) {
        refuse_taken_email(db, *change.email, id);
        db.query("UPDATE account SET email=? WHERE id=?").bind(*change.email, id).run();
    }
    if (change.active) db.query("UPDATE account SET active=? WHERE id=?").bind(*change.active, id).run();
    if (change.password) db.query("UPDATE account SET password=? WHERE id=?").bind(*change.password, id).run();
    if (change.password || change.active == false) end_sessions(work, id);
    if (!find_account(db, id)) throw no_account(id);
    if (change.groups) put_into_groups(work, id, *change.groups);
    work.tell(Event::Kind::accounts_changed, id);
}

void remove_account(Work& work, std::int64_t id) {
    work.db.query("DELETE FROM token WHERE account=?").bind(id).run();
    work.db.query("DELETE FROM member WHERE account=?").bind(id).run();
    end_sessions(work, id);
    if (work.db.query("DELETE FROM account WHERE id=?").bind(id).run() == 0) throw no_account(id);
    work.tell(Event::Kind::accounts_changed, id);
}

bool replace_password(Work& work, std::int64_t id, std::string_view old, std::string_view fresh) {
    return work.db.query("UPDATE account SET password=? WHERE id=? AND password=?").bind(fresh, id, old).run() == 1;
}

}  // namespace foliot::store::sqlite
