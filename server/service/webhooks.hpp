// Use cases of webhooks: addresses that are told of events. A job of each one's own delivers, a run for each event.
#pragma once

#include "service/caller.hpp"
#include "service/functions.hpp"
#include "service/privileged_modules.hpp"
#include "service/vault.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace foliot::service {

inline constexpr std::size_t kMostHooks = 200, kMostHooksOfOne = 50;

/// What is not there stays as it is; event and target are required in a new one.
struct WebhookEdit {
    std::optional<std::string> event{}, target{};
    std::optional<std::string> secret{};                     ///< signs; a new one has one made when there is none here
    std::optional<std::optional<std::string>> auth_token{};  ///< null: none is sent
};

struct Webhook {
    store::Hook hook;
    std::string job;  ///< id of the job that delivers
};
struct AddedWebhook {
    Webhook webhook;
    std::optional<std::string> secret;  ///< shown this once; nothing in the answer to a request that was sent again
};
struct WebhookPage {
    std::vector<Webhook> items;  ///< the newest first
    std::int64_t count = 0;      ///< of all
};

/// Thread-safe. Every method throws RequestError, and then nothing was changed. Everybody sees all; who is no Admin
/// changes his own.
class Webhooks {
  public:
    struct Parts {
        store::Store& store;
        const Functions& functions;
        const Vault& vault;
        PrivilegedModules privileged{};
    };
    explicit Webhooks(Parts parts) : parts_(std::move(parts)) {}

    WebhookPage list(const Caller& caller, const store::HookFilter& filter);
    Webhook get(const Caller& caller, std::int64_t id);
    /// With Caller::once it is added once. wrong_state when there are too many.
    AddedWebhook add(const Caller& caller, const WebhookEdit& wish);
    /// What is queued is delivered as it was when it was.
    Webhook edit(const Caller& caller, std::int64_t id, const WebhookEdit& edit);
    void remove(const Caller& caller, std::int64_t id);
    /// Sends webhook.test; answers the id of the execution. wrong_state when the webhook's job is paused or its queue
    /// is full.
    std::string test(const Caller& caller, std::int64_t id);

  private:
    std::int64_t make(store::Tx& tx, const Caller& caller, const WebhookEdit& wish) const;
    std::shared_ptr<const module::Function> function_that_delivers() const;
    Definition fresh_job(const WebhookEdit& wish) const;

    Parts parts_;
};

}  // namespace foliot::service
