// The steps that the units of use cases of users, groups and tokens are made of.
#pragma once

#include "base/error.hpp"
#include "service/caller.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace foliot::service {

Account find_account(store::Tx& tx, std::int64_t id);  ///< not_found "User 7 not found"
Group find_group(store::Tx& tx, std::int64_t id);
RequestError not_found(std::string_view kind, std::int64_t id);

struct AccountAudit {
    std::string_view kind;  ///< "user", "group", "token"
    std::int64_t id = 0;
    std::string name, event, before{}, after{};
};
void audit(store::Tx& tx, const Caller& caller, const AccountAudit& entry);

/// As require(), for whatever changes users, groups or tokens. Forbidden for everybody while nobody is asked who they
/// are: what anybody plants then would be good once auth.enabled is on again.
void require_for_change(const Caller& caller, Power power, std::string_view action);

/// Makes the change, and throws RequestError (conflict) when there was an active Admin before and is none after.
void keep_an_admin(store::Tx& tx, const std::function<void()>& change);

/// "field: old -> new" lines; values are JSON.
class Difference {
  public:
    Difference& field(std::string_view name, const std::string& before, const std::string& after);
    bool empty() const { return text_.empty(); }
    const std::string& text() const { return text_; }

  private:
    std::string text_;
};

// As the audit shows them: no secret is in them.
std::string shown(const Account& account);
std::string shown(const Group& group);
std::string shown(const Token& token);
std::string shown_groups(const Account& account);  ///< names, as a JSON array
std::string shown_text(const std::optional<std::string>& text);

}  // namespace foliot::service
