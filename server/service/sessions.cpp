#include "service/sessions.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "service/secrets.hpp"
#include "service/unit.hpp"

namespace foliot::service {

Sessions::Sessions(store::Store& store, const Clock& clock, Credentials& credentials, Micros age)
    : store_(store), clock_(clock), credentials_(credentials), age_(age), known_(clock) {
    store.subscribe([this](const store::Event& event) {
        if (event.kind == store::Event::Kind::accounts_changed) known_.forget_all();
    });
}

std::optional<Sessions::Begun> Sessions::begin(const NameAndPassword& given, std::string_view peer) {
    constexpr int kTries = 3;  // another password, or another hash of the same one, may come in between
    if (!may_be_right(given)) return std::nullopt;
    for (int i = 0; i < kTries; ++i) {
        const auto account = credentials_.account_of(given, peer);
        if (!account) return std::nullopt;
        Begun begun{random_token(),
                    {account->id, account->name, account->role, Scope::admin, clock_.now() + age_, std::nullopt}};
        if (!add(given, begun.secret, begun.who)) continue;
        log::info("login", account->name + " has logged in from " + std::string(peer));
        return begun;
    }
    throw RequestError(Problem::unavailable, "the user is being changed, try again");
}

/// False when it would outlive the password that was proven.
bool Sessions::add(const NameAndPassword& given, const std::string& secret, const Principal& who) {
    bool added = false;
    write(store_, [&](store::Tx& tx) {
        added = credentials_.still_proves(tx.accounts(), given);
        if (added) tx.accounts().add_session({who.account, token_hash(secret), who.expires.value()});
    });
    return added;
}

std::optional<Principal> Sessions::holder(std::string_view secret) {
    const std::string hash = token_hash(secret);
    if (auto who = known_.recall(hash)) return who;
    const auto generation = known_.generation();
    std::optional<Principal> holder;
    read(store_, [&](store::Snapshot& seen) { holder = seen.accounts().session_holder(hash, clock_.now()); });
    if (holder) known_.remember(hash, *holder, generation);
    return holder;
}

bool Sessions::end(std::string_view secret) {
    const auto who = holder(secret);  // a secret that is none costs no write
    if (!who) return false;
    write(store_, [&](store::Tx& tx) { tx.accounts().end_session(token_hash(secret)); });
    log::info("logout", who->name + " has logged out");
    return true;
}

}  // namespace foliot::service
