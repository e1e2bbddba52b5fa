// A file that says: this is in use.
#pragma once

#include "base/fd.hpp"

#include <filesystem>
#include <string_view>

namespace foliot {

/// Makes `lock` (mode 0600) if it is not there and holds it until the descriptor is closed, be it by the process's
/// death. Throws std::runtime_error "`what` is in use by another server..." when another holds it.
Fd lock_for_one_server(const std::filesystem::path& lock, std::string_view what);

}  // namespace foliot
