// The start ledger: files mapped into memory, a slot for each worker. A worker stores the run before it calls job code
// and the outcome after it, so that a crash of worker, server or both never loses or doubles a run. A slot is a ring of
// the worker's last runs; the server never has more than half a ring uncommitted with one worker. A worker gets its own
// slot and no other, since what job code writes there is believed of its own runs alone; who has a slot only the server
// writes down, since it kills by that.
#pragma once

#include "base/clock.hpp"
#include "base/fd.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::process {

inline constexpr std::size_t kLedgerRing = 128;

enum class LedgerPhase : std::uint32_t { none = 0, started = 1, ended = 2 };

/// Shared between processes: only lock-free atomics, no pointers, fixed layout.
struct LedgerRun {
    std::atomic<std::int64_t> execution;  ///< RunId; stored last when starting (release)
    std::atomic<std::int64_t> claim;
    std::atomic<std::uint32_t> phase;          ///< LedgerPhase
    std::atomic<std::int32_t> outcome;         ///< FOLIOT_OK..., valid when ended
    std::atomic<std::int64_t> started, ended;  ///< UTC
};
struct LedgerSlot {
    std::atomic<std::uint64_t> next;  ///< ring position of the next run
    LedgerRun runs[kLedgerRing];
};

/// A file mapped for reading and writing, shared with others that map it.
class SharedFile {
  public:
    /// Throws std::system_error naming `what`.
    SharedFile(Fd fd, std::size_t bytes, const std::string& what);
    SharedFile(SharedFile&& other) noexcept;
    SharedFile& operator=(SharedFile&&) = delete;
    ~SharedFile();
    void* data() const { return base_; }
    std::size_t bytes() const { return bytes_; }
    int fd() const { return fd_.get(); }
    void close() { fd_.reset(); }  ///< the mapping stays

  private:
    void* base_ = nullptr;
    std::size_t bytes_ = 0;
    Fd fd_;
};

/// In a worker: its slot, from the descriptor that it was given, which is closed.
class OwnSlot {
  public:
    /// Throws std::system_error, or std::runtime_error when that is no slot.
    explicit OwnSlot(Fd fd);
    LedgerSlot& operator*() const { return *static_cast<LedgerSlot*>(file_.data()); }

  private:
    SharedFile file_;
};

struct LedgerFinding {
    LedgerPhase phase = LedgerPhase::none;
    std::int32_t outcome = 0;
    Micros started = 0, ended = 0;
};

class Ledger {
  public:
    /// Maps the ledger of this name (the file `file` and one beside it for each slot), or makes one with `slots` slots
    /// (more when there are more). One of an earlier boot of the machine is emptied: its processes are gone, their
    /// numbers may be anybody's. So is one that has lost a part. Throws std::system_error, or std::runtime_error when
    /// the file is no ledger of this version.
    static Ledger open(const std::filesystem::path& file, std::size_t slots, std::string_view boot_id);

    /// A random name, made with the file and anew with each boot. Whoever remembers another one has no proof here.
    std::string id() const;

    std::size_t size() const { return slots_.size(); }
    LedgerSlot& slot(std::size_t index) const;
    int slot_fd(std::size_t index) const;  ///< to hand to its worker

    /// This very claim of the run, in the slot of the worker that it was sent to or in any. It is that worker's word.
    std::optional<LedgerFinding> find_in(std::size_t index, std::int64_t execution, std::int64_t claim) const;
    std::optional<LedgerFinding> find(std::int64_t execution, std::int64_t claim) const;

    struct Owner {
        std::int32_t pid;
        std::uint64_t start_time;  ///< of the process, /proc/PID/stat field 22
    };
    void set_owner(std::size_t index, Owner owner);  ///< before its first run is sent to it
    void clear_owner(std::size_t index);
    std::vector<Owner> owners() const;
    void clear();  ///< all slots without owner and empty

  private:
    explicit Ledger(SharedFile index) : index_(std::move(index)) {}
    SharedFile index_;
    std::vector<SharedFile> slots_;
};

/// Worker side, before job code / after it. Async-signal-safe stores only.
LedgerRun& ledger_begin(LedgerSlot& slot, std::int64_t execution, std::int64_t claim, Micros now);
void ledger_end(LedgerRun& run, std::int32_t outcome, Micros now);

}  // namespace foliot::process
