// Cgroups (v2): a leaf for each worker holds all that its jobs start, whatever they do to get away. A plain layer over
// the files of the cgroup file system, where this server has a cgroup of its own; elsewhere Hunt (spawn.hpp) does it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

namespace foliot::process {

/// The cgroup cannot be used; the text says why and what to do.
struct CgroupError : std::runtime_error {
    using runtime_error::runtime_error;
};

/// Where this process's own cgroup is, from the texts of /proc/self/cgroup and /proc/self/mountinfo; a hybrid hierarchy
/// mounts it beside others. Nothing: no v2 hierarchy is mounted here.
std::optional<std::filesystem::path> own_cgroup(std::string_view memberships, std::string_view mounts);

/// A worker's cgroup. Not thread-safe; does nothing at its end.
class Leaf {
  public:
    Leaf(std::filesystem::path folder, std::set<std::string> controllers)
        : folder_(std::move(folder)), controllers_(std::move(controllers)) {}

    /// With it, all that it starts from now on; one that has ended is let be. Throws std::system_error.
    void add(pid_t pid) const;
    /// At most so many processes and threads; 0: no limit. Nothing happens without the controller.
    void set_tasks(std::uint64_t count) const;
    /// At most so many bytes of memory for all of them together; 0: no limit. False: there is no controller for it.
    bool set_memory(std::uint64_t bytes) const;
    std::uint64_t oom_kills() const;  ///< of its processes, for want of memory
    void kill() const;                ///< all of them, at once; one that forks gets nothing out
    /// False: some process in it still lives; try again.
    bool remove() const;
    const std::filesystem::path& folder() const { return folder_; }

  private:
    void set(const char* file, const std::string& value) const;
    std::filesystem::path folder_;
    std::set<std::string> controllers_;
};

/// The server's part of the hierarchy.
class Cgroup {
  public:
    /// Moves this process into the leaf `foliotd` of `folder`, ends what leaves of an earlier server still hold and
    /// removes them, and turns on what controllers there are. Throws CgroupError.
    static Cgroup take(const std::filesystem::path& folder);
    /// The cgroup that this process is in, if it has been given it (delegated): it may write there, and is alone in it.
    /// Throws CgroupError.
    static Cgroup take_own();

    /// With memory.oom.group: when memory is short, all of it goes. Throws std::system_error.
    Leaf make_leaf(const std::string& name) const;
    bool has(const std::string& controller) const { return controllers_.contains(controller); }
    const std::filesystem::path& folder() const { return folder_; }

  private:
    explicit Cgroup(std::filesystem::path folder) : folder_(std::move(folder)) {}
    void move_in() const;
    void sweep() const;
    void turn_on(const std::string& controller);
    std::filesystem::path folder_;
    std::set<std::string> controllers_;
};

}  // namespace foliot::process
