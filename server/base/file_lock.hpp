// A file that says: this is in use.
#pragma once

#include "base/fd.hpp"

#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace foliot {

struct InUse : std::runtime_error {
    using runtime_error::runtime_error;
};

/// Makes `lock` (mode 0600) if it is not there and holds it until the descriptor is closed, be it by the process's
/// death. Throws InUse "`what` is in use by another server..." when another holds it.
Fd lock_for_one_server(const std::filesystem::path& lock, std::string_view what);

/// Does a process of the file's owner hold it now? Looks without touching it, so nobody who wants it is turned away
/// meanwhile. Without /proc/locks: yes. That of another container is not seen.
bool is_locked(const std::filesystem::path& lock);

}  // namespace foliot
