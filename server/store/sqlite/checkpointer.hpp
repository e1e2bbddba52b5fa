// Folds the write-ahead log into the database behind the writer's back, so that commits do not pay for it.
#pragma once

#include "base/later.hpp"

#include <filesystem>

namespace foliot::store::sqlite {

/// Waits a moment after a commit for more of them, then checkpoints, on a thread of its own.
class Checkpointer final {
  public:
    explicit Checkpointer(std::filesystem::path file);

    void committed() { later_.ask(); }

  private:
    void checkpoint();

    const std::filesystem::path file_;
    Later later_;
};

}  // namespace foliot::store::sqlite
