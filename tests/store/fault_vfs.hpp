// A disk that fails on demand: SQLite's own file system with faults in it, for this process and as long as it lives.
// Also knows what a power loss would leave behind.
#pragma once

#include <sqlite3.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace foliot::testing {

enum class Io { open, read, write, truncate, sync, file_size, lock, shm_map, shm_lock, access, remove };
constexpr std::size_t kIoKinds = 11;

struct Fault {
    Io kind = Io::write;
    int code = 0;  ///< SQLite's; 0: the call succeeds, but a page that was read is damaged
    int nth = 1;   ///< counted from arm(), by kind
    int times = 1;
};

/// What is in a file for good, and what was written since it was last synced.
struct DiskFile {
    struct Change {
        std::int64_t offset = 0;  ///< of `data`; else the new size
        std::string data;
        bool truncates = false;
    };
    std::string durable;
    std::vector<Change> pending;
};
using Disk = std::map<std::string, DiskFile>;

/// Writes the files as a power loss may leave them: each change that was not synced is there, is not, or (one) is torn
/// between sectors.
void lose_power(const Disk& disk, const std::filesystem::path& into, std::minstd_rand& random);

/// Becomes SQLite's default file system. No connection may be open at either end of its life. Syncs nothing for real.
class FaultVfs final {
  public:
    FaultVfs();
    ~FaultVfs();
    FaultVfs(const FaultVfs&) = delete;
    FaultVfs& operator=(const FaultVfs&) = delete;

    void arm(const Fault& fault);
    int disarm();  ///< how often it failed

    /// Remembers what is durable in files opened from now on. At the `nth` change (write, truncation, sync, removal)
    /// keeps the disk as it is before it, and calls `at_crash` with no change going on.
    void crash_at(int nth, std::function<void()> at_crash);
    const Disk& crashed() const { return crashed_; }  ///< once it was called
    int changes() const { return changes_; }
    std::int64_t log_bytes() const { return log_bytes_; }  ///< written to write-ahead logs so far

  private:
    friend struct Shim;
    int hit(Io kind);  ///< 0: go on
    bool damages(Io kind);
    bool is_next(Io kind);
    void count_change();
    void track(const std::string& name, sqlite3_file* file);

    sqlite3_vfs* real_;
    sqlite3_vfs vfs_{};
    std::mutex mutex_;
    bool armed_ = false;
    Fault fault_;
    std::array<int, kIoKinds> calls_{};
    int fired_ = 0;
    int changes_ = 0, crash_at_ = 0;
    bool recording_ = false;
    std::atomic<std::int64_t> log_bytes_{0};
    std::function<void()> at_crash_;
    Disk disk_, crashed_;
};

}  // namespace foliot::testing
