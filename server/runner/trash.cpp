#include "runner/trash.hpp"

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"

#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

namespace foliot::runner {

namespace fs = std::filesystem;

Trash::Trash(fs::path folder) : folder_(std::move(folder)) {
    std::error_code none;  // nothing there: nothing was left
    for (fs::directory_iterator entry(folder_, none), end; !none && entry != end; entry.increment(none)) {
        things_.push_back(entry->path());
    }
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

Trash::~Trash() = default;

fs::path Trash::new_name() const {
    std::array<char, 8> random{};
    if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size())) throw_errno("getrandom");
    return folder_ / to_hex({random.data(), random.size()});
}

void Trash::take(const fs::path& thing) {
    if (::rmdir(thing.c_str()) == 0 || errno == ENOENT) return;  // most workers leave nothing
    fs::path name = new_name();
    int moved = std::rename(thing.c_str(), name.c_str());
    if (moved != 0 && errno == ENOENT && ::mkdir(folder_.c_str(), 0700) == 0) {
        moved = std::rename(thing.c_str(), name.c_str());
    }
    if (moved != 0) {
        const std::error_code error(errno, std::system_category());
        return log::warning("leftovers-stay",
                            "cannot remove " + thing.string() + ": " + error.message() + "; remove it by hand");
    }
    const std::lock_guard lock(mutex_);
    things_.push_back(std::move(name));
    more_.notify_one();
}

void Trash::work(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (more_.wait(lock, stop, [this] { return !things_.empty(); }) && !stop.stop_requested()) {
        const fs::path thing = std::move(things_.front());
        things_.pop_front();
        lock.unlock();
        try {
            remove(thing, stop);
        } catch (const std::exception& e) {
            log::warning("leftovers-stay-yet",
                         "cannot remove " + thing.string() + " yet: " + e.what());  // at the next start, then
        }
        lock.lock();
    }
}

/// Folders within become things of their own: neither depth nor the length of paths nor closed folders can stop it.
void Trash::remove(const fs::path& thing, const std::stop_token& stop) {
    if (!fs::is_directory(fs::symlink_status(thing))) {
        fs::remove(thing);
        return;
    }
    fs::permissions(thing, fs::perms::owner_all);
    for (const auto& entry : fs::directory_iterator(thing)) {
        if (stop.stop_requested()) return;
        if (fs::is_directory(entry.symlink_status())) {
            fs::permissions(entry.path(), fs::perms::owner_all);
            take(entry.path());
        } else {
            fs::remove(entry.path());
        }
    }
    fs::remove(thing);
}

}  // namespace foliot::runner
