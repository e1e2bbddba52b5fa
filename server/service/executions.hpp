// Use cases of executions: look at history and at what they write, stop what runs.
#pragma once

#include "runner/live_output.hpp"
#include "service/caller.hpp"
#include "store/store.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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

/// What a run that is with a worker wrote after that; nothing: it is with none (any more). Any thread.
using LookOn = std::function<std::optional<runner::OutputPiece>(RunId, const runner::OutputPosition&)>;

/// Reads what one run writes, from its beginning to its end. Used by one thread; must not outlive the executions.
class Following {
  public:
    Following(store::Store& store, const LookOn& look_on, RunId run) : store_(store), look_on_(look_on), run_(run) {}

    enum class Then { look_again, look_later, ended };
    /// Adds what came since. While the run writes its texts come by whole lines, unless one is very long; what is not
    /// kept of them is missing here, too, and a line tells so. Throws RequestError (unavailable): try again.
    Then next(std::vector<OutputChunk>& chunks);

  private:
    void take(runner::OutputPiece piece, std::vector<OutputChunk>& chunks);

    store::Store& store_;
    const LookOn& look_on_;
    const RunId run_;
    runner::OutputPosition seen_;
};

/// Thread-safe. Throws RequestError; an id that is none of ours is not_found "Execution not found: ID".
class Executions {
  public:
    /// Without `look_on` what a run writes is seen when it has ended.
    explicit Executions(store::Store& store, LookOn look_on = {}) : store_(store), look_on_(std::move(look_on)) {}

    /// Newest first, a job's by nominal time. A page ends at 16 MiB of results, errors and arguments, too; `next` is
    /// set when there are more; as sift() (service/sift.hpp) does it with `wanted`.
    store::Page<store::RunView> list(const Caller& caller, const ExecutionQuery& query);
    store::RunView get(const Caller& caller, std::string_view id);
    /// What the run wrote; so far, while it runs.
    std::vector<OutputChunk> output(const Caller& caller, std::string_view id);
    Following follow(const Caller& caller, std::string_view id);
    /// Orders the run to stop (or takes it from the queue) and tells what it is now. wrong_state when it has ended.
    store::RunView stop(const Caller& caller, std::string_view id);

    Micros now() const { return store_.now(); }
    std::string id_of(RunId run) const { return store_.public_ids().hex(raw(run)); }

  private:
    store::Store& store_;
    const LookOn look_on_;
};

}  // namespace foliot::service
