#include "fault_vfs.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>

namespace foliot::testing {
namespace {

constexpr int kPage = 4096;
constexpr std::int64_t kSector = 512;
FaultVfs* the_vfs = nullptr;

/// What SQLite sees as a file; the real one's memory follows it.
struct File {
    sqlite3_file base;
    sqlite3_file* real;
    const std::string* name;  // key of the disk's map; nothing: not recorded
    bool database, log;
};

File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
sqlite3_file* real(sqlite3_file* file) { return of(file).real; }

void put(std::string& bytes, std::int64_t offset, const std::string& data) {
    const auto end = static_cast<std::size_t>(offset) + data.size();
    if (bytes.size() < end) bytes.resize(end, '\0');
    bytes.replace(static_cast<std::size_t>(offset), data.size(), data);
}

void apply(std::string& bytes, const DiskFile::Change& change) {
    if (change.truncates) {
        bytes.resize(static_cast<std::size_t>(change.offset), '\0');
    } else {
        put(bytes, change.offset, change.data);
    }
}

/// Each sector is there or is not.
void apply_torn(std::string& bytes, const DiskFile::Change& change, std::minstd_rand& random) {
    const auto end = change.offset + static_cast<std::int64_t>(change.data.size());
    for (std::int64_t at = change.offset; at < end;) {
        const std::int64_t next = std::min(end, (at / kSector + 1) * kSector);
        const auto from = static_cast<std::size_t>(at - change.offset);
        if (random() % 2 == 0) put(bytes, at, change.data.substr(from, static_cast<std::size_t>(next - at)));
        at = next;
    }
}

std::string content(sqlite3_file* file) {
    sqlite3_int64 size = 0;
    file->pMethods->xFileSize(file, &size);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    if (size > 0) file->pMethods->xRead(file, bytes.data(), static_cast<int>(size), 0);
    return bytes;
}

}  // namespace

void lose_power(const Disk& disk, const std::filesystem::path& into, std::minstd_rand& random) {
    std::size_t changes = 0;
    for (const auto& [name, file] : disk) changes += file.pending.size();
    const std::size_t torn = changes == 0 ? 0 : random() % changes;
    const auto kept = random() % 101;  // percent; whole loss and whole luck are among them
    std::size_t i = 0;
    for (const auto& [name, file] : disk) {
        std::string bytes = file.durable;
        for (const auto& change : file.pending) {
            if (i++ == torn && !change.truncates) {
                apply_torn(bytes, change, random);
            } else if (random() % 100 < kept) {
                apply(bytes, change);
            }
        }
        std::ofstream(into / std::filesystem::path(name).filename(), std::ios::binary) << bytes;
    }
}

/// SQLite's calls, passed on.
struct Shim {
    static int close(sqlite3_file* file) {
        const int code = real(file)->pMethods->xClose(real(file));
        file->pMethods = nullptr;
        return code;
    }
    static int read(sqlite3_file* file, void* into, int amount, sqlite3_int64 offset) {
        if (const int code = the_vfs->hit(Io::read)) return code;
        const int code = real(file)->pMethods->xRead(real(file), into, amount, offset);
        unsigned char* type = page_type(file, into, amount, offset);
        if (code == SQLITE_OK && type != nullptr && the_vfs->damages(Io::read)) *type = 0xFF;
        return code;
    }
    /// Where damage is sure to be noticed: the kind of a B-tree page, the first word of the file. In the log a page is
    /// checked when the log is opened, and never again; a list of free pages is believed.
    static unsigned char* page_type(sqlite3_file* file, void* page, int amount, sqlite3_int64 offset) {
        auto* bytes = static_cast<unsigned char*>(page);
        if (!of(file).database) return nullptr;
        if (amount == 100 && offset == 0) return bytes;
        if (amount != kPage) return nullptr;
        unsigned char* type = bytes + (offset == 0 ? 100 : 0);
        return *type == 2 || *type == 5 || *type == 10 || *type == 13 ? type : nullptr;
    }
    static int write(sqlite3_file* file, const void* from, int amount, sqlite3_int64 offset) {
        if (const int code = the_vfs->hit(Io::write)) {
            const int part = static_cast<int>(amount / 2 / kSector * kSector);
            if (part > 0) record_write(file, from, part, offset);
            return code;
        }
        return record_write(file, from, amount, offset);
    }
    static int record_write(sqlite3_file* file, const void* from, int amount, sqlite3_int64 offset) {
        const std::lock_guard lock(the_vfs->mutex_);
        the_vfs->count_change();
        const int code = real(file)->pMethods->xWrite(real(file), from, amount, offset);
        if (of(file).log) the_vfs->log_bytes_ += amount;
        if (code == SQLITE_OK && of(file).name != nullptr) {
            const std::string data(static_cast<const char*>(from), static_cast<std::size_t>(amount));
            the_vfs->disk_[*of(file).name].pending.push_back({offset, data, false});
        }
        return code;
    }
    static int truncate(sqlite3_file* file, sqlite3_int64 size) {
        if (const int code = the_vfs->hit(Io::truncate)) return code;
        const std::lock_guard lock(the_vfs->mutex_);
        the_vfs->count_change();
        const int code = real(file)->pMethods->xTruncate(real(file), size);
        if (code == SQLITE_OK && of(file).name != nullptr) {
            the_vfs->disk_[*of(file).name].pending.push_back({size, {}, true});
        }
        return code;
    }
    static int sync(sqlite3_file* file, int /*flags*/) {
        if (const int code = the_vfs->hit(Io::sync)) return code;
        const std::lock_guard lock(the_vfs->mutex_);
        the_vfs->count_change();
        if (of(file).name == nullptr) return SQLITE_OK;
        DiskFile& disk = the_vfs->disk_[*of(file).name];
        for (const auto& change : disk.pending) apply(disk.durable, change);
        disk.pending.clear();
        return SQLITE_OK;
    }
    static int file_size(sqlite3_file* file, sqlite3_int64* size) {
        if (const int code = the_vfs->hit(Io::file_size)) return code;
        return real(file)->pMethods->xFileSize(real(file), size);
    }
    static int lock(sqlite3_file* file, int level) {
        if (const int code = the_vfs->hit(Io::lock)) return code;
        return real(file)->pMethods->xLock(real(file), level);
    }
    static int unlock(sqlite3_file* file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }
    static int reserved(sqlite3_file* file, int* out) {
        return real(file)->pMethods->xCheckReservedLock(real(file), out);
    }
    static int control(sqlite3_file* file, int op, void* arg) {
        return real(file)->pMethods->xFileControl(real(file), op, arg);
    }
    static int sector(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
    static int traits(sqlite3_file* file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }
    static int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
        if (const int code = the_vfs->hit(Io::shm_map)) return code;
        return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
    }
    static int shm_lock(sqlite3_file* file, int offset, int n, int flags) {
        if ((flags & SQLITE_SHM_LOCK) != 0) {
            if (const int code = the_vfs->hit(Io::shm_lock)) return code;
        }
        return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
    }
    static void shm_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
    static int shm_unmap(sqlite3_file* file, int remove) { return real(file)->pMethods->xShmUnmap(real(file), remove); }

