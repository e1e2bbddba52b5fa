#include "store/sqlite/accounts.hpp"

namespace foliot::store::sqlite {
namespace {

/// A script that logs in for each request must not fill the table.
constexpr std::int64_t kMostOfAccount = 50;

}  // namespace

std::optional<Principal> find_session_holder(Connection& db, std::string_view hash, Micros now) {
    Query query = db.query("SELECT a.id,a.name," FOLIOT_ROLE_OF_ACCOUNT
                           ",s.expires FROM session s JOIN account a ON a.id=s.account"
                           " WHERE s.hash=? AND a.active=1 AND s.expires>?");
    if (!query.bind(Blob{hash}, now).next()) return std::nullopt;
    return Principal{query.integer(0), query.text(1), static_cast<Role>(query.integer(2)), Scope::admin,
                     query.maybe(3)};
}

void add_session(Work& work, const NewSession& session) {
    if (!find_account(work.db, session.account)) {
        throw Refused(Refused::Why::missing, "there is no account " + std::to_string(session.account));
    }
    work.db.query("INSERT INTO session(hash,account,expires) VALUES(?,?,?)")
        .bind(Blob{session.hash}, session.account, session.expires)
        .run();
    const bool dropped = work.db
                             .query(
                                 "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE account=?"
                                 " ORDER BY id DESC LIMIT -1 OFFSET ?)")
                             .bind(session.account, kMostOfAccount)
                             .run() > 0;
    if (dropped) work.tell(Event::Kind::accounts_changed, session.account);
}

bool end_session(Work& work, std::string_view hash) {
    Query query = work.db.query("DELETE FROM session WHERE hash=? RETURNING account");
    if (!query.bind(Blob{hash}).next()) return false;
    work.tell(Event::Kind::accounts_changed, query.integer(0));
    return true;
}

void end_sessions(Work& work, std::int64_t account) {
    work.db.query("DELETE FROM session WHERE account=?").bind(account).run();
}

std::int64_t drop_ended_sessions(Work& work, std::int64_t most) {
    return work.db
        .query("DELETE FROM session WHERE id IN (SELECT id FROM session WHERE expires<=? ORDER BY expires LIMIT ?)")
        .bind(work.now, most)
        .run();
}

}  // namespace foliot::store::sqlite
