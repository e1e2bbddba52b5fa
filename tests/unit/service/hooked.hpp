// The services with webhooks in the store, and a way to see what they deliver.
#pragma once

#include "service/hook_notices.hpp"
#include "unit/service/people.hpp"

namespace foliot::testing {

struct Hooked : People {
    service::Webhooks webhooks{{*store, functions, vault}};
    service::HookNotices notices{*store};

    Hooked() { functions.with_http = true; }

    service::AddedWebhook add(const std::string& event, const Principal& who) {
        return webhooks.add(as(who), {.event = event, .target = "https://example.org/hook"});
    }
    std::int64_t add(const std::string& event) { return add(event, root).webhook.hook.id; }
    std::string job_of(std::int64_t hook) { return webhooks.get(as(root), hook).job; }

    /// Arguments of the deliveries that were queued, the oldest first.
    std::vector<std::string> deliveries(std::int64_t hook) {
        std::vector<std::string> kwargs;
        store::RunFilter filter;
        filter.job_id = job_of(hook);
        for (const auto& run : store->read()->runs(filter).items) kwargs.insert(kwargs.begin(), run.kwargs.value());
        return kwargs;
    }
    /// Those of one delivery: "event" or, below "body.", what the receiver gets.
    static std::string part(const std::string& kwargs, const std::vector<std::string>& path) {
        const json::Value whole = json::parse(kwargs);
        const json::Value* value = &whole;
        for (const auto& name : path) {
            value = value->find(name);
            BOOST_REQUIRE_MESSAGE(value != nullptr, name << " is not in " << kwargs);
        }
        return value->is(json::Kind::string) ? value->string : std::string(value->raw);
    }
    std::vector<std::string> events_of(std::int64_t hook) {
        std::vector<std::string> names;
        for (const auto& kwargs : deliveries(hook)) names.push_back(part(kwargs, {"event"}));
        return names;
    }
    void tell_all() {
        while (notices.tell_some()) {}
    }
    /// A run of the job ends in that state.
    RunId end(const std::string& job, RunState state, const std::string& result = "null",
              const service::ManualArguments& arguments = {}) {
        Verdict verdict;
        verdict.state = state;
        verdict.result = result;
        return end(job, verdict, arguments);
    }
    RunId end(const std::string& job, const Verdict& verdict, const service::ManualArguments& arguments = {}) {
        const RunId run = jobs.run_now(as(root), job, arguments);
        store::TurnIn in;
        in.room.any = 100;
        const auto planner = [](const DueJob& due, Micros now, Micros awake) { return plan(due, now, awake); };
        for (const auto& assigned : store->turn(fence, in, planner).assigned) {
            store::Finished finished;
            finished.run = assigned.run;
            finished.claim = assigned.claim;
            finished.verdict = verdict;
            store::TurnIn ends;
            ends.finished.push_back(finished);
            if (assigned.run == run) store->turn(fence, ends, planner);
        }
        return run;
    }
};
using Names = std::vector<std::string>;

}  // namespace foliot::testing
