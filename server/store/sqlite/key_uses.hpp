// Idempotency keys: what became of the first request with each.
#pragma once

#include "store/sqlite/work.hpp"

namespace foliot::store::sqlite {

std::optional<KeyUse> find_key_use(Work& work, const IdempotencyKey& key);
void note_key_use(Work& work, const IdempotencyKey& key, const KeyUse& use);
std::int64_t drop_old_key_uses(Work& work, std::int64_t most);  ///< how many there were

}  // namespace foliot::store::sqlite
