#include "store/sqlite/meta.hpp"

#include <algorithm>

namespace foliot::store::sqlite {
namespace {

std::string setting_key(std::string_view key) { return "set." + std::string(key); }

}  // namespace

std::optional<std::string> get_meta(Connection& db, std::string_view key) {
    Query query = db.query("SELECT v FROM meta WHERE k=?");
    if (!query.bind(key).next()) return std::nullopt;
    return query.text(0);
}

void set_meta(Connection& db, std::string_view key, std::string_view value) {
    db.query("INSERT INTO meta(k,v) VALUES(?,?) ON CONFLICT(k) DO UPDATE SET v=excluded.v").bind(key, value).run();
}

std::int64_t number_meta(Connection& db, std::string_view key, std::int64_t otherwise) {
    const auto text = get_meta(db, key);
    return text ? std::stoll(*text) : otherwise;
}

EngineState engine_state(Connection& db) { return static_cast<EngineState>(number_meta(db, "engine_state", 0)); }

Micros awake_since(Connection& db) { return number_meta(db, "awake_since", 0); }

std::optional<std::string> get_setting(Connection& db, std::string_view key) { return get_meta(db, setting_key(key)); }

PublicIds::Key public_key(Connection& db) {
    Transaction transaction(db);
    PublicIds::Key key{};
    if (const auto hex = get_meta(db, "public_ids")) {
        if (hex->size() != 2 * key.size())
            throw std::runtime_error("the database's key of public ids is damaged: restore a backup");
        for (std::size_t i = 0; i < key.size(); ++i)
            key.at(i) = static_cast<unsigned char>(std::stoi(hex->substr(2 * i, 2), nullptr, 16));
        return key;
    }
    key = PublicIds::random_key();
    set_meta(db, "public_ids", to_hex({reinterpret_cast<const char*>(key.data()), key.size()}));
    transaction.commit();
    return key;
}

std::int64_t largest_id(Connection& db) {
    std::int64_t largest = number_meta(db, "last_id", 0);
    for (const char* sql : {"SELECT max(id) FROM execution", "SELECT max(claim) FROM execution WHERE state<10",
                            "SELECT max(key) FROM job", "SELECT max(id) FROM audit", "SELECT max(epoch) FROM node"}) {
        Query query = db.query_text(sql);
        largest = std::max(largest, query.number());
    }
    return largest;
}

}  // namespace foliot::store::sqlite
