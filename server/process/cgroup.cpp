#include "process/cgroup.hpp"

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/log.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <sstream>
#include <vector>

namespace foliot::process {

namespace fs = std::filesystem;

namespace {

constexpr const char* kOwnLeaf = "foliotd";
constexpr std::string_view kLeafPrefix = "worker-";
constexpr Micros kSweepLimit = 10 * kSecond;

/// One write, as the kernel wants it: never makes the file.
void write_value(const fs::path& file, const std::string& value) {
    const Fd fd(::open(file.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
    if (!fd) throw_errno("open " + file.string());
    if (::write(fd.get(), value.data(), value.size()) < 0) throw_errno("write '" + value + "' to " + file.string());
}

std::string text_or_nothing(const fs::path& file) {
    try {
        return read_file(file.string());
    } catch (const std::system_error&) {
        return {};
    }
}

/// "KEY NUMBER" lines.
std::uint64_t value_of(const std::string& text, std::string_view key) {
    std::istringstream words(text);
    std::string name;
    std::uint64_t value = 0;
    while (words >> name >> value) {
        if (name == key) return value;
    }
    return 0;
}

void make_folder(const fs::path& folder) {
    constexpr mode_t mode = 0755;
    if (::mkdir(folder.c_str(), mode) != 0 && errno != EEXIST) throw_errno("create " + folder.string());
}

/// mountinfo writes blanks as \040.
std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned code = 0;
        const bool escape = text[i] == '\\' && i + 4 <= text.size();
        if (escape && std::from_chars(text.data() + i + 1, text.data() + i + 4, code, 8).ptr == text.data() + i + 4) {
            out += static_cast<char>(code);
            i += 3;
        } else {
            out += text[i];
        }
    }
    return out;
}

struct Mount {
    std::string root, point;
};

/// proc(5): ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAGS...] - TYPE SOURCE OPTIONS
std::optional<Mount> cgroup2_mount(std::string_view mounts) {
    std::istringstream lines{std::string(mounts)};
    for (std::string line; std::getline(lines, line);) {
        if (line.find(" - cgroup2 ") == std::string::npos) continue;
        std::istringstream words(line);
        std::string skipped;
        Mount mount;
        words >> skipped >> skipped >> skipped >> mount.root >> mount.point;
        return Mount{unescaped(mount.root), unescaped(mount.point)};
    }
    return std::nullopt;
}

std::string why_not_own(const fs::path& folder) {
    std::error_code none;
    if (!fs::exists(folder / "cgroup.events", none)) return "is the root of the hierarchy, and not this server's own";
    for (const char* file : {"", "cgroup.procs", "cgroup.subtree_control"}) {
        if (::access((folder / file).c_str(), W_OK) != 0) return "is not delegated to this server (Delegate=yes)";
    }
    std::istringstream pids(text_or_nothing(folder / "cgroup.procs"));
    for (pid_t pid = 0; pids >> pid;) {
        if (pid != ::getpid()) return "holds other processes, too (" + std::to_string(pid) + ")";
    }
    return {};
}

}  // namespace

std::optional<fs::path> own_cgroup(std::string_view memberships, std::string_view mounts) {
    const auto mount = cgroup2_mount(mounts);
    if (!mount) return std::nullopt;
    std::istringstream lines{std::string(memberships)};
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("0::/")) continue;
        const fs::path within = fs::path(line.substr(3)).lexically_relative(mount->root);
        if (within.empty() || *within.begin() == "..") return std::nullopt;  // it lies outside of what is mounted
        return (fs::path(mount->point) / within).lexically_normal();
    }
    return std::nullopt;
}

void Leaf::add(pid_t pid) const {
    try {
        set("cgroup.procs", std::to_string(pid));
    } catch (const std::system_error& e) {
        if (e.code().value() != ESRCH) throw;
    }
}

void Leaf::set(const char* file, const std::string& value) const { write_value(folder_ / file, value); }

void Leaf::set_tasks(std::uint64_t count) const {
    if (controllers_.contains("pids")) set("pids.max", count == 0 ? "max" : std::to_string(count));
}

