#include "store/sqlite/checkpointer.hpp"

#include "base/log.hpp"
#include "store/sqlite/db.hpp"

#include <sqlite3.h>

#include <chrono>

namespace foliot::store::sqlite {
namespace {
constexpr std::chrono::milliseconds kDelay{100};
}

Checkpointer::Checkpointer(std::filesystem::path file) : file_(std::move(file)), thread_([this] { run(); }) {}

Checkpointer::~Checkpointer() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void Checkpointer::committed() {
    const std::lock_guard lock(mutex_);
    if (dirty_) return;
    dirty_ = true;
    wake_.notify_one();
}

void Checkpointer::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [&] { return dirty_ || stop_; });
        wake_.wait_for(lock, kDelay, [&] { return stop_; });
        if (stop_) return;
        dirty_ = false;
        lock.unlock();
        checkpoint();
        lock.lock();
    }
}

void Checkpointer::checkpoint() {
    try {
        // Opened anew each time: an open connection would hide that the file was lost, and costs little beside the
        // work.
        const Connection db(file_, Connection::Mode::reader);
        const int code = sqlite3_wal_checkpoint_v2(db.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
        if (code != SQLITE_OK && code != SQLITE_BUSY)
            log::warning(std::string("the write-ahead log cannot be folded in: ") + sqlite3_errmsg(db.handle()));
    } catch (const std::exception& error) {
        log::warning(error.what());
    }
}

}  // namespace foliot::store::sqlite
