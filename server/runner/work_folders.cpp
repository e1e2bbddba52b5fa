#include "runner/work_folders.hpp"

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "process/spawn.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/random.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace foliot::runner {

namespace fs = std::filesystem;

namespace {

constexpr const char* kTrash = "trash";  ///< among the workers' folders, whose names are numbers
/// One that is held up, as by a job of the same user, must not hold up all others.
constexpr Micros kRemoveLimit = 300 * kSecond;

std::string random_name() {
    std::array<char, 8> random{};
    if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size())) throw_errno("getrandom");
    return to_hex({random.data(), random.size()});
}

/// Runs are numbered anew in each life of the server: they must not find the folders of an earlier one's.
void clear_folders(const fs::path& root, Trash& trash) {
    std::error_code none;
    for (fs::directory_iterator entry(root, none), end; !none && entry != end; entry.increment(none)) {
        if (entry->path().filename() != kTrash) trash.take(entry->path());
    }
}

bool await(const process::Child& child, const std::stop_token& stop) {
    constexpr int slice = 200;  // milliseconds: how long a stop may have to wait
    for (Micros waited = 0; waited < kRemoveLimit; waited += slice * kMillisecond) {
        pollfd end{child.pidfd.get(), POLLIN, 0};
        if (::poll(&end, 1, slice) > 0) return true;
        if (stop.stop_requested()) return false;
    }
    return false;
}

}  // namespace

JobUserTrash::JobUserTrash(fs::path worker_program, process::JobUser user, const fs::path& root,
                           const std::string& kept)
    : worker_program_(std::move(worker_program)), user_(std::move(user)) {
    things_.push_back({"--remove", root.string(), "--except", kept});
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

JobUserTrash::~JobUserTrash() = default;

void JobUserTrash::take(const fs::path& thing) {
    const std::lock_guard lock(mutex_);
    things_.push_back({"--remove", thing.string()});
    more_.notify_one();
}

void JobUserTrash::work(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (more_.wait(lock, stop, [this] { return !things_.empty(); }) && !stop.stop_requested()) {
        const Arguments arguments = std::move(things_.front());
        things_.pop_front();
        lock.unlock();
        try {
            remove(arguments, stop);
        } catch (const std::exception& e) {
            log::warning("leftovers-stay-yet",
                         "cannot remove " + arguments.at(1) + " yet: " + e.what());  // at the next start, then
        }
        lock.lock();
    }
}

void JobUserTrash::remove(const Arguments& arguments, const std::stop_token& stop) const {
    process::SpawnRequest request;
    request.program = worker_program_.string();
    request.arguments = {"--user", user_.text()};
    request.arguments.insert(request.arguments.end(), arguments.begin(), arguments.end());
    const process::Child child = process::spawn(request);
    if (!await(child, stop)) process::signal_child(child, SIGKILL);
    pollfd end{child.pidfd.get(), POLLIN, 0};
    while (::poll(&end, 1, -1) < 0 && errno == EINTR) {}
    const auto exit = process::reap(child);
    const bool removed = exit && exit->code == 0 && exit->signal == 0;
    if (removed || stop.stop_requested()) return;
    log::warning("leftovers-stay-yet", "cannot remove " + arguments.at(1) + " as user " + user_.name + " yet (status " +
                                           std::to_string(exit ? exit->code : 0) + ", signal " +
                                           std::to_string(exit ? exit->signal : 0) + "); the next start tries again");
}

WorkFolders::WorkFolders(const fs::path& root, const std::optional<process::JobUser>& user,
                         const fs::path& worker_program)
    : root_(root), life_(user ? random_name() : "") {
    if (user) {
        foreign_.emplace(worker_program, *user, root, life_);
    } else {
        own_.emplace(root / kTrash);
        clear_folders(root, *own_);
    }
}

fs::path WorkFolders::folder(std::size_t slot, std::uint64_t serial) const {
    // A job user's folders are removed a little later than their workers end, so no name comes twice.
    return foreign_ ? root_ / life_ / std::to_string(serial) : root_ / std::to_string(slot);
}

void WorkFolders::clear(const fs::path& folder, bool tidy) {
    if (own_) return own_->take(folder);
    if (!tidy) foreign_->take(folder);
}

}  // namespace foliot::runner
