// The children that this process started itself and has not reaped yet: whoever else is its child is a stray.
#pragma once

#include <sys/types.h>

#include <mutex>
#include <set>

namespace foliot::process {

/// Access for as long as it lives. Starting and reaping happen under it, so that no child is ever taken for a stray.
class OwnChildren {
  public:
    OwnChildren(std::mutex& mutex, std::set<pid_t>& pids) : lock_(mutex), pids_(&pids) {}
    std::set<pid_t>* operator->() const { return pids_; }
    bool contains(pid_t pid) const { return pids_->contains(pid); }

  private:
    std::unique_lock<std::mutex> lock_;
    std::set<pid_t>* pids_;
};

OwnChildren own_children_locked();

}  // namespace foliot::process
