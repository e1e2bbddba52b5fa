// What everybody who is known may know of users and groups: who they are, not how they prove it.
#pragma once

#include "service/caller.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <vector>

namespace foliot::service {

/// Thread-safe. Every method throws RequestError.
class Directory {
  public:
    explicit Directory(store::Store& store) : store_(store) {}

    std::vector<Account> users(const Caller& caller);  ///< all, the newest first
    Account user(const Caller& caller, std::int64_t id);
    std::vector<Group> groups(const Caller& caller);  ///< likewise
    Group group(const Caller& caller, std::int64_t id);

  private:
    store::Store& store_;
};

}  // namespace foliot::service
