#include "service/hook_events.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace foliot::service {
namespace {

constexpr std::array<std::pair<RunState, std::string_view>, 7> kEnds{{
    {RunState::succeeded, "execution.succeeded"},
    {RunState::failed, "execution.failed"},
    {RunState::timeout, "execution.timeout"},
    {RunState::stopped, "execution.stopped"},
    {RunState::error, "execution.error"},
    {RunState::missed, "execution.missed"},
    {RunState::skipped, "execution.skipped"},
}};

std::vector<std::string_view> all_events() {
    std::vector<std::string_view> events{
        "schedule.added", "schedule.modified", "schedule.deleted", "schedule.*",  "job.added",
        "job.modified",   "job.deleted",       "job.paused",       "job.resumed", "job.*"};
    for (const auto& [state, event] : kEnds) events.push_back(event);
    events.insert(events.end(), {"execution.*", "*"});
    return events;
}

}  // namespace

const std::vector<std::string_view>& hook_events() {
    static const std::vector<std::string_view> events = all_events();
    return events;
}

void check_hook_event(const std::string& event) {
    const auto& events = hook_events();
    if (std::find(events.begin(), events.end(), event) != events.end()) return;
    std::string list;
    for (const std::string_view one : events) list += (list.empty() ? "" : ", ") + std::string(one);
    throw invalid_field("event", "there is no event '" + event + "', but " + list);
}

std::string_view event_of(RunState state) {
    const auto* end = std::find_if(kEnds.begin(), kEnds.end(), [&](const auto& one) { return one.first == state; });
    return end != kEnds.end() ? end->second : std::string_view();
}

const std::vector<RunState>& ended_states() {
    static const std::vector<RunState> states = [] {
        std::vector<RunState> list;
        list.reserve(kEnds.size());
        for (const auto& [state, event] : kEnds) list.push_back(state);
        return list;
    }();
    return states;
}

}  // namespace foliot::service
