#include "app/containment.hpp"

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/log.hpp"
#include "process/spawn.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>

namespace foliot::app {

namespace fs = std::filesystem;

namespace {

/// All in it is removed at each start, so it is never a folder that somebody named.
constexpr const char* kWorkFolder = "foliot-work";
constexpr int kCheckLimit = 10'000;  ///< milliseconds

[[noreturn]] void refuse(const std::string& key, const std::string& why) { throw ConfigError(key, ": " + why); }

void expect_powers(const process::JobUser& user) {
    const std::string missing = process::missing_powers();
    if (missing.empty()) return;
    refuse("workers.user", "to run jobs as " + user.name + " this server, user " + std::to_string(::geteuid()) +
                               ", needs " + missing +
                               " (systemd: AmbientCapabilities=CAP_SETUID CAP_SETGID CAP_KILL), or to be root");
}

/// Below it nothing is the server's, so that it needs no rights over other users' files.
void prepare_work_dir(const fs::path& folder, const process::JobUser& user) {
    if (::geteuid() == 0 && ::mkdir(folder.c_str(), 0700) == 0 && ::chown(folder.c_str(), user.uid, user.gid) != 0) {
        throw_errno("give " + folder.string() + " to " + user.name);
    }
    struct stat found {};
    const std::string advice = "; run: install -d -o " + user.name + " -m 0700 " + folder.string();
    if (::lstat(folder.c_str(), &found) != 0) {
        refuse("workers.dir", folder.string() + " is not there, or this server may not look" + advice);
    }
    const bool good = S_ISDIR(found.st_mode) && found.st_uid == user.uid && (found.st_mode & (S_IWGRP | S_IWOTH)) == 0;
    if (!good)
        refuse("workers.dir", folder.string() + " must be a folder that only " + user.name + " can change" + advice);
}

/// Goes the way that each worker will go, so what is wrong with it is told at once.
void try_out(const Config& config, const process::JobUser& user, const fs::path& folder) {
    FdPair errors = make_output_pipe();
    process::SpawnRequest request;
    request.program = config.worker_program.string();
    request.arguments = {"--user", user.text(), "--check-folder", folder.string()};
    request.err = errors.theirs.get();
    const process::Child child = process::spawn(request);
    pollfd end{child.pidfd.get(), POLLIN, 0};
    if (::poll(&end, 1, kCheckLimit) != 1) process::signal_child(child, SIGKILL);
    while (::poll(&end, 1, -1) < 0 && errno == EINTR) {}
    const auto exit = process::reap(child);
    if (exit && exit->code == 0 && exit->signal == 0) return;
    std::array<char, 1024> said{};
    const auto size = read_some(errors.ours.get(), said);
    std::string text(said.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    refuse("workers.user", "a worker cannot work as " + user.name + " in workers.dir, " + folder.string() + ": " +
                               (text.empty() ? "it does not answer" : text) +
                               "; let everybody enter the folders above it, or name another one");
}

void use_job_user(const Config& config, const process::JobUser& user, const fs::path& work_dir) {
    expect_powers(user);
    if (::geteuid() != 0) process::pass_on_powers();
    prepare_work_dir(work_dir, user);
    try_out(config, user, work_dir);
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) throw_errno("prctl(PR_SET_DUMPABLE)");
    log::info("job-user", "jobs run as user " + user.name + " (" + user.text() + "), in " + work_dir.string());
}

void say_what_is_there(const process::Cgroup& cgroup) {
    log::info("cgroup-leaves", "cgroups: each worker has a leaf of " + cgroup.folder().string() +
                                   ", which is killed with all that its jobs have started");
    if (!cgroup.has("pids"))
        log::info("cgroup-without-pids", "cgroups: no pids controller, so workers.max_tasks is not enforced");
    if (!cgroup.has("memory")) {
        log::info("cgroup-without-memory",
                  "cgroups: no memory controller, so memory is limited for each process, not for all of a worker");
    }
}

/// `auto` does without; what is asked for by name must be had.
std::optional<process::Cgroup> take_cgroup(const std::string& wanted) {
    if (wanted == "off") return std::nullopt;
    if (wanted != "auto") {
        auto cgroup = process::Cgroup::take(wanted);
        say_what_is_there(cgroup);
        return cgroup;
    }
    try {
        auto cgroup = process::Cgroup::take_own();
        say_what_is_there(cgroup);
        return cgroup;
    } catch (const process::CgroupError& e) {
        log::info("cgroups-not-used", std::string("cgroups are not used: ") + e.what() +
                                          "; what jobs start is found by its descent and killed one by one");
    }
    return std::nullopt;
}

}  // namespace

std::optional<process::JobUser> find_job_user(const Config& config) {
    if (config.job_user.empty()) return std::nullopt;
    process::JobUser user;
    try {
        user = process::find_user(config.job_user);
    } catch (const std::exception& e) {
        refuse("workers.user", std::string(e.what()) + "; make it (useradd --system), or leave the key empty");
    }
    if (user.uid == 0 || user.gid == 0)
        refuse("workers.user", user.name + " is root or in its group; take another user");
    if (user.uid == ::geteuid()) {
        refuse("workers.user", user.name + " is whom this server runs as; take another user, or leave the key empty");
    }
    return user;
}

Containment contain_jobs(const Config& config) {
    Containment made;
    made.user = find_job_user(config);
    const fs::path usual = made.user ? fs::path(config.data_dir.string() + "-work") : config.data_dir / "work";
    const fs::path folder = config.work_dir.empty() ? usual : config.work_dir;
    made.work_dir = folder / kWorkFolder;
    try {
        made.cgroup = take_cgroup(config.cgroup);
    } catch (const process::CgroupError& e) {
        refuse("workers.cgroup", e.what());
    }
    if (made.user) {
        use_job_user(config, *made.user, folder);
    } else {
        fs::create_directories(made.work_dir);
        if (::chmod(made.work_dir.c_str(), 0700) != 0) throw_errno("chmod 0700 " + made.work_dir.string());
        log::warning(
            "no-job-user",
            "jobs run as the server's own user, who can read its database and keys and end it: for development "
            "only. Set workers.user to another user");
    }
    return made;
}

}  // namespace foliot::app