bool Leaf::set_memory(std::uint64_t bytes) const {
    if (!controllers_.contains("memory")) return false;
    set("memory.max", bytes == 0 ? "max" : std::to_string(bytes));
    return true;
}

std::uint64_t Leaf::oom_kills() const { return value_of(text_or_nothing(folder_ / "memory.events"), "oom_kill"); }

void Leaf::kill() const {
    try {
        set("cgroup.kill", "1");
    } catch (const std::system_error& e) {
        if (e.code().value() != ENOENT) log::error("cgroup-error", std::string("cgroups: ") + e.what());
    }
}

bool Leaf::remove() const { return ::rmdir(folder_.c_str()) == 0 || errno == ENOENT; }

Cgroup Cgroup::take(const fs::path& folder) {
    Cgroup cgroup(folder);
    try {
        cgroup.move_in();
        cgroup.sweep();
    } catch (const std::system_error& e) {
        throw CgroupError(std::string("cgroup ") + folder.string() + " cannot be used: " + e.what());
    }
    for (const char* controller : {"memory", "pids"}) cgroup.turn_on(controller);
    return cgroup;
}

Cgroup Cgroup::take_own() {
    const auto folder = own_cgroup(text_or_nothing("/proc/self/cgroup"), text_or_nothing("/proc/self/mountinfo"));
    if (!folder) throw CgroupError("no cgroup v2 of this server is mounted here");
    if (const std::string why = why_not_own(*folder); !why.empty()) {
        throw CgroupError("cgroup " + folder->string() + " " + why);
    }
    return take(*folder);
}

void Cgroup::move_in() const {
    const fs::path leaf = folder_ / kOwnLeaf;
    make_folder(leaf);
    std::istringstream pids(text_or_nothing(leaf / "cgroup.procs"));
    if (pid_t pid = 0; pids >> pid && pid != ::getpid()) {
        throw CgroupError("cgroup " + folder_.string() + " is in use by process " + std::to_string(pid) +
                          ": give each server a cgroup of its own (workers.cgroup)");
    }
    if (::access((leaf / "cgroup.kill").c_str(), W_OK) != 0) {
        throw CgroupError("cgroup " + folder_.string() + " has no cgroup.kill that this server may use (Linux 5.14)");
    }
    Leaf(leaf, {}).add(::getpid());
}

void Cgroup::sweep() const {
    std::vector<Leaf> left;
    for (const auto& entry : fs::directory_iterator(folder_)) {
        if (entry.path().filename().string().starts_with(kLeafPrefix)) left.emplace_back(entry.path(), controllers_);
    }
    if (!left.empty())
        log::warning("cgroup-leftovers",
                     "cgroups: ending what " + std::to_string(left.size()) + " workers of an earlier server left");
    const SystemClock clock;
    const Micros end = clock.monotonic() + kSweepLimit;
    for (;;) {
        for (const Leaf& leaf : left) leaf.kill();
        std::erase_if(left, [](const Leaf& leaf) { return leaf.remove(); });
        if (left.empty()) return;
        if (clock.monotonic() >= end) break;
        ::poll(nullptr, 0, 5);
    }
    throw CgroupError("cgroup " + left.front().folder().string() +
                      " of an earlier server's worker cannot be emptied; end its processes, then start again");
}

void Cgroup::turn_on(const std::string& controller) {
    std::istringstream there(text_or_nothing(folder_ / "cgroup.controllers"));
    for (std::string name; there >> name;) {
        if (name != controller) continue;
        try {
            write_value(folder_ / "cgroup.subtree_control", "+" + controller);
            controllers_.insert(controller);
        } catch (const std::system_error& e) {
            log::warning("cgroup-error", std::string("cgroups: ") + e.what());
        }
    }
}

Leaf Cgroup::make_leaf(const std::string& name) const {
    Leaf leaf(folder_ / (std::string(kLeafPrefix) + name), controllers_);
    make_folder(leaf.folder());
    try {
        if (has("memory")) write_value(leaf.folder() / "memory.oom.group", "1");
    } catch (...) {
        leaf.remove();
        throw;
    }
    return leaf;
}

}  // namespace foliot::process
