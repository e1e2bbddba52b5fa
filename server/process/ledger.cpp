#include "process/ledger.hpp"

#include "base/error.hpp"
#include "base/ids.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

namespace foliot::process {
namespace {

constexpr char kMagic[8] = {'F', 'O', 'L', 'L', 'E', 'D', 'G', 'R'};
constexpr std::uint32_t kVersion = 1;

/// First in the file. Padded so that the slots start on a cache line.
struct alignas(64) Header {
    char magic[8];
    std::uint32_t version;
    std::uint32_t slot_bytes;
    std::uint64_t id;
    char boot[40];  ///< filled up with zeroes
};

static_assert(sizeof(Header) == 64);
static_assert(sizeof(LedgerRun) == 40 && sizeof(LedgerSlot) == 16 + 40 * kLedgerRing, "the file's layout");
static_assert(std::atomic<std::int64_t>::is_always_lock_free && std::atomic<std::uint64_t>::is_always_lock_free &&
                  std::atomic<std::int32_t>::is_always_lock_free && std::atomic<std::uint32_t>::is_always_lock_free,
              "shared between processes");

std::size_t file_size(int fd, const std::string& what) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) throw_errno("stat " + what);
    return static_cast<std::size_t>(status.st_size);
}

void check_header(const Header& header, const std::string& what) {
    if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0) throw std::runtime_error(what + " is no start ledger");
    if (header.version != kVersion || header.slot_bytes != sizeof(LedgerSlot)) {
        throw std::runtime_error(what + " is a start ledger of version " + std::to_string(header.version) +
                                 " with slots of " + std::to_string(header.slot_bytes) + " bytes, wanted version " +
                                 std::to_string(kVersion) + " and " + std::to_string(sizeof(LedgerSlot)));
    }
}

std::size_t slots_in(std::size_t bytes) {
    return bytes < sizeof(Header) ? 0 : (bytes - sizeof(Header)) / sizeof(LedgerSlot);
}

bool same_boot(const Header& header, std::string_view boot_id) {
    return std::string_view(header.boot, ::strnlen(header.boot, sizeof header.boot)) == boot_id;
}

void* map(int fd, std::size_t bytes, const std::string& what) {
    void* base = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (base == MAP_FAILED) throw_errno("map " + what);
    return base;
}

void clear_run(LedgerRun& run) {
    run.execution.store(0, std::memory_order_relaxed);
    run.claim.store(0, std::memory_order_relaxed);
    run.phase.store(0, std::memory_order_relaxed);
    run.outcome.store(0, std::memory_order_relaxed);
    run.started.store(0, std::memory_order_relaxed);
    run.ended.store(0, std::memory_order_relaxed);
}

/// The boot comes last: a crash before it makes the next server begin again.
void begin_boot(Header& header, std::string_view boot_id) {
    if (::getrandom(&header.id, sizeof header.id, 0) != sizeof header.id) throw_errno("getrandom");
    std::memset(header.boot, 0, sizeof header.boot);
    std::memcpy(header.boot, boot_id.data(), boot_id.size());
}

LedgerSlot* slots_at(void* base) { return reinterpret_cast<LedgerSlot*>(static_cast<char*>(base) + sizeof(Header)); }

}  // namespace

Ledger Ledger::open(const std::filesystem::path& file, std::size_t slots, std::string_view boot_id) {
    assert(!boot_id.empty() && boot_id.size() <= sizeof(Header::boot));
    const std::string what = file.string();
    Ledger ledger;
    ledger.fd_.reset(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!ledger.fd_) throw_errno("open " + what);
    const int fd = ledger.fd_.get();
    const std::size_t old_bytes = file_size(fd, what);
    // A crash while the ledger was made leaves a file without its magic word; only zeroes can be taken for that.
    const std::size_t count = std::max(slots, slots_in(old_bytes));
    const std::size_t bytes = sizeof(Header) + count * sizeof(LedgerSlot);
    if (old_bytes < bytes) {
        if (const int error = ::posix_fallocate(fd, 0, static_cast<off_t>(bytes)); error != 0) {
            throw_errno("allocate " + what, error);
        }
    }
    ledger.base_ = map(fd, bytes, what);
    ledger.bytes_ = bytes;
    auto& header = *static_cast<Header*>(ledger.base_);
    static constexpr Header kBlank{};
    if (std::memcmp(&header, &kBlank, sizeof header) == 0) {
        header.version = kVersion;
        header.slot_bytes = sizeof(LedgerSlot);
        std::memcpy(header.magic, kMagic, sizeof kMagic);
    }
    check_header(header, what);
    if (!same_boot(header, boot_id)) {
        ledger.clear();
        begin_boot(header, boot_id);
    }
    return ledger;
}

