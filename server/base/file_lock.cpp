#include "base/file_lock.hpp"

#include "base/error.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
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

}  // namespace foliot
