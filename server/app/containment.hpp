// What keeps jobs in their place: another user, and a cgroup for each worker.
#pragma once

#include "app/config.hpp"
#include "process/cgroup.hpp"
#include "process/privileges.hpp"

#include <filesystem>
#include <optional>

namespace foliot::app {

struct Containment {
    std::optional<process::JobUser> user;
    std::optional<process::Cgroup> cgroup;
    std::filesystem::path work_dir;  ///< of all workers
};

/// workers.user as a user, who is neither root nor this one. Throws std::runtime_error that names the key.
std::optional<process::JobUser> find_job_user(const Config& config);

/// Gets all of it ready, and says in the log what there is and what is missing. From here on this process is in a leaf
/// of its cgroup; with a user for the jobs it cannot be looked into, and leaves no core. Throws std::runtime_error when
/// what the configuration asks for cannot be had.
Containment contain_jobs(const Config& config);

}  // namespace foliot::app
