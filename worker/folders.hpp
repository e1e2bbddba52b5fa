// Folders that belong to the user as whom jobs run: made and removed by a process that runs as it.
#pragma once

#include <string>

namespace foliot::worker {

/// The folder, and those above it that are missing; the process's umask says for whom. Throws std::system_error.
void make_folders(const std::string& folder);

/// Removes all that is in the folder but `kept`; without that itself, too. However deep and closed it is, never
/// following links. False: something is left.
bool remove_folder(const std::string& folder, const std::string& kept);

/// kDone, or says what the user cannot do there.
int check_folder(const std::string& folder);

}  // namespace foliot::worker
