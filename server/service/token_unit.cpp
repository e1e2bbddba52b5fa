#include "service/token_unit.hpp"

#include "base/error.hpp"
#include "service/account_unit.hpp"

#include <vector>

namespace foliot::service {

void refuse_too_many_tokens(store::Tx& tx, const Account& owner) {
    const auto page = tx.accounts().tokens({.account = owner.id, .limit = kMostTokens, .live_at = tx.now()});
    if (page.items.size() < kMostTokens) return;
    throw RequestError(Problem::conflict, "User " + owner.name + " has " + std::to_string(kMostTokens) +
                                              " tokens already: delete those that are not used");
}

std::int64_t revoke(store::Tx& tx, const Caller& caller, const Token& token) {
    std::vector<Token> family{token};
    for (std::size_t i = 0; i < family.size(); ++i) {
        const auto made = tx.accounts().tokens_made_by(family[i].id);
        family.insert(family.end(), made.begin(), made.end());
    }
    for (const Token& one : family) {
        tx.accounts().remove_token(one.id);
        audit(tx, caller, {"token", one.id, one.name, "deleted", shown(one)});
    }
    return static_cast<std::int64_t>(family.size());
}

std::int64_t revoke_all(store::Tx& tx, const Caller& caller, std::int64_t account) {
    const store::TokenFilter first{.account = account, .limit = 1};
    std::int64_t revoked = 0;
    for (auto page = tx.accounts().tokens(first); !page.items.empty(); page = tx.accounts().tokens(first)) {
        revoked += revoke(tx, caller, page.items.front());
    }
    return revoked;
}

}  // namespace foliot::service
