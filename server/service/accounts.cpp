#include "service/accounts.hpp"

#include "base/fd.hpp"
#include "service/account_unit.hpp"
#include "service/secrets.hpp"
#include "service/unit.hpp"

namespace foliot::service {
namespace {

constexpr const char* kAdmin = "admin";

void add_admin(store::Tx& tx, const std::string& secret) {
    const Principal system{0, "system", Role::admin, Scope::admin};
    const Caller caller{system, "system"};
    const auto id = tx.accounts().add({.name = kAdmin, .groups = {kAdmins}});
    audit(tx, caller, {"user", id, kAdmin, "added", "", shown(find_account(tx, id))});
    const auto token = tx.accounts().add_token(
        {.account = id, .hash = token_hash(secret), .name = "first start", .scope = Scope::admin});
    audit(tx, caller, {"token", token, "first start", "added", "", shown(tx.accounts().token(token).value())});
}

}  // namespace

bool ensure_admin(store::Store& store, const std::filesystem::path& token_file) {
    bool exists = false;
    write(store, [&](store::Tx& tx) {
        exists = tx.accounts().has_active_admin() || tx.accounts().account_named(kAdmin).has_value();
    });
    if (exists) return false;
    const std::string secret = random_token();
    write_file_atomically(token_file.string(), secret + "\n", 0600);
    write(store, [&](store::Tx& tx) { add_admin(tx, secret); });
    return true;
}

}  // namespace foliot::service
