#include "service/webhooks.hpp"

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "service/hook_events.hpp"
#include "service/hook_unit.hpp"
#include "service/http_url.hpp"
#include "service/job_unit.hpp"
#include "service/once.hpp"
#include "service/unit.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace foliot::service {
namespace {

constexpr std::string_view kSecretPrefix = "whsec_";
constexpr std::size_t kLeastKey = 24, kMostKey = 64;  // Standard Webhooks
constexpr int kMostQueued = 1'000;

FuncRef delivers() { return {"http", "deliver"}; }

RequestError hook_not_found(std::int64_t id) {
    return {Problem::not_found, "Webhook " + std::to_string(id) + " not found"};
}

std::string random_secret() {
    std::string key(kLeastKey, '\0');
    randombytes_buf(key.data(), key.size());
    return std::string(kSecretPrefix) + to_base64(key);
}

void check_secret(const std::string& secret) {
    const bool prefixed = secret.starts_with(kSecretPrefix);
    const auto key = prefixed ? from_base64(std::string_view(secret).substr(kSecretPrefix.size())) : std::nullopt;
    if (!key || key->size() < kLeastKey || key->size() > kMostKey) {
        throw invalid_field("secret", "is no \"whsec_\" with the base64 of 24 to 64 bytes");
    }
}

void check_token(const std::string& token) {
    if (token.size() > WebhookEdit::kMostToken) {
        throw invalid_field("auth_token", "has more than " + std::to_string(WebhookEdit::kMostToken) + " characters");
    }
    if (!fits_header(token)) throw invalid_field("auth_token", "has a character that no header may have");
}

void check(const WebhookEdit& edit) {
    if (edit.event) check_hook_event(*edit.event);
    if (edit.target) check_http_url("target", *edit.target);
    if (edit.secret) check_secret(*edit.secret);
    if (edit.auth_token && *edit.auth_token) check_token(**edit.auth_token);
}

/// The present arguments (or "{}") with what the edit changes.
std::string arguments(const Vault& vault, std::int64_t owner, const std::string& present, const WebhookEdit& edit) {
    const json::Value own = json::parse(present);
    const auto kept = [&](std::string_view name) {
        const json::Value* value = own.find(name);
        return value != nullptr ? std::string(value->raw) : std::string();
    };
    const auto sealed = [&](const std::string& text) { return vault.seal(owner, json::quote(text)); };
    const std::string secret = edit.secret ? sealed(*edit.secret) : kept("secret");
    std::string token = kept("auth_token");
    if (edit.auth_token) token = *edit.auth_token ? sealed(**edit.auth_token) : "";
    json::Writer out;
    out.begin_object().raw_field("url", edit.target ? json::quote(*edit.target) : kept("url"));
    if (!secret.empty()) out.raw_field("secret", secret);
    if (!token.empty()) out.raw_field("auth_token", token);
    return out.end_object().take();
}

void describe(const store::Hook& hook, Definition& job) {
    const std::string number = std::to_string(hook.id);
    job.name = "Webhook " + number + ": " + hook.event;
    job.description = "Delivers to " + hook.target + " what happens. It is changed by changing webhook " + number + ".";
}

store::Hook find(store::Tx& tx, std::int64_t id) {
    auto hook = tx.hooks().hook(id);
    if (!hook) throw hook_not_found(id);
    return *std::move(hook);
}

store::Hook find_own(store::Tx& tx, const Caller& caller, std::int64_t id) {
    store::Hook hook = find(tx, id);
    if (hook.account != caller.who.account) require(caller, Power::admin, "change the webhooks of others");
    return hook;
}

Webhook seen(store::Snapshot& snapshot, const store::Hook& hook) {
    const auto job = snapshot.job(hook.job);
    return {hook, job ? job->state.id : std::string()};
}

Webhook seen(store::Tx& tx, const store::Hook& hook) {
    const auto job = tx.job(hook.job);
    return {hook, job ? job->state.id : std::string()};
}

/// Each costs whatever it is told of; and one user is not to take what others need.
void refuse_too_many(store::Tx& tx, std::int64_t account) {
    const auto hooks = tx.hooks().hooks({.limit = kMostHooks});
    if (hooks.size() >= kMostHooks) {
        throw RequestError(Problem::wrong_state, "there are " + std::to_string(kMostHooks) +
                                                     " webhooks already, the most there may be: delete some");
    }
    const auto own =
        std::count_if(hooks.begin(), hooks.end(), [&](const store::Hook& hook) { return hook.account == account; });
    if (static_cast<std::size_t>(own) < kMostHooksOfOne) return;
    throw RequestError(Problem::wrong_state, "you have " + std::to_string(kMostHooksOfOne) +
                                                 " webhooks already, the most that a user may have: delete some");
}

std::string free_id(store::Tx& tx, std::int64_t hook) {
    const std::string wished = "webhook-" + std::to_string(hook);
    std::string id = wished;
    for (int n = 2; tx.job(id); ++n) id = wished + "-" + std::to_string(n);
    return id;
}

}  // namespace

WebhookPage Webhooks::list(const Caller& caller, const store::HookFilter& filter) {
    require(caller, Power::read, "read webhooks");
    WebhookPage page;
    read(parts_.store, [&](store::Snapshot& snapshot) {
        page.count = snapshot.hooks().hook_count();
        for (const store::Hook& hook : snapshot.hooks().hooks(filter)) page.items.push_back(seen(snapshot, hook));
    });
    return page;
}

