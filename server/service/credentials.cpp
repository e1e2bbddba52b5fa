#include "service/credentials.hpp"

#include "base/log.hpp"
#include "service/unit.hpp"

#include <exception>
#include <utility>

namespace foliot::service {
namespace {

/// What a given password is compared with; of an account that nobody may use, what nothing matches.
store::PasswordHolder comparable(std::optional<store::PasswordHolder> found) {
    if (found && found->account.active && found->password) return *std::move(found);
    return {{}, Passwords::nobodys()};
}

std::string in_one(const NameAndPassword& given) {
    std::string text = given.name;
    text += '\0';
    return text += given.password;
}

}  // namespace

Credentials::Credentials(store::Store& store, const Clock& clock, Passwords& passwords, TokenUses& uses)
    : store_(store),
      clock_(clock),
      passwords_(passwords),
      uses_(uses),
      known_(clock),
      verified_(clock),
      throttle_(clock) {
    store.subscribe([this](const store::Event& event) {
        if (event.kind == store::Event::Kind::accounts_changed) known_.forget_all();
    });
}

std::optional<Principal> Credentials::authenticate(std::string_view authorization, std::string_view peer) {
    const auto given = parse_authorization(authorization);
    if (const auto* token = std::get_if<TokenSecret>(&given)) return by_token(token->text);
    if (const auto* pair = std::get_if<NameAndPassword>(&given)) return by_password(*pair, peer);
    return std::nullopt;
}

std::optional<Principal> Credentials::authenticate(const Login& given, std::string_view peer) {
    const NameAndPassword pair = named(given);
    if (!may_be_right(pair)) return std::nullopt;
    return by_password(pair, peer);
}

NameAndPassword Credentials::named(const Login& given) {
    if (given.by == Login::By::name) return {given.user, given.password};
    std::optional<Account> account;
    read(store_, [&](store::Snapshot& seen) { account = seen.accounts().account_with_email(given.user); });
    return {account ? account->name : ":" + given.user, given.password};  // no user's name has a colon
}

std::optional<Account> Credentials::account_of(const NameAndPassword& given, std::string_view peer) {
    return verified_account(given, keyed_hash_(in_one(given)), peer);
}

bool Credentials::still_proves(store::AccountReader& accounts, const NameAndPassword& given) {
    const store::PasswordHolder holder = comparable(accounts.password_holder(given.name));
    return verified_.holds(keyed_hash_(in_one(given)), *holder.password);
}

bool Credentials::proves(const std::string& name, const std::string& password) {
    return account_of({name, password}, {}).has_value();
}

std::optional<Principal> Credentials::by_token(std::string_view secret) {
    const std::string hash = token_hash(secret);
    if (auto who = known_.recall(hash)) return who;
    const auto generation = known_.generation();
    std::optional<Principal> holder;
    read(store_, [&](store::Snapshot& seen) { holder = seen.accounts().token_holder(hash, clock_.now()); });
    if (!holder) return std::nullopt;
    uses_.note(holder->token.value());
    known_.remember(hash, *holder, generation);
    return holder;
}

std::optional<Principal> Credentials::by_password(const NameAndPassword& given, std::string_view peer) {
    const std::string hash = keyed_hash_(in_one(given));
    if (auto who = known_.recall(hash)) return who;
    const auto generation = known_.generation();
    const auto account = verified_account(given, hash, peer);
    if (!account) return std::nullopt;
    if (known_.generation() != generation) return by_password(given, peer);  // hashing took long: look again
    const Principal who{account->id, account->name, account->role, Scope::admin};
    known_.remember(hash, who, generation);
    return who;
}

std::optional<Account> Credentials::verified_account(const NameAndPassword& given, const std::string& hash,
                                                     std::string_view peer) {
    std::optional<store::PasswordHolder> found;
    read(store_, [&](store::Snapshot& seen) { found = seen.accounts().password_holder(given.name); });
    const store::PasswordHolder holder = comparable(std::move(found));
    if (!verified_.holds(hash, *holder.password) && !verify(given, hash, holder, peer)) return std::nullopt;
    return holder.account;
}

bool Credentials::verify(const NameAndPassword& given, const std::string& hash, const store::PasswordHolder& holder,
                         std::string_view peer) {
    const std::string& stored = *holder.password;
    const bool guesses = !verified_.was_right(hash, stored);
    std::string fresh;
    if (guesses) throttle_.check(peer, given.name);  // before it keeps others waiting
    {
        Passwords::Turn turn = passwords_.take_turn();
        if (verified_.holds(hash, stored)) return true;  // by a request beside this one
        const auto prove = [&] { return turn.matches(stored, given.password); };
        if (!(guesses ? throttle_.attempt(peer, given.name, prove) : prove())) {
            log::warning("wrong-password",
                         "a wrong password from " + std::string(peer.empty() ? "a user who wants to change it" : peer));
            return false;
        }
        verified_.remember(hash, stored);
        if (Passwords::is_outdated(stored)) fresh = turn.hash(given.password);
    }
    if (!fresh.empty()) store_fresh_hash(holder, fresh);
    return true;
}

/// The next request finds the new hash, and verifies once more.
void Credentials::store_fresh_hash(const store::PasswordHolder& holder, const std::string& fresh) {
    try {
        write(store_,
              [&](store::Tx& tx) { tx.accounts().replace_password(holder.account.id, *holder.password, fresh); });
    } catch (const std::exception& e) {
        log::debug("password-not-rehashed", std::string("a password's hash could not be renewed: ") + e.what());
    }
}

}  // namespace foliot::service
