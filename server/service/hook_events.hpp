// What webhooks can be told of.
#pragma once

#include "domain/execution.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace foliot::service {

/// Sent when somebody asks for it, to the webhook that he names.
inline constexpr std::string_view kTestEvent = "webhook.test";

/// Every event and, after those of a kind, the kind ("job.*"); everything ("*") last.
const std::vector<std::string_view>& hook_events();

/// Throws RequestError (invalid) naming "event" and what there is.
void check_hook_event(const std::string& event);

/// "execution.failed"; of one that has ended.
std::string_view event_of(RunState state);
/// In which an execution may end.
const std::vector<RunState>& ended_states();

}  // namespace foliot::service
