// Use cases of executions: look at history, stop what runs.
#pragma once

#include "service/caller.hpp"
#include "store/store.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::service {

struct ExecutionQuery {
    std::optional<Micros> from, until;  ///< by creation, both ends included
    std::optional<std::string> job_id;  ///< of every job that has or had it
    std::vector<RunState> states;       ///< any of them; empty: all
    std::size_t limit = 10'000;
    std::optional<std::int64_t> before;  ///< cursor of an earlier page
    std::optional<std::string> cursor;   ///< the same as text: the public id of that page's last execution
    std::function<bool(const store::RunView&)> wanted{};  ///< only these; slow: each execution is looked at
};

/// Thread-safe. Throws RequestError; an id that is none of ours is not_found "Execution not found: ID".
class Executions {
  public:
    explicit Executions(store::Store& store) : store_(store) {}

    /// Newest first, a job's by nominal time. A page ends at 16 MiB of results, errors and arguments, too; `next` is
    /// set when there are more; as sift() (service/sift.hpp) does it with `wanted`.
    store::Page<store::RunView> list(const Caller& caller, const ExecutionQuery& query);
    store::RunView get(const Caller& caller, std::string_view id);
    /// What the run wrote, in the order it came.
    std::vector<OutputChunk> output(const Caller& caller, std::string_view id);
    /// Orders the run to stop (or takes it from the queue) and tells what it is now. wrong_state when it has ended.
    store::RunView stop(const Caller& caller, std::string_view id);

    Micros now() const { return store_.now(); }
    std::string id_of(RunId run) const { return store_.public_ids().hex(raw(run)); }

  private:
    RunId parse(std::string_view id) const;
    store::RunView find(store::Snapshot& snapshot, std::string_view id) const;

    store::Store& store_;
};

}  // namespace foliot::service
