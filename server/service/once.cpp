#include "service/once.hpp"

#include "base/error.hpp"

namespace foliot::service {

std::string once(store::Tx& tx, const Caller& caller, const Vault& vault, const std::function<std::string()>& make) {
    if (!caller.once) return make();
    const store::IdempotencyKey key{caller.who.account, caller.once->key};
    const std::string asked = vault.digest(caller.once->asked);
    if (auto before = tx.key_use(key)) {
        if (before->body_hash == asked) return std::move(before->ref);
        throw RequestError(Problem::conflict, "the Idempotency-Key '" + key.key + "' came with another request before");
    }
    std::string made = make();
    tx.note_key_use(key, {asked, made});
    return made;
}

}  // namespace foliot::service
