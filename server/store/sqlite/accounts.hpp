// Users, their groups and tokens.
#pragma once

#include "store/sqlite/work.hpp"

#include <utility>

namespace foliot::store::sqlite {

/// Of the account a.
#define FOLIOT_ROLE_OF_ACCOUNT \
    "coalesce((SELECT max(g.role) FROM member m JOIN role_group g ON g.id=m.grp WHERE m.account=a.id),1)"

std::optional<Account> find_account(Connection& db, std::int64_t id);
std::optional<Account> find_account(Connection& db, std::string_view name);
std::optional<Account> find_account_with_email(Connection& db, std::string_view email);
Page<Account> page_of_accounts(Connection& db, std::size_t limit, std::int64_t after);
bool has_active_admin(Connection& db);
std::optional<PasswordHolder> find_password(Connection& db, std::string_view name);
std::int64_t add_account(Work& work, const NewAccount& account);
void change_account(Work& work, std::int64_t id, const AccountChange& change);
void remove_account(Work& work, std::int64_t id);
bool replace_password(Work& work, std::int64_t id, std::string_view old, std::string_view fresh);

std::vector<GroupRef> groups_of(Connection& db, std::int64_t account);
void put_into_groups(Work& work, std::int64_t account, const std::vector<std::int64_t>& groups);
std::optional<Group> find_group(Connection& db, std::int64_t id);
std::optional<Group> find_group(Connection& db, std::string_view name);
Page<Group> page_of_groups(Connection& db, std::size_t limit, std::int64_t after);
std::int64_t add_group(Work& work, std::string_view name, Role role);
void change_group(Work& work, std::int64_t id, const GroupChange& change);
void remove_group(Work& work, std::int64_t id);

std::optional<Token> find_token(Connection& db, std::int64_t id);
Page<Token> page_of_tokens(Connection& db, const TokenFilter& filter);
std::vector<Token> find_tokens_made_by(Connection& db, std::int64_t token);
std::optional<Principal> find_token_holder(Connection& db, std::string_view hash, Micros now);
std::int64_t add_token(Work& work, const NewToken& token);
void remove_token(Work& work, std::int64_t id);
void mark_tokens_used(Work& work, const std::vector<TokenUse>& uses);

std::optional<Principal> find_session_holder(Connection& db, std::string_view hash, Micros now);
void add_session(Work& work, const NewSession& session);
bool end_session(Work& work, std::string_view hash);
void end_sessions(Work& work, std::int64_t account);
std::int64_t drop_ended_sessions(Work& work, std::int64_t most);  ///< how many there were

/// The reading half of `Interface`; every call goes through `guard(body)`.
template <class Interface, class Guard>
class AccountReads : public Interface {
  public:
    AccountReads(Connection& db, Guard guard) : db_(db), guard_(guard) {}

    std::optional<Account> account(std::int64_t id) override {
        return guard_([&] { return find_account(db_, id); });
    }
    std::optional<Account> account_named(std::string_view name) override {
        return guard_([&] { return find_account(db_, name); });
    }
    std::optional<Account> account_with_email(std::string_view email) override {
        return guard_([&] { return find_account_with_email(db_, email); });
    }
    Page<Account> accounts(std::size_t limit, std::int64_t after) override {
        return guard_([&] { return page_of_accounts(db_, limit, after); });
    }
    bool has_active_admin() override {
        return guard_([&] { return sqlite::has_active_admin(db_); });
    }
    std::optional<PasswordHolder> password_holder(std::string_view name) override {
        return guard_([&] { return find_password(db_, name); });
    }
    std::optional<Group> group(std::int64_t id) override {
        return guard_([&] { return find_group(db_, id); });
    }
    std::optional<Group> group_named(std::string_view name) override {
        return guard_([&] { return find_group(db_, name); });
    }
    Page<Group> groups(std::size_t limit, std::int64_t after) override {
        return guard_([&] { return page_of_groups(db_, limit, after); });
    }
    std::optional<Token> token(std::int64_t id) override {
        return guard_([&] { return find_token(db_, id); });
    }
    Page<Token> tokens(const TokenFilter& filter) override {
        return guard_([&] { return page_of_tokens(db_, filter); });
    }
    std::vector<Token> tokens_made_by(std::int64_t token) override {
        return guard_([&] { return find_tokens_made_by(db_, token); });
    }
    std::optional<Principal> token_holder(std::string_view hash, Micros now) override {
        return guard_([&] { return find_token_holder(db_, hash, now); });
    }
    std::optional<Principal> session_holder(std::string_view hash, Micros now) override {
        return guard_([&] { return find_session_holder(db_, hash, now); });
    }

  private:
    Connection& db_;
    Guard guard_;
};

class UnitAccounts final : public AccountReads<Accounts, Unguarded> {
  public:
    explicit UnitAccounts(Work& work) : AccountReads(work.db, Unguarded{}), work_(work) {}

    std::int64_t add(const NewAccount& account) override { return add_account(work_, account); }
    void change(std::int64_t id, const AccountChange& change) override { change_account(work_, id, change); }
    void remove(std::int64_t id) override { remove_account(work_, id); }
    bool replace_password(std::int64_t id, std::string_view old, std::string_view fresh) override {
        return sqlite::replace_password(work_, id, old, fresh);
    }
    std::int64_t add_group(std::string_view name, Role role) override { return sqlite::add_group(work_, name, role); }
    void change_group(std::int64_t id, const GroupChange& change) override { sqlite::change_group(work_, id, change); }
    void remove_group(std::int64_t id) override { sqlite::remove_group(work_, id); }
    std::int64_t add_token(const NewToken& token) override { return sqlite::add_token(work_, token); }
    void remove_token(std::int64_t id) override { sqlite::remove_token(work_, id); }
    void mark_used(const std::vector<TokenUse>& uses) override { mark_tokens_used(work_, uses); }
    void add_session(const NewSession& session) override { sqlite::add_session(work_, session); }
    bool end_session(std::string_view hash) override { return sqlite::end_session(work_, hash); }

  private:
    Work& work_;
};

}  // namespace foliot::store::sqlite
