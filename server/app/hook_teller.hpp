// Tells webhooks of executions that ended, on a thread of its own. Idle, it wakes nobody.
#pragma once

#include "base/later.hpp"
#include "service/hook_notices.hpp"

namespace foliot::app {

class HookTeller {
  public:
    /// Begins with what an earlier life left. At its end it waits for the unit under way; what is noted then is told by
    /// the next life.
    explicit HookTeller(store::Store& store) : notices_(store) { ask(); }

    void ask() { later_.ask(); }  ///< some end was noted. Any thread; never blocks for long

  private:
    void tell();

    service::HookNotices notices_;
    Later later_{0, Later::AtEnd::drop_it, [this] { tell(); }};
};

}  // namespace foliot::app
