// Is this a file that the server may trust, and which one is it?
#pragma once

#include "base/fd.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace foliot::module {

/// Device, inode, size and mtime in nanoseconds: what changes when a file is replaced or rewritten.
struct FileStat {
    std::uint64_t device = 0, inode = 0, size = 0;
    std::int64_t mtime_ns = 0;
    bool operator==(const FileStat&) const = default;

    std::string text() const;
};

/// Of what `path` names now, links not followed; nothing when there is nothing.
std::optional<FileStat> stat_of(const std::filesystem::path& path);

struct OpenedFile {
    Fd fd;  ///< none: not usable, `problem` says why, in words for an operator
    FileStat stat;
    std::string problem;
    bool gone = false;      ///< vanished since the folder was listed
    bool insecure = false;  ///< it could be read, but others could change it
};

/// Opens a regular file for reading. Unless `trusted`: it and every folder above it must belong to root or this user
/// and must not be writable by group or others (a sticky folder may be). `path` is absolute; its folder holds no links.
OpenedFile open_checked(const std::filesystem::path& path, bool trusted);

}  // namespace foliot::module
