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
constexpr std::uint32_t kVersion = 2;

/// First in the index; then who has which slot.
struct alignas(64) Header {
    char magic[8];
    std::uint32_t version;
    std::uint32_t slot_bytes;
    std::uint64_t id;
    char boot[40];  ///< filled up with zeroes
};
struct OwnerEntry {
    std::atomic<std::int64_t> pid;  ///< 0: nobody; stored last
    std::atomic<std::uint64_t> start_time;
};

static_assert(sizeof(Header) == 64 && sizeof(OwnerEntry) == 16);
static_assert(sizeof(LedgerRun) == 40 && sizeof(LedgerSlot) == 8 + 40 * kLedgerRing, "the files' layout");
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

std::size_t owners_in(std::size_t bytes) {
    return bytes < sizeof(Header) ? 0 : (bytes - sizeof(Header)) / sizeof(OwnerEntry);
}

Header& header_of(const SharedFile& index) { return *static_cast<Header*>(index.data()); }
OwnerEntry& owner_at(const SharedFile& index, std::size_t slot) {
    return reinterpret_cast<OwnerEntry*>(static_cast<char*>(index.data()) + sizeof(Header))[slot];
}

bool same_boot(const Header& header, std::string_view boot_id) {
    return std::string_view(header.boot, ::strnlen(header.boot, sizeof header.boot)) == boot_id;
}

struct Opened {
    Fd fd;
    std::size_t bytes;  ///< that it had
};

Opened open_file(const std::string& name) {
    Opened file{Fd(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)), 0};
    if (!file.fd) throw_errno("open " + name);
    file.bytes = file_size(file.fd.get(), name);
    return file;
}

void grow(const Opened& file, std::size_t bytes, const std::string& name) {
    if (file.bytes >= bytes) return;
    if (const int error = ::posix_fallocate(file.fd.get(), 0, static_cast<off_t>(bytes)); error != 0) {
        throw_errno("allocate " + name, error);
    }
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

}  // namespace

SharedFile::SharedFile(Fd fd, std::size_t bytes, const std::string& what) : bytes_(bytes), fd_(std::move(fd)) {
    void* base = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd_.get(), 0);
    if (base == MAP_FAILED) throw_errno("map " + what);
    base_ = base;
}

SharedFile::SharedFile(SharedFile&& other) noexcept
    : base_(std::exchange(other.base_, nullptr)), bytes_(std::exchange(other.bytes_, 0)), fd_(std::move(other.fd_)) {}

SharedFile::~SharedFile() {
    if (base_ != nullptr) ::munmap(base_, bytes_);
}

OwnSlot::OwnSlot(Fd fd)
    : file_([&] {
          const std::string what = "ledger slot on descriptor " + std::to_string(fd.get());
          const std::size_t bytes = file_size(fd.get(), what);
          if (bytes != sizeof(LedgerSlot)) {
              throw std::runtime_error(what + " has " + std::to_string(bytes) + " bytes, wanted " +
                                       std::to_string(sizeof(LedgerSlot)));
          }
          return SharedFile(std::move(fd), bytes, what);
      }()) {
    file_.close();
}

Ledger Ledger::open(const std::filesystem::path& file, std::size_t slots, std::string_view boot_id) {
    assert(!boot_id.empty() && boot_id.size() <= sizeof(Header::boot));
    const std::string what = file.string();
    Opened index = open_file(what);
    const std::size_t had = owners_in(index.bytes);
    const std::size_t count = std::max(slots, had);
    const std::size_t bytes = sizeof(Header) + count * sizeof(OwnerEntry);
    grow(index, bytes, what);
    Ledger ledger(SharedFile(std::move(index.fd), bytes, what));
    Header& header = header_of(ledger.index_);
    // A crash while the ledger was made leaves a file without its magic word; only zeroes can be taken for that.
    static constexpr Header kBlank{};
    if (std::memcmp(&header, &kBlank, sizeof header) == 0) {
        header.version = kVersion;
        header.slot_bytes = sizeof(LedgerSlot);
        std::memcpy(header.magic, kMagic, sizeof kMagic);
    }
    check_header(header, what);
    bool whole = true;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string name = what + "." + std::to_string(i);
        Opened slot = open_file(name);
        whole = whole && (i >= had || slot.bytes == sizeof(LedgerSlot));
        grow(slot, sizeof(LedgerSlot), name);
        ledger.slots_.emplace_back(std::move(slot.fd), sizeof(LedgerSlot), name);
    }
    if (!whole || !same_boot(header, boot_id)) {
        std::memset(header.boot, 0, sizeof header.boot);
        ledger.clear();
        begin_boot(header, boot_id);
    }
    return ledger;
}

std::string Ledger::id() const {
    const std::uint64_t id = header_of(index_).id;
    return to_hex({reinterpret_cast<const char*>(&id), sizeof id});
}

LedgerSlot& Ledger::slot(std::size_t index) const { return *static_cast<LedgerSlot*>(slots_.at(index).data()); }

int Ledger::slot_fd(std::size_t index) const { return slots_.at(index).fd(); }

std::optional<LedgerFinding> Ledger::find_in(std::size_t index, std::int64_t execution, std::int64_t claim) const {
    for (const LedgerRun& run : slot(index).runs) {
        if (run.execution.load(std::memory_order_acquire) != execution || run.claim.load() != claim) continue;
        LedgerFinding found;
        found.phase = static_cast<LedgerPhase>(run.phase.load(std::memory_order_acquire));
        found.outcome = run.outcome.load();
        found.started = run.started.load();
        found.ended = run.ended.load();
        return found;
    }
    return std::nullopt;
}

std::optional<LedgerFinding> Ledger::find(std::int64_t execution, std::int64_t claim) const {
    for (std::size_t i = 0; i < size(); ++i) {
        if (auto found = find_in(i, execution, claim)) return found;
    }
    return std::nullopt;
}

void Ledger::set_owner(std::size_t index, Owner owner) {
    OwnerEntry& entry = owner_at(index_, index);
    entry.start_time.store(owner.start_time);
    entry.pid.store(owner.pid, std::memory_order_release);
}

void Ledger::clear_owner(std::size_t index) { owner_at(index_, index).pid.store(0); }

std::vector<Ledger::Owner> Ledger::owners() const {
    std::vector<Owner> found;
    for (std::size_t i = 0; i < size(); ++i) {
        const OwnerEntry& entry = owner_at(index_, i);
        if (const std::int64_t pid = entry.pid.load(std::memory_order_acquire); pid != 0)
            found.push_back({static_cast<std::int32_t>(pid), entry.start_time.load()});
    }
    return found;
}

void Ledger::clear() {
    for (std::size_t i = 0; i < size(); ++i) {
        clear_owner(i);
        LedgerSlot& one = slot(i);
        one.next.store(0);
        for (LedgerRun& run : one.runs) clear_run(run);
    }
}

LedgerRun& ledger_begin(LedgerSlot& slot, std::int64_t execution, std::int64_t claim, Micros now) {
    const std::uint64_t position = slot.next.load(std::memory_order_relaxed);
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
