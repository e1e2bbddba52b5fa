// What the Seed Scheduler calls failed tasks: executions of http:post jobs that ended badly and that nothing came
// after.
#pragma once

#include "service/jobs.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::service {

struct FailedPage {
    std::vector<store::RunView> items;   ///< the newest first
    std::optional<std::int64_t> next{};  ///< bound of the next page, in the direction that was asked for
    std::int64_t count = 0;              ///< of all; of the newest, when there are very many failures
};
struct FailedQuery {
    std::size_t limit = 1'000;
    std::optional<std::int64_t> before{}, after{};  ///< run ids; at most one
};

/// Thread-safe. Throws RequestError.
class FailedPosts {
  public:
    FailedPosts(store::Store& store, Jobs& jobs) : store_(store), jobs_(jobs) {}

    /// Looks at 20,000 failures at most: a page may have few or none, and a next one all the same.
    FailedPage list(const Caller& caller, const FailedQuery& query);
    /// By the id of the execution. not_found also when it was tried again since.
    store::RunView get(const Caller& caller, std::string_view id);
    /// Tries each again, as it is now, in small units; some of them may be when it throws. Those that cannot be, since
    /// too many wait already, say, stay failed; and so do those beyond 2,000, and those behind the newest 10,000.
    void requeue_all(const Caller& caller);

    const PublicIds& ids() const { return store_.public_ids(); }

  private:
    store::Page<store::RunView> find(const FailedQuery& query);

    store::Store& store_;
    Jobs& jobs_;
};

}  // namespace foliot::service
