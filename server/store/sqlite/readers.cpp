#include "store/sqlite/readers.hpp"

#include "store/store.hpp"

namespace foliot::store::sqlite {
namespace {
constexpr int kMaxReaders = 16;
constexpr std::chrono::seconds kPatience{10};
}  // namespace

std::unique_ptr<Connection> Readers::take() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, kPatience, [&] { return !closed_ && used_ < kMaxReaders; })) {
        throw StoreUnavailable("all connections for reading have been in use for ten seconds");
    }
    ++used_;
    if (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
    }
    lock.unlock();
    try {
        return std::make_unique<Connection>(file_, Connection::Mode::reader);
    } catch (const std::exception& error) {
        give_back(nullptr);
        throw StoreUnavailable(error.what());
    }
}

void Readers::give_back(std::unique_ptr<Connection> connection) {
    const std::lock_guard lock(mutex_);
    --used_;
    if (connection) idle_.push_back(std::move(connection));
    changed_.notify_all();
}

bool Readers::close_gate(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    closed_ = true;
    if (changed_.wait_for(lock, patience, [&] { return used_ == 0; })) return true;
    closed_ = false;
    changed_.notify_all();
    return false;
}

void Readers::open_gate() {
    const std::lock_guard lock(mutex_);
    closed_ = false;
    changed_.notify_all();
}

Reading::~Reading() {
    db_->limit_by({});
    try {
        if (db_->in_transaction()) db_->query("ROLLBACK").run();
    } catch (const SqlError&) {
        db_.reset();
    }
    if (db_ && db_->poisoned()) db_.reset();
    readers_.give_back(std::move(db_));
}

}  // namespace foliot::store::sqlite
