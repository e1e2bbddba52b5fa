#include "store/sqlite/accounts.hpp"

namespace foliot::store::sqlite {
namespace {
// The strongest of the account's groups; Operator in none.
#define FOLIOT_ROLE \
    "coalesce((SELECT max(g.role) FROM member m JOIN role_group g ON g.id=m.grp WHERE m.account=a.id),1)"
}  // namespace

std::int64_t add_account(Work& work, const Account& account) {
    if (find_account(work.db, account.name)) {
        throw Refused(Refused::Why::conflict, "an account named '" + account.name + "' exists already");
    }
    const std::int64_t id = work.ids.next();
    work.db.query("INSERT INTO account(id,name,active) VALUES(?,?,1)").bind(id, account.name).run();
    work.db.query("INSERT INTO member(account,grp) SELECT ?,min(id) FROM role_group WHERE role=?")
        .bind(id, account.role)
        .run();
    work.tell(Event::Kind::accounts_changed, id);
    return id;
}

std::int64_t add_token(Work& work, const TokenRecord& token) {
    const std::int64_t id = work.ids.next();
    try {
        work.db.query("INSERT INTO token(id,account,hash,name,scopes,expires) VALUES(?,?,?,?,?,?)")
            .bind(id, token.account, Blob{token.hash}, token.name, token.scope, token.expires)
            .run();
    } catch (const SqlError& error) {
        if (!error.is_constraint()) throw;
        throw Refused(Refused::Why::conflict, "this token exists already");
    }
    work.tell(Event::Kind::accounts_changed, token.account);
    return id;
}

std::optional<Account> find_account(Connection& db, std::string_view name) {
    Query query = db.query("SELECT a.id,a.name," FOLIOT_ROLE " FROM account a WHERE a.name=?");
    if (!query.bind(name).next()) return std::nullopt;
    return Account{query.integer(0), query.text(1), static_cast<Role>(query.integer(2))};
}

std::optional<Principal> principal_of_token(Connection& db, std::string_view token_hash, Micros now) {
    Query query = db.query("SELECT a.id,a.name," FOLIOT_ROLE
                           ",t.scopes FROM token t JOIN account a ON a.id=t.account"
                           " WHERE t.hash=? AND a.active=1 AND (t.expires IS NULL OR t.expires>?)");
    if (!query.bind(Blob{token_hash}, now).next()) return std::nullopt;
    return Principal{query.integer(0), query.text(1), static_cast<Role>(query.integer(2)),
                     static_cast<Scope>(query.integer(3))};
}

}  // namespace foliot::store::sqlite
