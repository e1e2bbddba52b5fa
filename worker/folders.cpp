#include "folders.hpp"

#include "base/error.hpp"
#include "exit_codes.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace foliot::worker {

namespace fs = std::filesystem;

namespace {

constexpr mode_t kOwnerOnly = 0700;

std::vector<fs::path> entries_of(const fs::path& folder) {
    std::vector<fs::path> found;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        found.push_back(at->path());
    }
    return found;
}

bool is_folder(const fs::path& thing) {
    std::error_code error;
    return fs::is_directory(fs::symlink_status(thing, error));
}

/// Folders within are moved up to `root` first: neither depth nor the length of paths stops it. `names`: of those given
/// there so far. Returns how many it has moved.
std::size_t flatten(const fs::path& folder, const fs::path& root, std::size_t& names) {
    std::size_t moved = 0;
    ::chmod(folder.c_str(), kOwnerOnly);
    for (const fs::path& inner : entries_of(folder)) {
        if (!is_folder(inner)) {
            ::unlink(inner.c_str());
            continue;
        }
        ::chmod(inner.c_str(), kOwnerOnly);
        fs::path up;
        do {
            up = root / ("removed-" + std::to_string(++names));
        } while (::access(up.c_str(), F_OK) == 0);
        if (::rename(inner.c_str(), up.c_str()) == 0) ++moved;
    }
    ::rmdir(folder.c_str());
    return moved;
}

}  // namespace

void make_folders(const std::string& folder) { fs::create_directories(folder); }

bool remove_folder(const std::string& folder, const std::string& kept) {
    const fs::path root(folder);
    ::chmod(folder.c_str(), kOwnerOnly);
    std::size_t names = 0;
    for (std::size_t moved = 1; std::exchange(moved, 0) > 0;) {  // again for what came up
        for (const fs::path& thing : entries_of(root)) {
            if (thing.filename() == kept) continue;
            if (is_folder(thing)) {
                moved += flatten(thing, root, names);
            } else {
                ::unlink(thing.c_str());
            }
        }
    }
    if (kept.empty()) return ::rmdir(folder.c_str()) == 0 || errno == ENOENT;
    const auto left = entries_of(root);
    return left.empty() || (left.size() == 1 && left.front().filename() == kept);
}

int check_folder(const std::string& folder) {
    const std::string probe = folder + "/.foliot-check";
    if (::mkdir(probe.c_str(), kOwnerOnly) != 0 && errno != EEXIST) throw_errno("create folders in " + folder);
    ::rmdir(probe.c_str());
    return kDone;
}

}  // namespace foliot::worker