Ledger Ledger::attach(Fd fd) {
    const std::string what = "start ledger on descriptor " + std::to_string(fd.get());
    Ledger ledger;
    const std::size_t bytes = file_size(fd.get(), what);
    if (slots_in(bytes) == 0) throw std::runtime_error(what + " is too short: " + std::to_string(bytes) + " bytes");
    ledger.base_ = map(fd.get(), bytes, what);
    ledger.bytes_ = bytes;
    check_header(*static_cast<const Header*>(ledger.base_), what);
    return ledger;
}

Ledger::Ledger(Ledger&& other) noexcept
    : base_(std::exchange(other.base_, nullptr)), bytes_(std::exchange(other.bytes_, 0)), fd_(std::move(other.fd_)) {}

Ledger::~Ledger() {
    if (base_ != nullptr) ::munmap(base_, bytes_);
}

std::string Ledger::id() const {
    const std::uint64_t id = static_cast<const Header*>(base_)->id;
    return to_hex({reinterpret_cast<const char*>(&id), sizeof id});
}

std::size_t Ledger::size() const { return slots_in(bytes_); }

LedgerSlot& Ledger::slot(std::size_t index) {
    assert(index < size());
    return slots_at(base_)[index];
}

int Ledger::fd() const { return fd_.get(); }

std::optional<LedgerFinding> Ledger::find(std::int64_t execution, std::int64_t claim) const {
    const LedgerSlot* slots = slots_at(base_);
    for (std::size_t i = 0; i < size(); ++i) {
        for (const LedgerRun& run : slots[i].runs) {
            if (run.execution.load(std::memory_order_acquire) != execution || run.claim.load() != claim) continue;
            LedgerFinding found;
            found.phase = static_cast<LedgerPhase>(run.phase.load(std::memory_order_acquire));
            found.outcome = run.outcome.load();
            found.started = run.started.load();
            found.ended = run.ended.load();
            return found;
        }
    }
    return std::nullopt;
}

std::vector<Ledger::Owner> Ledger::owners() const {
    std::vector<Owner> found;
    const LedgerSlot* slots = slots_at(base_);
    for (std::size_t i = 0; i < size(); ++i) {
        if (const std::int32_t pid = slots[i].pid.load(); pid != 0) found.push_back({pid, slots[i].start_time.load()});
    }
    return found;
}

void Ledger::clear() {
    for (std::size_t i = 0; i < size(); ++i) {
        LedgerSlot& one = slot(i);
        one.pid.store(0);
        one.next.store(0);
        one.start_time.store(0);
        for (LedgerRun& run : one.runs) clear_run(run);
    }
}

LedgerRun& ledger_begin(LedgerSlot& slot, std::int64_t execution, std::int64_t claim, Micros now) {
    const std::uint32_t position = slot.next.load(std::memory_order_relaxed);
    LedgerRun& run = slot.runs[position % kLedgerRing];
    // A reader must never see the old name with new contents: the name goes first and comes back last.
    run.execution.store(0);
    run.claim.store(claim);
    run.outcome.store(0);
    run.started.store(now);
    run.ended.store(0);
    run.phase.store(static_cast<std::uint32_t>(LedgerPhase::started));
    run.execution.store(execution, std::memory_order_release);
    slot.next.store(position + 1, std::memory_order_release);
    return run;
}

void ledger_end(LedgerRun& run, std::int32_t outcome, Micros now) {
    run.outcome.store(outcome, std::memory_order_relaxed);
    run.ended.store(now, std::memory_order_relaxed);
    run.phase.store(static_cast<std::uint32_t>(LedgerPhase::ended), std::memory_order_release);
}

}  // namespace foliot::process
