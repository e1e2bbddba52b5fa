#include "base/file_lock.hpp"

#include "base/error.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <string>

namespace foliot {

Fd lock_for_one_server(const std::filesystem::path& lock, std::string_view what) {
    Fd held(::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!held) throw_errno("cannot open " + lock.string());
    if (::flock(held.get(), LOCK_EX | LOCK_NB) == 0) return held;
    if (errno != EWOULDBLOCK) throw_errno("cannot lock " + lock.string());
    throw InUse(std::string(what) + " is in use by another server (it holds " + lock.string() +
                "): stop that one, or give this one a data directory of its own");
}

namespace {

/// The folder in /proc is the process's own user's, even of one that may not be traced, as foliotd may not.
bool is_of(const std::string& pid, uid_t user) {
    struct stat process {};
    return ::stat(("/proc/" + pid).c_str(), &process) == 0 && process.st_uid == user;
}

/// "1: FLOCK  ADVISORY  WRITE 4711 fe:00:1234 0 EOF" (proc(5)). The device is not that of stat(2) on every file system,
/// so the number of the inode must do; others can have one of that number elsewhere, so the holder must be the file's
/// owner.
bool stands_in_list(const struct stat& file) {
    std::ifstream locks("/proc/locks");
    if (!locks) return true;
    const std::string inode = ":" + std::to_string(file.st_ino);
    for (std::string line; std::getline(locks, line);) {
        std::istringstream words(line);
        std::string number, kind, mode, what, pid, place;
        words >> number >> kind >> mode >> what >> pid >> place;
        if (kind == "FLOCK" && place.ends_with(inode) && is_of(pid, file.st_uid)) return true;
    }
    return false;
}

}  // namespace

bool is_locked(const std::filesystem::path& lock) {
    struct stat file {};
    if (::stat(lock.c_str(), &file) != 0) return false;
    // The list changes while it is read, and may lack a line then.
    for (int look = 0; look < 2; ++look) {
        if (stands_in_list(file)) return true;
    }
    return false;
}

}  // namespace foliot
