#include "service/hook_unit.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/time_text.hpp"
#include "service/hook_data.hpp"
#include "service/hook_events.hpp"
#include "service/secrets.hpp"

#include <map>
#include <vector>

namespace foliot::service {
namespace {

/// Set while events are dropped.
std::string full_key(const store::Hook& hook) { return "hook_full." + std::to_string(hook.id); }

bool is_full(store::Tx& tx, const store::Hook& hook) { return !tx.settings().get(full_key(hook)).value_or("").empty(); }

/// Without what may be secret in it.
std::string without_query(const std::string& target) {
    const std::size_t end = target.find_first_of("?#");
    return end == std::string::npos ? target : target.substr(0, end) + "?...";
}

void note_dropped(store::Tx& tx, const store::Hook& hook, std::string_view event, const std::string& why) {
    if (is_full(tx, hook)) return;
    tx.settings().set(full_key(hook), "1");
    const std::string text = "webhook " + std::to_string(hook.id) + " to " + without_query(hook.target) +
                             ": the event " + std::string(event) +
                             " is dropped, and so are others until there is room, since " + why +
                             ": see why its deliveries fail, or narrow its event";
    log::warning("webhook-event-dropped", text);
    const Principal system{0, "system", Role::admin, Scope::admin};
    audit(tx, {system, "system"}, hook, "events_dropped", "", text);
}

/// May that user have webhooks, still?
bool may_be_told(store::Tx& tx, std::int64_t account) {
    if (account == kAnybody) return true;
    const auto user = tx.accounts().account(account);
    return user && user->active && user->role >= Role::operator_;
}

std::vector<store::Hook> hooks_to_tell(store::Tx& tx, std::string_view event) {
    auto hooks = tx.hooks().hooks_for(event);
    std::map<std::int64_t, bool> told;
    std::erase_if(hooks, [&](const store::Hook& hook) {
        const auto [known, fresh] = told.try_emplace(hook.account);
        if (fresh) known->second = may_be_told(tx, hook.account);
        return !known->second;
    });
    return hooks;
}

std::string message(store::Tx& tx, const store::Hook& hook, std::string_view event, const std::string& id,
                    const std::string& data) {
    json::Writer out;
    out.begin_object().key("hook").begin_object();
    out.field("id", hook.id).field("event", event).field("target", hook.target).end_object();
    return out.raw_field("data", data).field("id", id).field("at", iso_time(tx.now())).end_object().take();
}

/// The job's own, which are address and secrets, and those of this delivery.
std::string arguments(store::Tx& tx, const store::Hook& hook, const Definition& job, std::string_view event,
                      const std::string& data) {
    const std::string id = "msg_" + random_id();
    const json::Value own = json::parse(job.kwargs);
    json::Writer out;
    out.begin_object();
    for (const auto& member : own.members) out.raw_field(member.name, member.value.raw);
    out.field("event", event).field("id", id);
    return out.raw_field("body", message(tx, hook, event, id, data)).end_object().take();
}

void deliver_or_drop(store::Tx& tx, const store::Hook& hook, std::string_view event, const std::string& data) {
    try {
        if (queue_delivery(tx, hook, event, data) && is_full(tx, hook)) tx.settings().set(full_key(hook), "");
    } catch (const store::Refused& refusal) {
        if (refusal.why != store::Refused::Why::queue_full) throw;
        tx.after_commit({store::Event::Kind::delivery_dropped, hook.id});
        note_dropped(tx, hook, event, refusal.what());
    }
}

std::string_view schedule_event(std::string_view event) {
    if (event == "added") return "schedule.added";
    return event == "deleted" ? "schedule.deleted" : "schedule.modified";
}

bool is_told(std::string_view event) {
    return event == "added" || event == "modified" || event == "deleted" || event == "paused" || event == "resumed";
}

}  // namespace

void tell_hooks(store::Tx& tx, std::string_view event, const EventData& data) {
    const auto hooks = hooks_to_tell(tx, event);
    if (hooks.empty()) return;
    const std::string text = data();
    for (const store::Hook& hook : hooks) deliver_or_drop(tx, hook, event, text);
}

void tell_hooks_of_job(store::Tx& tx, const Job& job, std::string_view event, std::string_view changes) {
    if (!is_told(event) || tx.hooks().hook_of(job.state.key)) return;
    const auto as_it_is = [&] {
        const auto present = event == "deleted" ? std::nullopt : tx.job(job.state.key);
        return present ? *present : job;
    };
    tell_hooks(tx, "job." + std::string(event), [&] { return hook_data(as_it_is(), changes); });
    if (!is_schedule(job)) return;
    tell_hooks(tx, schedule_event(event), [&] { return hook_data_of_schedule(as_it_is(), tx.public_ids(), tx.now()); });
}

std::optional<RunId> queue_delivery(store::Tx& tx, const store::Hook& hook, std::string_view event,
                                    const std::string& data) {
    const auto job = tx.job(hook.job);
    if (!job || job->state.status != JobStatus::active) return std::nullopt;
    const RunId run =
        tx.run_now(hook.job, {.args = {}, .kwargs = arguments(tx, hook, job->definition, event, data), .retry_of = {}});
    tx.after_commit({store::Event::Kind::delivery_queued, hook.id});
    return run;
}

void refuse_if_it_delivers(store::Tx& tx, const JobState& job, std::string_view action) {
    const auto hook = tx.hooks().hook_of(job.key);
    if (!hook) return;
    const std::string number = std::to_string(hook->id);
    throw RequestError(Problem::conflict, "Job " + job.id + " delivers for webhook " + number + " and is not " +
                                              std::string(action) + " by hand: change /api/v1/webhook/" + number + "/");
}

void refuse_pause_by_others(store::Tx& tx, const Caller& caller, const JobState& job) {
    const auto hook = tx.hooks().hook_of(job.key);
    if (!hook || hook->account == caller.who.account) return;
    require(caller, Power::admin, "pause or resume the webhooks of others");
}

void remove_hook(store::Tx& tx, const Caller& caller, const store::Hook& hook) {
    tx.remove(hook.job);
    tx.hooks().remove_hook(hook.id);
    if (is_full(tx, hook)) tx.settings().set(full_key(hook), "");
    note_wanted_endings(tx);
    audit(tx, caller, hook, "deleted", shown(hook), "");
}

void remove_hooks_of(store::Tx& tx, const Caller& caller, std::int64_t account) {
    for (const store::Hook& hook : tx.hooks().hooks({})) {
        if (hook.account == account) remove_hook(tx, caller, hook);
    }
}

void note_wanted_endings(store::Tx& tx) {
    std::vector<RunState> wanted;
    for (const RunState state : ended_states()) {
        if (!tx.hooks().hooks_for(event_of(state)).empty()) wanted.push_back(state);
    }
    tx.hooks().want_endings(wanted);
}

void audit(store::Tx& tx, const Caller& caller, const store::Hook& hook, std::string_view event,
           const std::string& before, const std::string& after) {
    store::AuditEntry row;
    row.actor = caller.who.name;
    row.via = caller.via;
    row.event = event;
    row.kind = "webhook";
    row.ref = std::to_string(hook.id);
    row.job = hook.job;
    row.name = hook.event;
    row.before = before;
    row.after = after;
    tx.audit(row);
}

std::string shown(const store::Hook& hook) {
    json::Writer out;
    out.begin_object()
        .field("event", hook.event)
        .field("target", without_query(hook.target))
        .field("user", hook.account);
    return out.end_object().take();
}

}  // namespace foliot::service
