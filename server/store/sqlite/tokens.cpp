#include "store/sqlite/accounts.hpp"

#include <limits>

namespace foliot::store::sqlite {
namespace {

#define FOLIOT_TOKEN_COLUMNS                                            \
    "t.id,t.account,a.name,t.name,t.scopes,t.created,t.expires,t.used," \
    "t.made_by FROM token t JOIN account a ON a.id=t.account"
#define FOLIOT_TOKEN_IS_LIVE "(t.expires IS NULL OR t.expires>?)"

Token token_row(const Query& query) {
    return {.id = query.integer(0),
            .account = query.integer(1),
            .account_name = query.text(2),
            .name = query.text(3),
            .scope = static_cast<Scope>(query.integer(4)),
            .created = query.integer(5),
            .expires = query.maybe(6),
            .used = query.maybe(7),
            .made_by = query.maybe(8)};
}

Page<Token> page_of(Query query, std::size_t limit, std::int64_t after) {
    Page<Token> page;
    while (query.next()) {
        if (page.items.size() == limit) {
            page.next = page.items.empty() ? after : page.items.back().id;
            break;
        }
        page.items.push_back(token_row(query));
    }
    return page;
}

}  // namespace

std::optional<Token> find_token(Connection& db, std::int64_t id) {
    Query query = db.query("SELECT " FOLIOT_TOKEN_COLUMNS " WHERE t.id=?");
    if (!query.bind(id).next()) return std::nullopt;
    return token_row(query);
}

Page<Token> page_of_tokens(Connection& db, const TokenFilter& filter) {
    const Micros live_at = filter.live_at.value_or(std::numeric_limits<Micros>::min());
    if (filter.account) {
        Query query = db.query("SELECT " FOLIOT_TOKEN_COLUMNS " WHERE t.account=? AND t.id>? AND " FOLIOT_TOKEN_IS_LIVE
                               " ORDER BY t.id LIMIT ?");
        query.bind(*filter.account, filter.after, live_at, filter.limit + 1);
        return page_of(std::move(query), filter.limit, filter.after);
    }
    Query query =
        db.query("SELECT " FOLIOT_TOKEN_COLUMNS " WHERE t.id>? AND " FOLIOT_TOKEN_IS_LIVE " ORDER BY t.id LIMIT ?");
    query.bind(filter.after, live_at, filter.limit + 1);
    return page_of(std::move(query), filter.limit, filter.after);
}

std::vector<Token> find_tokens_made_by(Connection& db, std::int64_t token) {
    Query query = db.query("SELECT " FOLIOT_TOKEN_COLUMNS " WHERE t.made_by=? ORDER BY t.id");
    query.bind(token);
    std::vector<Token> made;
    while (query.next()) made.push_back(token_row(query));
    return made;
}

std::optional<Principal> find_token_holder(Connection& db, std::string_view hash, Micros now) {
    Query query = db.query("SELECT t.id,a.id,a.name," FOLIOT_ROLE_OF_ACCOUNT
                           ",t.scopes,t.expires FROM token t JOIN account a ON a.id=t.account"
                           " WHERE t.hash=? AND a.active=1 AND " FOLIOT_TOKEN_IS_LIVE);
    if (!query.bind(Blob{hash}, now).next()) return std::nullopt;
    return Principal{
        query.integer(1), query.text(2),   static_cast<Role>(query.integer(3)), static_cast<Scope>(query.integer(4)),
        query.maybe(5),   query.integer(0)};
}

std::int64_t add_token(Work& work, const NewToken& token) {
    if (!find_account(work.db, token.account)) {
        throw Refused(Refused::Why::missing, "there is no account " + std::to_string(token.account));
    }
    try {
        const std::int64_t id =
            work.db
                .query(
                    "INSERT INTO token(account,hash,name,scopes,created,expires,made_by) VALUES(?,?,?,?,?,?,?)"
                    " RETURNING id")
                .bind(token.account, Blob{token.hash}, token.name, token.scope, work.now, token.expires, token.made_by)
                .number();
        work.tell(Event::Kind::accounts_changed, token.account);
        return id;
    } catch (const SqlError& error) {
        if (!error.is_constraint()) throw;
        throw Refused(Refused::Why::conflict, "this token exists already");
    }
}

void remove_token(Work& work, std::int64_t id) {
    const auto token = find_token(work.db, id);
    if (!token) throw Refused(Refused::Why::missing, "there is no token " + std::to_string(id));
    work.db.query("DELETE FROM token WHERE id=?").bind(id).run();
    work.tell(Event::Kind::accounts_changed, token->account);
}

void mark_tokens_used(Work& work, const std::vector<TokenUse>& uses) {
    for (const TokenUse& use : uses) {
        work.db.query("UPDATE token SET used=max(coalesce(used,0),?) WHERE id=?").bind(use.at, use.token).run();
    }
}

}  // namespace foliot::store::sqlite
