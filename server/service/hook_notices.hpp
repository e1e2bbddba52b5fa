// Tells webhooks of executions that ended. The store notes the ends, so none is lost, whatever ended them and whoever
// is away; each becomes a delivery in the unit in which the note goes.
#pragma once

#include "store/store.hpp"

namespace foliot::service {

class HookNotices {
  public:
    explicit HookNotices(store::Store& store) : store_(store) {}

    /// A short unit; true: there may be more. Throws RequestError (unavailable): try again later, nothing is lost. One
    /// thread at a time.
    bool tell_some();

  private:
    store::Store& store_;
};

}  // namespace foliot::service
