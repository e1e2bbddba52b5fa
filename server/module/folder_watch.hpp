// Notices what happens to the files of module folders, by inotify(7), and by looking where that cannot help.
#pragma once

#include "base/fd.hpp"
#include "module/file_check.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace foliot::module {

/// Folders may come, go and be replaced; their files named *.so count. For one thread. Never throws for what it finds:
/// what cannot be watched is said in the log, once, and found by look().
class FolderWatch final {
  public:
    explicit FolderWatch(std::vector<std::filesystem::path> folders);

    /// Readable when something happened; -1: nothing can be watched. Another one after read() and look().
    int fd() const { return inotify_ ? inotify_.get() : -1; }

    struct News {
        bool changed = false;                     ///< some file may be another one
        std::set<std::filesystem::path> written;  ///< files that were written to, be it in place or to a new one
    };
    /// What has happened since; waits for nothing.
    News read();
    /// True: folders or files are others than at the last look (or at the start). What could not be watched is tried
    /// again.
    bool look();

  private:
    /// A folder that is watched: a module folder, or the deepest one above it that exists.
    struct Watch {
        std::filesystem::path folder;
        std::string awaited;  ///< name of what is missing in it on the way to the module folder; "": it is the one
    };
    /// What a look finds, by path.
    struct Sights {
        std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> folders;  ///< device and inode
        std::map<std::string, FileStat> files;
        bool operator==(const Sights&) const = default;
    };

    void arm();
    void arm(const std::filesystem::path& folder);
    bool watch(const Watch& what);
    bool take(int watch, unsigned mask, const std::string& name, News& news) const;
    Sights see() const;
    void miss(const std::string& problem);

    std::vector<std::filesystem::path> folders_;
    Fd inotify_;
    std::multimap<int, Watch> watches_;
    Sights seen_;
    bool misses_some_ = false;  ///< something that is there is not watched
    std::set<std::string> said_;
};

}  // namespace foliot::module
