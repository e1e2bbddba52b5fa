#include "service/issued_tokens.hpp"

#include "base/error.hpp"
#include "service/account_unit.hpp"
#include "service/names.hpp"
#include "service/secrets.hpp"
#include "service/token_unit.hpp"
#include "service/unit.hpp"

#include <algorithm>

namespace foliot::service {
namespace {

constexpr std::size_t kMostOfAKind = 20;
constexpr const char* kByEmail = "of POST /user/token/";
constexpr const char* kByPassword = "of POST /token-auth/";

std::vector<Token> live_tokens(store::Tx& tx, std::int64_t account) {
    std::vector<Token> live;
    store::TokenFilter filter{.account = account, .live_at = tx.now()};
    for (;;) {
        const auto page = tx.accounts().tokens(filter);
        live.insert(live.end(), page.items.begin(), page.items.end());
        if (!page.next) return live;
        filter.after = *page.next;
    }
}

/// Room for one more: those made first go. What was made with them stays.
void drop_oldest(store::Tx& tx, const Caller& caller, std::int64_t account, const std::string& kind) {
    const auto live = live_tokens(tx, account);
    std::size_t all = live.size();
    auto of_kind = static_cast<std::size_t>(
        std::count_if(live.begin(), live.end(), [&](const Token& token) { return token.name == kind; }));
    for (const Token& token : live) {
        if (of_kind < kMostOfAKind && all < kMostTokens) return;
        if (token.name != kind) continue;
        tx.accounts().remove_token(token.id);
        audit(tx, caller, {"token", token.id, token.name, "deleted", shown(token)});
        --of_kind;
        --all;
    }
}

void add(store::Tx& tx, const Caller& caller, const store::NewToken& token) {
    drop_oldest(tx, caller, token.account, token.name);
    refuse_too_many_tokens(tx, find_account(tx, token.account));
    const auto id = tx.accounts().add_token(token);
    audit(tx, caller, {"token", id, token.name, "added", "", shown(tx.accounts().token(id).value())});
}

/// A name has its own limits.
void check_as_name(const std::string& email) {
    try {
        check_user_name(email);
    } catch (const RequestError& e) {
        const std::string text = e.what();
        throw invalid_field("email", "as a user name it " + text.substr(text.find(": ") + 2));
    }
}

Account user_of(store::Tx& tx, const Caller& caller, const std::string& email) {
    if (auto account = tx.accounts().account_with_email(email)) return *std::move(account);
    check_as_name(email);
    if (tx.accounts().account_named(email))
        throw invalid_field("email", "another user without this address has it as his name");
    const store::NewAccount fresh{.name = email, .email = email};
    Account made = find_account(tx, tx.accounts().add(fresh));
    audit(tx, caller, {"user", made.id, made.name, "added", "", shown(made)});
    return made;
}

}  // namespace

std::string IssuedTokens::for_email(const Caller& caller, const std::string& email) {
    require_for_change(caller, Power::admin, "make tokens for others");
    check_email(email);
    std::string secret = random_token();
    write(store_, [&](store::Tx& tx) {
        const Account account = user_of(tx, caller, email);
        if (!account.active) throw invalid_field("email", "its user is inactive");
        add(tx, caller,
            {.account = account.id,
             .hash = token_hash(secret),
             .name = kByEmail,
             .scope = caller.who.scope,
             .expires = caller.who.expires,
             .made_by = caller.who.token});
    });
    return secret;
}

std::optional<std::string> IssuedTokens::for_password(const NameAndPassword& given, std::string_view peer,
                                                      std::string_view via) {
    constexpr int kTries = 3;  // another password, or another hash of the same one, may come in between
    if (!may_be_right(given)) return std::nullopt;
    for (int i = 0; i < kTries; ++i) {
        const auto account = credentials_.account_of(given, peer);
        if (!account) return std::nullopt;
        const Principal who{account->id, account->name, account->role, Scope::admin};
        std::string secret = random_token();
        bool proven = false;
        write(store_, [&](store::Tx& tx) {
            proven = credentials_.still_proves(tx.accounts(), given);
            if (!proven) return;
            add(tx, {who, via},
                {.account = who.account, .hash = token_hash(secret), .name = kByPassword, .scope = who.scope});
        });
        if (proven) return secret;
    }
    throw RequestError(Problem::unavailable, "the user is being changed, try again");
}

}  // namespace foliot::service
