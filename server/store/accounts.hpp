// Users, groups and tokens as the store has them. Who may change what is decided above it.
#pragma once

#include "domain/account.hpp"
#include "store/page.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::store {

struct NewAccount {
    std::string name;
    std::optional<std::string> email{};
    bool active = true;
    std::optional<std::string> password{};  ///< its hash
    std::vector<std::int64_t> groups{};
};

/// What is not there stays.
struct AccountChange {
    std::optional<std::string> name{};
    std::optional<std::optional<std::string>> email{};
    std::optional<bool> active{};
    std::optional<std::optional<std::string>> password{};  ///< its hash
    std::optional<std::vector<std::int64_t>> groups{};     ///< these and no others
};

struct GroupChange {
    std::optional<std::string> name{};
    std::optional<Role> role{};
};

struct NewToken {
    std::int64_t account = 0;
    std::string hash;  ///< BLAKE2b-256 of the secret, 32 bytes; the secret itself is never stored
    std::string name{};
    Scope scope = Scope::read;
    std::optional<Micros> expires{};
    std::optional<std::int64_t> made_by{};  ///< a token
};

/// A login of a browser. Of one account the newest 50 live.
struct NewSession {
    std::int64_t account = 0;
    std::string hash;  ///< BLAKE2b-256 of the cookie's secret, 32 bytes
    Micros expires = 0;
};

struct TokenUse {
    std::int64_t token = 0;
    Micros at = 0;
};

struct TokenFilter {
    std::optional<std::int64_t> account{};  ///< nothing: of everybody
    std::size_t limit = 1'000;
    std::int64_t after = 0;           ///< id, from Page::next
    std::optional<Micros> live_at{};  ///< only those that have not ended by then
};

/// What a password is compared with.
struct PasswordHolder {
    Account account;
    std::optional<std::string> password;  ///< its hash; nothing: none is set
};

/// Reading, in a unit or in a snapshot.
class AccountReader {
  public:
    virtual ~AccountReader() = default;
    virtual std::optional<Account> account(std::int64_t id) = 0;
    virtual std::optional<Account> account_named(std::string_view name) = 0;
    virtual std::optional<Account> account_with_email(std::string_view email) = 0;
    virtual Page<Account> accounts(std::size_t limit, std::int64_t after) = 0;  ///< by id
    virtual bool has_active_admin() = 0;
    virtual std::optional<PasswordHolder> password_holder(std::string_view name) = 0;  ///< inactive ones too
    virtual std::optional<Group> group(std::int64_t id) = 0;
    virtual std::optional<Group> group_named(std::string_view name) = 0;
    virtual Page<Group> groups(std::size_t limit, std::int64_t after) = 0;  ///< by id
    virtual std::optional<Token> token(std::int64_t id) = 0;
    virtual Page<Token> tokens(const TokenFilter& filter) = 0;          ///< by id
    virtual std::vector<Token> tokens_made_by(std::int64_t token) = 0;  ///< by itself, not by what it made
    /// Of an active account, not expired at `now`.
    virtual std::optional<Principal> token_holder(std::string_view hash, Micros now) = 0;
    /// Likewise; with full scope, and `expires` when the session ends.
    virtual std::optional<Principal> session_holder(std::string_view hash, Micros now) = 0;
};

/// Changing, in a unit. Names and emails that are taken are Refused{conflict}, unknown ids Refused{missing}. Each
/// change that may alter what somebody may do is told as Event::accounts_changed.
class Accounts : public AccountReader {
  public:
    virtual std::int64_t add(const NewAccount& account) = 0;
    virtual void change(std::int64_t id, const AccountChange& change) = 0;  ///< password or inactive: sessions end
    virtual void remove(std::int64_t id) = 0;  ///< with its memberships, tokens and sessions
    /// The same password under another hash: false when its hash is no longer `old`.
    virtual bool replace_password(std::int64_t id, std::string_view old, std::string_view fresh) = 0;
    virtual std::int64_t add_group(std::string_view name, Role role) = 0;
    virtual void change_group(std::int64_t id, const GroupChange& change) = 0;
    virtual void remove_group(std::int64_t id) = 0;  ///< Refused{conflict} when it has members
    virtual std::int64_t add_token(const NewToken& token) = 0;
    virtual void remove_token(std::int64_t id) = 0;
    virtual void mark_used(const std::vector<TokenUse>& uses) = 0;  ///< ids that are gone do not matter
    virtual void add_session(const NewSession& session) = 0;
    virtual bool end_session(std::string_view hash) = 0;  ///< false: there is none
};

}  // namespace foliot::store
