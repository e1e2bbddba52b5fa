// Use cases of groups, for Admins.
#pragma once

#include "service/caller.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace foliot::service {

struct GroupEdit {
    std::optional<std::string> name{};
    std::optional<Role> role{};
};

/// Thread-safe. Every method throws RequestError, and then nothing was changed: conflict for a name that is taken, for
/// a change of the groups Viewers, Operators and Admins, for a group that still has members (without it they might have
/// more power than with it), and for what would leave no active Admin.
class Groups {
  public:
    explicit Groups(store::Store& store) : store_(store) {}

    store::Page<Group> list(const Caller& caller, std::size_t limit, std::int64_t after);
    Group get(const Caller& caller, std::int64_t id);
    Group add(const Caller& caller, const GroupEdit& group);  ///< name and role are required
    Group edit(const Caller& caller, std::int64_t id, const GroupEdit& edit);
    void remove(const Caller& caller, std::int64_t id);

  private:
    store::Store& store_;
};

}  // namespace foliot::service
