#include "service/tokens.hpp"

#include "base/error.hpp"
#include "base/time_text.hpp"
#include "service/account_unit.hpp"
#include "service/names.hpp"
#include "service/secrets.hpp"
#include "service/token_unit.hpp"
#include "service/unit.hpp"

namespace foliot::service {
namespace {

void check_scope(const Caller& caller, Scope scope) {
    if (scope <= caller.who.scope) return;
    throw RequestError(Problem::forbidden,
                       "field 'scope': must be at most that of the credentials that make the token, '" +
                           std::string(name_of(caller.who.scope)) + "'",
                       "scope");
}

void check_expires(const Caller& caller, const std::optional<Micros>& expires, Micros now) {
    if (expires && *expires <= now) throw invalid_field("expires", "must be null or a time to come");
    const auto& end = caller.who.expires;
    if (end && (!expires || *expires > *end)) {
        throw RequestError(
            Problem::forbidden,
            "field 'expires': must not be later than the end of the credentials that make the token, " + iso_time(*end),
            "expires");
    }
}

std::int64_t owner_of(const Caller& caller, const TokenWish& wish) {
    if (wish.user && *wish.user != caller.who.account) {
        require_for_change(caller, Power::admin, "make tokens for others");
        return *wish.user;
    }
    require_for_change(caller, Power::self, "make tokens");
    return caller.who.account;
}

/// Is it the caller's, or is the caller an Admin?
bool may_see(const Caller& caller, const Token& token) {
    return token.account == caller.who.account || has_power(caller.who, Power::inspect);
}

}  // namespace

store::Page<Token> Tokens::list(const Caller& caller, const TokenQuery& query) {
    require(caller, Power::read, "read tokens");
    store::TokenFilter filter{.account = caller.who.account, .limit = query.limit, .after = query.after};
    if (query.of == TokenQuery::Of::all) filter.account.reset();
    if (query.of == TokenQuery::Of::user) filter.account = query.user;
    if (filter.account != caller.who.account) require(caller, Power::inspect, "read tokens of others");
    store::Page<Token> page;
    read(store_, [&](store::Snapshot& seen) { page = seen.accounts().tokens(filter); });
    return page;
}

Token Tokens::get(const Caller& caller, std::int64_t id) {
    require(caller, Power::read, "read tokens");
    std::optional<Token> token;
    read(store_, [&](store::Snapshot& seen) { token = seen.accounts().token(id); });
    if (!token || !may_see(caller, *token)) throw not_found("Token", id);
    return *std::move(token);
}

NewToken Tokens::add(const Caller& caller, const TokenWish& wish) {
    const std::int64_t owner = owner_of(caller, wish);
    check_name("name", wish.name);
    check_scope(caller, wish.scope);
    check_expires(caller, wish.expires, store_.now());
    NewToken made;
    made.secret = random_token();
    write(store_, [&](store::Tx& tx) {
        const auto account = tx.accounts().account(owner);
        if (!account) throw invalid_field("user", "there is no user " + std::to_string(owner));
        refuse_too_many_tokens(tx, *account);
        const auto id = tx.accounts().add_token({.account = owner,
                                                 .hash = token_hash(made.secret),
                                                 .name = wish.name,
                                                 .scope = wish.scope,
                                                 .expires = wish.expires,
                                                 .made_by = caller.who.token});
        made.token = tx.accounts().token(id).value();
        audit(tx, caller, {"token", id, wish.name, "added", "", shown(made.token)});
    });
    return made;
}

void Tokens::remove(const Caller& caller, std::int64_t id) {
    require_for_change(caller, Power::self, "delete tokens");
    write(store_, [&](store::Tx& tx) {
        const auto token = tx.accounts().token(id);
        if (!token || !may_see(caller, *token)) throw not_found("Token", id);
        if (token->account != caller.who.account) require_for_change(caller, Power::admin, "delete tokens of others");
        revoke(tx, caller, *token);
    });
}

std::int64_t Tokens::remove_all(const Caller& caller, std::int64_t user) {
    if (user == caller.who.account) {
        require_for_change(caller, Power::self, "delete tokens");
    } else {
        require_for_change(caller, Power::admin, "delete tokens of others");
    }
    std::int64_t removed = 0;
    write(store_, [&](store::Tx& tx) {
        find_account(tx, user);
        removed = revoke_all(tx, caller, user);
    });
    return removed;
}

}  // namespace foliot::service
