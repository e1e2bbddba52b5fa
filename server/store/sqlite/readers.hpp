// The reading connections: opened on demand, a few of them, and a gate that the writer can close.
#pragma once

#include "store/sqlite/db.hpp"

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

namespace foliot::store::sqlite {

/// Thread-safe.
class Readers final {
  public:
    explicit Readers(std::filesystem::path file) : file_(std::move(file)) {}

    /// Waits while the gate is closed or all are in use. Throws StoreUnavailable when that lasts.
    std::unique_ptr<Connection> take();
    void give_back(std::unique_ptr<Connection> connection);  ///< nothing: it was lost

    /// Lets no more readers in and waits for those inside; false, with the gate open again, when they stay too long.
    bool close_gate(std::chrono::milliseconds patience);
    void open_gate();

  private:
    std::filesystem::path file_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::unique_ptr<Connection>> idle_;
    int used_ = 0;
    bool closed_ = false;
};

/// A reading connection while it is in use. Gives it back as it was: without a limit, outside of any transaction.
class Reading final {
  public:
    explicit Reading(Readers& readers) : readers_(readers), db_(readers.take()) {}
    ~Reading();
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    Connection& operator*() const { return *db_; }
    Connection* operator->() const { return db_.get(); }

  private:
    Readers& readers_;
    std::unique_ptr<Connection> db_;
};

}  // namespace foliot::store::sqlite
