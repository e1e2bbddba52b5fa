// Small values of the store itself, and the administrator's settings, in one table.
#pragma once

#include "base/ids.hpp"
#include "store/sqlite/db.hpp"
#include "store/store.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace foliot::store::sqlite {

std::optional<std::string> get_meta(Connection& db, std::string_view key);
void set_meta(Connection& db, std::string_view key, std::string_view value);
std::int64_t number_meta(Connection& db, std::string_view key, std::int64_t otherwise);

EngineState engine_state(Connection& db);
Micros awake_since(Connection& db);
std::optional<std::string> get_setting(Connection& db, std::string_view key);

PublicIds::Key public_key(Connection& db);  ///< made at first use
std::int64_t largest_id(Connection& db);    ///< of any row, live claim or remembered time

}  // namespace foliot::store::sqlite
