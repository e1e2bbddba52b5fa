// Looks for modules anew, on a thread of its own: a module that hangs while it is described keeps nobody else waiting.
#pragma once

#include "module/catalogue.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace foliot::app {

class Rescanner final {
  public:
    explicit Rescanner(module::Catalogue& catalogue);
    ~Rescanner();  ///< what is under way is given up
    Rescanner(const Rescanner&) = delete;
    Rescanner& operator=(const Rescanner&) = delete;

    void ask();  ///< any thread; never blocks. Asked again meanwhile, it looks once more

  private:
    void run();

    module::Catalogue& catalogue_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool asked_ = false, stopping_ = false;  // guarded by mutex_
    std::thread thread_;
};

}  // namespace foliot::app
