// The thread that tells webhooks of executions that ended. Idle, it wakes nobody.
#pragma once

#include "service/hook_notices.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace foliot::app {

class HookTeller {
  public:
    /// Begins with what an earlier life left.
    explicit HookTeller(store::Store& store) : notices_(store), thread_([this] { run(); }) {}
    ~HookTeller();  ///< waits for the unit under way; what is noted then is told by the next life
    HookTeller(const HookTeller&) = delete;
    HookTeller& operator=(const HookTeller&) = delete;

    void ask();  ///< some end was noted. Any thread; never blocks for long

  private:
    void run();
    bool tell();

    service::HookNotices notices_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool asked_ = true, stopping_ = false;  // guarded by mutex_
    std::thread thread_;
};

}  // namespace foliot::app
