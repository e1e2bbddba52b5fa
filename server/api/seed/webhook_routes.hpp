// /api/v1/webhook/: who is told of what (contract: Seed, webhooks).
#pragma once

#include "api/http/router.hpp"
#include "service/webhooks.hpp"

namespace foliot::api::seed {

void add_webhook_routes(Router& router, service::Webhooks& webhooks);

}  // namespace foliot::api::seed
