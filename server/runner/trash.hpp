// Where folders go that nobody wants any more. To remove many files takes seconds; who holds a lock has no such time.
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>

namespace foliot::runner {

/// Empties itself, in a thread of its own. What is left when it is destroyed, the next one over the same folder takes.
class Trash final {
  public:
    /// `folder` is a place of its own, on the file system of what is thrown away; it is made when it is needed.
    explicit Trash(std::filesystem::path folder);
    ~Trash();
    Trash(const Trash&) = delete;
    Trash& operator=(const Trash&) = delete;

    /// It is gone from where it was when this returns, unless it cannot be moved (a line in the log). A few system
    /// calls, however much is in it. Not there: nothing happens. Any thread.
    void take(const std::filesystem::path& thing);

  private:
    void work(const std::stop_token& stop);
    void remove(const std::filesystem::path& thing, const std::stop_token& stop);
    std::filesystem::path new_name() const;

    const std::filesystem::path folder_;
    std::mutex mutex_;
    std::condition_variable_any more_;          // things_
    std::deque<std::filesystem::path> things_;  // guarded
    std::jthread thread_;                       // last: it uses all of the above
};

}  // namespace foliot::runner
