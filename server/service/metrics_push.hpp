// Use case of the Seed Scheduler's metrics: what happened since the last time is posted to where metrics are collected,
// by a run of an internal job.
#pragma once

#include "service/caller.hpp"
#include "service/vault.hpp"
#include "store/store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace foliot::service {

struct MetricsTarget {
    std::string url;  ///< "": nothing is pushed
    std::string user, password;
};

/// Thread-safe.
class MetricsPush {
  public:
    MetricsPush(store::Store& store, const Vault& vault, MetricsTarget target)
        : store_(store), vault_(vault), target_(std::move(target)) {}

    static const std::vector<std::string_view>& names();
    /// Throws RequestError. wrong_state: there is a job of that id that somebody made, or too many runs wait.
    void push(const Caller& caller);

  private:
    Definition push_job() const;
    std::string arguments(const std::string& body) const;

    store::Store& store_;
    const Vault& vault_;
    const MetricsTarget target_;
};

}  // namespace foliot::service
