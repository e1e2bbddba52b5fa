// Whose the database is.
#pragma once

#include <filesystem>

namespace foliot::app {

/// What another user makes beside the database (its lock, its journal, the server's folders), the database's own user
/// could not open: root, above all, for whom nothing is closed. Throws when it is there and another user's.
void refuse_files_of_others(const std::filesystem::path& database);

}  // namespace foliot::app
