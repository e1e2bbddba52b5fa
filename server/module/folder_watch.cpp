#include "module/folder_watch.hpp"

#include "base/log.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace foliot::module {
namespace fs = std::filesystem;
namespace {

constexpr unsigned kOfFolder = IN_DELETE_SELF | IN_MOVE_SELF;
constexpr unsigned kOfFiles =
    IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB;
constexpr unsigned kOfComing = IN_CREATE | IN_MOVED_TO;
constexpr unsigned kWritten = IN_MODIFY | IN_CLOSE_WRITE;
constexpr int kMostLevels = 64;

std::string reason_of(int error) { return std::generic_category().message(error); }

}  // namespace

FolderWatch::FolderWatch(std::vector<fs::path> folders) : folders_(std::move(folders)) {
    arm();
    seen_ = see();
}

/// All anew: watches hang on the folders that there were, not on their names.
void FolderWatch::arm() {
    watches_.clear();
    misses_some_ = false;
    inotify_ = Fd(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (!inotify_) return miss("new modules are noticed late, folders cannot be watched: " + reason_of(errno));
    for (const fs::path& folder : folders_) arm(folder);
}

/// The folder, or the deepest one above it that there is. It may come while we look, so from the top once more.
void FolderWatch::arm(const fs::path& folder) {
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (watch({folder, ""})) return;
        fs::path missing = folder;
        for (int level = 0; level < kMostLevels && missing.has_relative_path(); ++level) {
            const fs::path above = missing.parent_path();
            if (watch({above, missing.filename().string()})) break;
            missing = above;
        }
    }
}

bool FolderWatch::watch(const Watch& what) {
    const unsigned mask = IN_ONLYDIR | IN_MASK_ADD | kOfFolder | (what.awaited.empty() ? kOfFiles : kOfComing);
    const int number = ::inotify_add_watch(inotify_.get(), what.folder.c_str(), mask);
    if (number < 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            miss("module folder " + what.folder.string() + " cannot be watched, changes are noticed late: " +
                 reason_of(errno) + (errno == ENOSPC ? " (raise sysctl fs.inotify.max_user_watches)" : ""));
        return false;
    }
    watches_.emplace(number, what);
    return true;
}

FolderWatch::News FolderWatch::read() {
    News news;
    bool others = false;
    alignas(inotify_event) std::array<char, 64UL << 10U> buffer;
    for (ssize_t size = 0; inotify_ && (size = ::read(inotify_.get(), buffer.data(), buffer.size())) > 0;) {
        for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
            inotify_event event;
            std::memcpy(&event, buffer.data() + at, sizeof event);
            const char* name = buffer.data() + at + sizeof event;
            others = take(event.wd, event.mask, event.len > 0 ? name : "", news) || others;
            at += sizeof event + event.len;
        }
    }
    if (others) {
        news.changed = true;
        arm();
    }
    return news;
}

/// True: the folders themselves are others now, or it is not known what happened.
bool FolderWatch::take(int watch, unsigned mask, const std::string& name, News& news) const {
    if ((mask & (kOfFolder | IN_IGNORED | IN_UNMOUNT | IN_Q_OVERFLOW)) != 0) return true;
    const auto [begin, end] = watches_.equal_range(watch);
    for (auto at = begin; at != end; ++at) {
        const auto& [folder, awaited] = at->second;
        if (!awaited.empty() && awaited == name && (mask & kOfComing) != 0) return true;
        const fs::path file = folder / name;
        if (!awaited.empty() || file.extension() != ".so") continue;
        news.changed = true;
        if ((mask & kWritten) != 0) news.written.insert(file);
    }
    return false;
}

/// Watches do not tell when a folder above is moved, a link on the way is set to another folder, or something is
/// mounted over it.
bool FolderWatch::look() {
    if (misses_some_) arm();
    Sights now = see();
    if (now == seen_) return false;
    if (now.folders != seen_.folders) {
        arm();
        now = see();  // what came before it was watched
    }
    seen_ = std::move(now);
    return true;
}

FolderWatch::Sights FolderWatch::see() const {
    Sights sights;
    std::error_code error;
    for (const fs::path& folder : folders_) {
        const auto own = stat_of(fs::canonical(folder, error));
        if (error || !own) continue;
        sights.folders[folder.string()] = {own->device, own->inode};
        for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
            if (entry->path().extension() != ".so") continue;
            if (const auto file = stat_of(entry->path())) sights.files[entry->path().string()] = *file;
        }
    }
    return sights;
}

void FolderWatch::miss(const std::string& problem) {
    misses_some_ = true;
    if (said_.insert(problem).second) log::warning("modules-not-watched", problem);
}

}  // namespace foliot::module
