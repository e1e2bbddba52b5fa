// Where workers have their folders, and how these go again.
#pragma once

#include "process/privileges.hpp"
#include "runner/trash.hpp"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace foliot::runner {

/// Removes folders of another user's, as that user: by `foliot-worker --remove`, in a thread of its own. What is left
/// when it is destroyed, the next one over the same folder takes.
class JobUserTrash final {
  public:
    /// Begins with all that is in `root` but `kept`.
    JobUserTrash(std::filesystem::path worker_program, process::JobUser user, const std::filesystem::path& root,
                 const std::string& kept);
    ~JobUserTrash();
    JobUserTrash(const JobUserTrash&) = delete;
    JobUserTrash& operator=(const JobUserTrash&) = delete;

    void take(const std::filesystem::path& thing);  ///< any thread; returns at once

  private:
    using Arguments = std::vector<std::string>;
    void work(const std::stop_token& stop);
    void remove(const Arguments& arguments, const std::stop_token& stop) const;

    const std::filesystem::path worker_program_;
    const process::JobUser user_;
    std::mutex mutex_;
    std::condition_variable_any more_;  // things_
    std::deque<Arguments> things_;      // guarded
    std::jthread thread_;               // last: it uses all of the above
};

/// A folder for each worker. With a user for the jobs everything below the root is that user's, made and removed by
/// processes that run as it: the server could not even look into it.
class WorkFolders final {
  public:
    WorkFolders(const std::filesystem::path& root, const std::optional<process::JobUser>& user,
                const std::filesystem::path& worker_program);

    /// The worker makes it if it runs as another user.
    std::filesystem::path folder(std::size_t slot, std::uint64_t serial) const;
    /// A worker is dead. `tidy`: it ended in order, and removes its folder then if it is another user's.
    void clear(const std::filesystem::path& folder, bool tidy);

  private:
    const std::filesystem::path root_;
    const std::string life_;  ///< name of a folder below the root, of this life of the server; "": none is needed
    std::optional<Trash> own_;
    std::optional<JobUserTrash> foreign_;
};

}  // namespace foliot::runner
