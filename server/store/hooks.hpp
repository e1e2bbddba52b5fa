// Webhooks as the store has them, and the ends of executions that some of them are to be told of.
#pragma once

#include "domain/execution.hpp"
#include "domain/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::store {

/// Someone who wants to be told of events of one kind. A job delivers them, a run each.
struct Hook {
    std::int64_t id = 0;       ///< set by the store
    std::int64_t account = 0;  ///< whose it is
    std::string event;         ///< "schedule.added", "job.modified", "execution.failed", ...
    std::string target;        ///< URL
    JobKey job{};              ///< delivers
    Micros created = 0, updated = 0;
    bool operator==(const Hook&) const = default;
};

/// A page by id, the newest first. At most one of the bounds.
struct HookFilter {
    std::size_t limit = 1'000;
    std::optional<std::int64_t> before{};  ///< only ids below
    std::optional<std::int64_t> after{};   ///< only ids above, those next to it
};

class HookReader {
  public:
    virtual ~HookReader() = default;
    virtual std::optional<Hook> hook(std::int64_t id) = 0;
    virtual std::optional<Hook> hook_of(JobKey job) = 0;  ///< that it delivers for
    virtual std::vector<Hook> hooks(const HookFilter& filter) = 0;
    /// By id: those of the event itself, of all of its kind ("job.*"), and of everything ("*").
    virtual std::vector<Hook> hooks_for(std::string_view event) = 0;
    virtual std::int64_t hook_count() = 0;
    /// Executions that ended in a wanted state and that nobody was told of yet, in the order of their ends.
    virtual std::vector<RunId> endings(std::size_t limit) = 0;
};

/// Changing, in a unit.
class Hooks : public HookReader {
  public:
    virtual std::int64_t add(const Hook& hook) = 0;
    virtual void change(const Hook& hook) = 0;  ///< event, target and job; Refused{missing}
    virtual void remove_hook(std::int64_t id) = 0;
    /// From now on executions that end in one of these states, and in no others, are noted, in the very transaction in
    /// which they end, and Event::ending_noted tells of it; but for those of jobs that deliver, or did, for a hook.
    virtual void want_endings(const std::vector<RunState>& states) = 0;
    virtual void forget_ending(RunId run) = 0;  ///< everybody was told
};

}  // namespace foliot::store