    static constexpr sqlite3_io_methods methods{2,        close,       read,      write,   truncate, sync,   file_size,
                                                lock,     unlock,      reserved,  control, sector,   traits, shm_map,
                                                shm_lock, shm_barrier, shm_unmap, nullptr, nullptr};

    static int open(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* file, int flags, int* out) {
        file->pMethods = nullptr;
        if (const int code = the_vfs->hit(Io::open)) return code;
        File& opened = of(file);
        opened.real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + sizeof(File));
        opened.name = nullptr;
        opened.database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
        opened.log = (flags & SQLITE_OPEN_WAL) != 0;
        const int code = the_vfs->real_->xOpen(the_vfs->real_, name, opened.real, flags, out);
        if (code != SQLITE_OK) return code;
        file->pMethods = &methods;
        const std::lock_guard lock(the_vfs->mutex_);
        if (the_vfs->recording_ && name != nullptr) {
            the_vfs->track(name, opened.real);
            opened.name = &the_vfs->disk_.find(name)->first;
        }
        return SQLITE_OK;
    }
    static int remove(sqlite3_vfs* /*vfs*/, const char* name, int sync_folder) {
        if (const int code = the_vfs->hit(Io::remove)) return code;
        const std::lock_guard lock(the_vfs->mutex_);
        the_vfs->count_change();
        if (const auto found = the_vfs->disk_.find(name); found != the_vfs->disk_.end()) found->second = {};
        return the_vfs->real_->xDelete(the_vfs->real_, name, sync_folder);
    }
    static int access(sqlite3_vfs* /*vfs*/, const char* name, int flags, int* out) {
        if (const int code = the_vfs->hit(Io::access)) return code;
        return the_vfs->real_->xAccess(the_vfs->real_, name, flags, out);
    }
    /// Waiting for a lock that a fault denies would only take time.
    static int sleep(sqlite3_vfs* /*vfs*/, int micros) {
        const std::unique_lock lock(the_vfs->mutex_);
        if (the_vfs->fired_ > 0) return micros;
        return the_vfs->real_->xSleep(the_vfs->real_, micros);
    }
};

FaultVfs::FaultVfs() : real_(sqlite3_vfs_find("unix")) {
    the_vfs = this;
    vfs_ = *real_;
    vfs_.pNext = nullptr;
    vfs_.zName = "faults";
    vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
    vfs_.xOpen = Shim::open;
    vfs_.xDelete = Shim::remove;
    vfs_.xAccess = Shim::access;
    vfs_.xSleep = Shim::sleep;
    sqlite3_vfs_register(&vfs_, 1);
}

FaultVfs::~FaultVfs() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(real_, 1);
    the_vfs = nullptr;
}

void FaultVfs::arm(const Fault& fault) {
    const std::lock_guard lock(mutex_);
    armed_ = true;
    fault_ = fault;
    calls_ = {};
    fired_ = 0;
}

int FaultVfs::disarm() {
    const std::lock_guard lock(mutex_);
    armed_ = false;
    return std::exchange(fired_, 0);
}

void FaultVfs::crash_at(int nth, std::function<void()> at_crash) {
    const std::lock_guard lock(mutex_);
    recording_ = true;
    changes_ = 0;
    crash_at_ = nth;
    at_crash_ = std::move(at_crash);
    disk_.clear();
    crashed_.clear();
}

int FaultVfs::hit(Io kind) {
    const std::lock_guard lock(mutex_);
    return armed_ && fault_.code != 0 && is_next(kind) ? fault_.code : 0;
}

bool FaultVfs::damages(Io kind) {
    const std::lock_guard lock(mutex_);
    return armed_ && fault_.code == 0 && is_next(kind);
}

bool FaultVfs::is_next(Io kind) {
    if (fault_.kind != kind) return false;
    const int call = ++calls_.at(static_cast<std::size_t>(kind));
    if (call < fault_.nth || call >= fault_.nth + fault_.times) return false;
    ++fired_;
    return true;
}

void FaultVfs::count_change() {
    if (!recording_ || ++changes_ != crash_at_) return;
    crashed_ = disk_;
    at_crash_();
}

void FaultVfs::track(const std::string& name, sqlite3_file* file) {
    if (disk_.contains(name)) return;
    disk_[name].durable = content(file);
}

}  // namespace foliot::testing
