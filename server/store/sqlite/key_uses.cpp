#include "store/sqlite/key_uses.hpp"

namespace foliot::store::sqlite {
namespace {

constexpr Micros kKept = 86'400 * kSecond;

}  // namespace

std::optional<KeyUse> find_key_use(Work& work, const IdempotencyKey& key) {
    Query query = work.db.query("SELECT body,ref FROM idempotency WHERE account=? AND k=? AND at>?");
    if (!query.bind(key.account, key.key, work.now - kKept).next()) return std::nullopt;
    return KeyUse{query.text(0), query.text(1)};
}

void note_key_use(Work& work, const IdempotencyKey& key, const KeyUse& use) {
    work.db.query("INSERT OR REPLACE INTO idempotency(account,k,body,at,ref) VALUES(?,?,?,?,?)")
        .bind(key.account, key.key, Blob{use.body_hash}, work.now, use.ref)
        .run();
}

std::int64_t drop_old_key_uses(Work& work, std::int64_t most) {
    return work.db
        .query("DELETE FROM idempotency WHERE rowid IN (SELECT rowid FROM idempotency WHERE at<=? ORDER BY at LIMIT ?)")
        .bind(work.now - kKept, most)
        .run();
}

}  // namespace foliot::store::sqlite
