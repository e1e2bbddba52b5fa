// A module file as the server would see it. Its owner and permissions are not asked about: it is the author's own.
#pragma once

#include "module/examine.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace foliot::cli {

inline constexpr Micros kLimit = 45 * kSecond;  ///< of each thing that runs a module's code to look at it

/// foliot-worker (process/worker_program). Throws CommandError when it is not there.
std::filesystem::path worker_program();
std::filesystem::path own_program();

/// A regular file. Throws CommandError.
module::OpenedFile open_module(const std::filesystem::path& file);
/// With no link and no ".." in its folders. Throws CommandError for an empty one.
std::filesystem::path absolute_path(const std::filesystem::path& file);

/// Reads its note, has it described. Throws CommandError when it is no module at all; one that cannot be used has its
/// status and problem.
std::shared_ptr<const module::Module> examine(const std::filesystem::path& file);
/// The same; throws CommandError for one that cannot be used.
std::shared_ptr<const module::Module> usable_module(const std::filesystem::path& file);

}  // namespace foliot::cli
