// The start ledger: a shared memory-mapped file with a slot per worker. A worker stores the run before it calls job
// code and the outcome after it, so that a crash of worker, server or both never loses or doubles a run. A slot is a
// ring of the worker's last runs; the server never has more than half a ring uncommitted with one worker.
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
    std::atomic<std::int32_t> pid;          ///< 0: free
    std::atomic<std::uint32_t> next;        ///< ring position of the next run
    std::atomic<std::uint64_t> start_time;  ///< of the process, /proc/PID/stat field 22
    LedgerRun runs[kLedgerRing];
};

struct LedgerFinding {
    LedgerPhase phase = LedgerPhase::none;
    std::int32_t outcome = 0;
    Micros started = 0, ended = 0;
};

class Ledger {
  public:
    /// Maps an existing ledger or makes one with `slots` slots (more when the file has more). One of an earlier boot of
    /// the machine is emptied: its processes are gone, their numbers may be anybody's. Throws std::system_error, or
    /// std::runtime_error when the file is no ledger of this version.
    static Ledger open(const std::filesystem::path& file, std::size_t slots, std::string_view boot_id);
    /// In a worker: maps the descriptor it was given, then closes it.
    static Ledger attach(Fd fd);

    Ledger(Ledger&& other) noexcept;
    Ledger& operator=(Ledger&&) = delete;
    ~Ledger();

    /// A random name, made with the file and anew with each boot. Whoever remembers another one has no proof here.
    std::string id() const;

    std::size_t size() const;
    LedgerSlot& slot(std::size_t index);
    int fd() const;  ///< to hand to a worker; -1 after attach

    /// Searches all slots for this very claim of the run.
    std::optional<LedgerFinding> find(std::int64_t execution, std::int64_t claim) const;
    struct Owner {
        std::int32_t pid;
        std::uint64_t start_time;
    };
    std::vector<Owner> owners() const;  ///< slots with a pid
    void clear();                       ///< all slots free and empty

  private:
    Ledger() = default;
    void* base_ = nullptr;
    std::size_t bytes_ = 0;
    Fd fd_;
};

/// Worker side, before job code / after it. Async-signal-safe stores only.
LedgerRun& ledger_begin(LedgerSlot& slot, std::int64_t execution, std::int64_t claim, Micros now);
void ledger_end(LedgerRun& run, std::int32_t outcome, Micros now);

}  // namespace foliot::process
