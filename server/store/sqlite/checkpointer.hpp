// Folds the write-ahead log into the database behind the writer's back, so that commits do not pay for it.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

namespace foliot::store::sqlite {

/// A thread that sleeps until something was committed, waits a moment for more, checkpoints, and sleeps again.
class Checkpointer final {
  public:
    explicit Checkpointer(std::filesystem::path file);
    ~Checkpointer();
    Checkpointer(const Checkpointer&) = delete;
    Checkpointer& operator=(const Checkpointer&) = delete;

    void committed();

  private:
    void run();
    void checkpoint();

    std::filesystem::path file_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool dirty_ = false, stop_ = false;
    std::thread thread_;
};

}  // namespace foliot::store::sqlite
