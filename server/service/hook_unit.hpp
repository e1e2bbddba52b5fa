// How units tell webhooks of what they do: each delivery is a run of the webhook's job, queued in the very unit of the
// change. So none is lost, and none tells of what did not happen.
#pragma once

#include "service/caller.hpp"
#include "store/store.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace foliot::service {

/// What is told of the event, JSON. Called when somebody wants to know.
using EventData = std::function<std::string()>;

/// Queues a delivery for each webhook of the event, but for those of users who are inactive or no Operators. Where too
/// many wait already the event is dropped, and the first time an audit row and a line in the log tell so: that must not
/// make the change fail.
void tell_hooks(store::Tx& tx, std::string_view event, const EventData& data);
/// What the audit calls `event` was done to the job. Jobs that deliver are not told of.
void tell_hooks_of_job(store::Tx& tx, const Job& job, std::string_view event, std::string_view changes);
/// One delivery to one webhook; nothing when its job is paused. Refused{queue_full}.
std::optional<RunId> queue_delivery(store::Tx& tx, const store::Hook& hook, std::string_view event,
                                    const std::string& data);

/// Throws RequestError (conflict): a webhook's job is changed by changing the webhook. `action` completes "... and
/// is not ACTION by hand".
void refuse_if_it_delivers(store::Tx& tx, const JobState& job, std::string_view action);
/// Throws RequestError (forbidden): a webhook's job is paused and resumed by the webhook's user and by Admins.
void refuse_pause_by_others(store::Tx& tx, const Caller& caller, const JobState& job);

/// The webhook and its job go, with what is queued; what is being delivered goes on.
void remove_hook(store::Tx& tx, const Caller& caller, const store::Hook& hook);
void remove_hooks_of(store::Tx& tx, const Caller& caller, std::int64_t account);
/// After any change of hooks: has the ends noted that somebody wants to know of, and no others.
void note_wanted_endings(store::Tx& tx);

void audit(store::Tx& tx, const Caller& caller, const store::Hook& hook, std::string_view event,
           const std::string& before, const std::string& after);
/// As the audit shows it: without the target's query.
std::string shown(const store::Hook& hook);

}  // namespace foliot::service
