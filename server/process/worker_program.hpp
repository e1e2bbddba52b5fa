// Where foliot-worker is.
#pragma once

#include <filesystem>

namespace foliot::process {

/// The folder of the program that runs here. Throws std::filesystem::filesystem_error.
std::filesystem::path own_folder();

/// The worker of a program in `folder`: beside it, as in a build, else where packages have it, seen from there
/// (../libexec/foliot/). The first of these that can be run; when none can, the last, for the caller to refuse.
std::filesystem::path worker_program(const std::filesystem::path& folder);

}  // namespace foliot::process
