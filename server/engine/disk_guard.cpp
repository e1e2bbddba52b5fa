#include "engine/disk_guard.hpp"

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/log.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace foliot::engine {
namespace {

constexpr std::int64_t kLeastAtStart = 4L << 20;  // joining, recovering and the first turns must fit
constexpr Micros kPause = kSecond;

}  // namespace

DiskGuard::DiskGuard(std::filesystem::path reserve, const Clock& clock) : reserve_(std::move(reserve)), clock_(clock) {
    if (!make_reserve() || free_bytes() < kLeastAtStart) hold();
}

void DiskGuard::full() {
    if (!held_) hold();
}

void DiskGuard::hold() {
    held_ = true;
    next_look_ = clock_.monotonic() + kPause;
    std::error_code ignored;
    std::filesystem::remove(reserve_, ignored);
    log::error("disk-full", why());
}

void DiskGuard::look() {
    if (!held_ || clock_.monotonic() < next_look_) return;
    next_look_ = clock_.monotonic() + kPause;
    if (free_bytes() < 2 * kReserve || !make_reserve()) return;
    held_ = false;
    log::info("disk-has-space", "there is space on the disk again: jobs go on");
}

std::string DiskGuard::why() const {
    return "the disk that holds " + reserve_.parent_path().string() +
           " is full: nothing is started and jobs cannot be changed, what runs goes on. Free at least " +
           std::to_string(2 * kReserve >> 20) + " MiB; everything goes on by itself then";
}

/// True also where a file's space cannot be reserved: that is no full disk.
bool DiskGuard::make_reserve() {
    const Fd file(::open(reserve_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    const int code = file ? ::posix_fallocate(file.get(), 0, kReserve) : errno;
    if (code == ENOSPC || code == EDQUOT) {
        std::error_code ignored;
        std::filesystem::remove(reserve_, ignored);
        return false;
    }
    if (code != 0) {
        log::warning("disk-reserve-missing", "no space can be kept in reserve in " + reserve_.string() + ": " +
                                                 std::system_category().message(code));
    }
    return true;
}

std::int64_t DiskGuard::free_bytes() const {
    struct statvfs space {};
    const auto folder = reserve_.has_parent_path() ? reserve_.parent_path() : std::filesystem::path(".");
    if (::statvfs(folder.c_str(), &space) != 0) throw_errno("statvfs " + folder.string());
    return static_cast<std::int64_t>(space.f_bavail) * static_cast<std::int64_t>(space.f_frsize);
}

}  // namespace foliot::engine