Webhook Webhooks::get(const Caller& caller, std::int64_t id) {
    require(caller, Power::read, "read webhooks");
    std::optional<Webhook> found;
    read(parts_.store, [&](store::Snapshot& snapshot) {
        if (const auto hook = snapshot.hooks().hook(id)) found = seen(snapshot, *hook);
    });
    if (!found) throw hook_not_found(id);
    return *std::move(found);
}

AddedWebhook Webhooks::add(const Caller& caller, const WebhookEdit& wish) {
    require(caller, Power::write, "add webhooks");
    for (const auto& [name, value] : {std::pair("event", &wish.event), std::pair("target", &wish.target)}) {
        if (!*value) throw RequestError(Problem::invalid, "missing required field '" + std::string(name) + "'", name);
    }
    WebhookEdit whole = wish;
    if (!whole.secret) whole.secret = random_secret();
    check(whole);
    AddedWebhook added;
    write(parts_.store, [&](store::Tx& tx) {
        added = {};
        const std::string id = once(tx, caller, parts_.vault, [&] {
            added.secret = whole.secret;
            return std::to_string(make(tx, caller, whole));
        });
        added.webhook = seen(tx, find(tx, std::stoll(id)));
    });
    return added;
}

std::shared_ptr<const module::Function> Webhooks::function_that_delivers() const {
    try {
        return parts_.functions.find(delivers());
    } catch (const RequestError& error) {
        throw RequestError(
            Problem::invalid,
            "webhooks are delivered by the module http, which this server cannot use: " + std::string(error.what()));
    }
}

Definition Webhooks::fresh_job(const WebhookEdit& wish) const {
    Definition job;
    job.func = delivers();
    job.trigger = trigger::None{};
    job.overlap = Overlap::queue;
    job.max_queued = kMostQueued;
    // As a delivery will have them, but for the sealing.
    json::Writer example;
    example.begin_object().field("url", *wish.target).field("event", *wish.event).field("id", "msg_");
    example.raw_field("body", "{}").field("secret", *wish.secret).end_object();
    const auto function = function_that_delivers();
    module::check_arguments(*function, "[]", example.text());
    foliot::apply(function->retry, job.retry);
    job.timeout = function->timeout.value_or(job.timeout);
    return job;
}

std::int64_t Webhooks::make(store::Tx& tx, const Caller& caller, const WebhookEdit& wish) const {
    parts_.privileged.require(caller, delivers().module, "add webhooks");
    const std::int64_t account = caller.who.account;
    refuse_too_many(tx, account);
    store::Hook hook{.account = account, .event = *wish.event, .target = *wish.target};
    hook.id = tx.hooks().add(hook);
    Definition job = fresh_job(wish);
    job.kwargs = arguments(parts_.vault, account, "{}", wish);
    describe(hook, job);
    const store::JobWrite write{
        .id = free_id(tx, hook.id), .def = job, .arming = arm(job.trigger, tx.now()), .by = account};
    hook.job = tx.put_job(write, store::ExpectedRev::absent());
    tx.hooks().change(hook);
    note_wanted_endings(tx);
    audit(tx, caller, hook, "added", "", shown(hook));
    announce(tx, hook.job);
    return hook.id;
}

Webhook Webhooks::edit(const Caller& caller, std::int64_t id, const WebhookEdit& edit) {
    require(caller, Power::write, "change webhooks");
    check(edit);
    Webhook answer;
    write(parts_.store, [&](store::Tx& tx) {
        const store::Hook before = find_own(tx, caller, id);
        parts_.privileged.require(caller, delivers().module, "change webhooks");
        store::Hook after = before;
        after.event = edit.event.value_or(before.event);
        after.target = edit.target.value_or(before.target);
        tx.hooks().change(after);
        if (auto job = tx.job(before.job)) {
            job->definition.kwargs = arguments(parts_.vault, before.account, job->definition.kwargs, edit);
            describe(after, job->definition);
            tx.put_job({.id = job->state.id, .def = job->definition, .arming = {}, .by = caller.who.account},
                       store::ExpectedRev::exact(job->state.rev));
        }
        note_wanted_endings(tx);
        audit(tx, caller, after, "modified", shown(before), shown(after));
        answer = seen(tx, find(tx, id));
    });
    return answer;
}

void Webhooks::remove(const Caller& caller, std::int64_t id) {
    require(caller, Power::write, "delete webhooks");
    write(parts_.store, [&](store::Tx& tx) {
        const store::Hook hook = find_own(tx, caller, id);
        remove_hook(tx, caller, hook);
        announce(tx, hook.job);
    });
}

std::string Webhooks::test(const Caller& caller, std::int64_t id) {
    require(caller, Power::write, "test webhooks");
    std::string run;
    write(parts_.store, [&](store::Tx& tx) {
        const store::Hook hook = find_own(tx, caller, id);
        try {
            const auto queued = queue_delivery(tx, hook, kTestEvent, R"({"test":true})");
            if (!queued) {
                throw RequestError(Problem::wrong_state, "the job of webhook " + std::to_string(id) +
                                                             " is paused: resume it, or nothing is delivered");
            }
            run = tx.public_ids().hex(raw(*queued));
        } catch (const store::Refused& refusal) {
            throw RequestError(Problem::wrong_state, refusal.what());
        }
        audit(tx, caller, hook, "tested", "", run);
    });
    return run;
}

}  // namespace foliot::service
