// The first account.
#pragma once

#include "store/store.hpp"

#include <filesystem>

namespace foliot::service {

/// First start: makes the user `admin` and writes its token to `token_file` (mode 0600) before the account exists, so
/// that no crash leaves an account whose token nobody knows. Does nothing when there is an active Admin or a user of
/// that name. True when it was made.
bool ensure_admin(store::Store& store, const std::filesystem::path& token_file);

}  // namespace foliot::service
