#include "module/file_check.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace foliot::module {
namespace {

FileStat from(const struct stat& s) {
    return {static_cast<std::uint64_t>(s.st_dev), static_cast<std::uint64_t>(s.st_ino),
            static_cast<std::uint64_t>(s.st_size),
            static_cast<std::int64_t>(s.st_mtim.tv_sec) * 1'000'000'000 + s.st_mtim.tv_nsec};
}

std::string reason_of(int error) { return std::generic_category().message(error); }

/// Empty when only root and this user can change it.
std::string weakness(const std::filesystem::path& path, const struct stat& s) {
    if (s.st_uid != 0 && s.st_uid != ::geteuid())
        return path.string() + " belongs to user " + std::to_string(s.st_uid) +
               "; it must belong to root or to the server's user";
    const bool sticky_folder = S_ISDIR(s.st_mode) && (s.st_mode & S_ISVTX) != 0;
    if ((s.st_mode & (S_IWGRP | S_IWOTH)) != 0 && !sticky_folder)
        return path.string() + " can be changed by its group or by others; run: chmod go-w " + path.string();
    return {};
}

std::string weakness_above(const std::filesystem::path& file) {
    for (std::filesystem::path folder = file.parent_path();; folder = folder.parent_path()) {
        struct stat s {};
        if (::lstat(folder.c_str(), &s) != 0) return folder.string() + ": " + reason_of(errno);
        if (std::string found = weakness(folder, s); !found.empty()) return found;
        if (folder == folder.parent_path()) return {};
    }
}

}  // namespace

std::string FileStat::text() const {
    return std::to_string(device) + ':' + std::to_string(inode) + ':' + std::to_string(size) + ':' +
           std::to_string(mtime_ns);
}

std::optional<FileStat> stat_of(const std::filesystem::path& path) {
    struct stat s {};
    if (::lstat(path.c_str(), &s) != 0) return std::nullopt;
    return from(s);
}

OpenedFile open_checked(const std::filesystem::path& path, bool trusted) {
    OpenedFile file;
    // O_NONBLOCK: opening a FIFO that somebody put there must not wait for a writer.
    Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
    if (!fd) {
        file.gone = errno == ENOENT;
        file.insecure = errno == ELOOP;
        file.problem = path.string() +
                       (errno == ELOOP ? " is a symbolic link; put the module itself there" : ": " + reason_of(errno));
        return file;
    }
    struct stat s {};
    if (::fstat(fd.get(), &s) != 0) {
        file.problem = path.string() + ": " + reason_of(errno);
        return file;
    }
    file.stat = from(s);
    if (!S_ISREG(s.st_mode)) file.problem = path.string() + " is no regular file";
    if (file.problem.empty() && !trusted) file.problem = weakness(path, s);
    if (file.problem.empty() && !trusted) file.problem = weakness_above(path);
    file.insecure = !file.problem.empty();
    if (!file.insecure) file.fd = std::move(fd);
    return file;
}

}  // namespace foliot::module
