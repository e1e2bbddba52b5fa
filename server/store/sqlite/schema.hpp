// The tables, by version. Opening a database brings it to this program's version.
#pragma once

#include "store/sqlite/db.hpp"

#include <filesystem>

namespace foliot::store::sqlite {

/// Each missing version in a transaction of its own. Throws std::runtime_error when the file is newer than this
/// program.
void migrate(Connection& db, const std::filesystem::path& file);

int schema_version();  ///< what this program writes

}  // namespace foliot::store::sqlite
