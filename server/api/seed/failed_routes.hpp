// /api/v1/failed-tasks/: executions of http:post jobs that failed for good (contract: Seed, failed-tasks).
#pragma once

#include "api/http/router.hpp"
#include "service/failed_posts.hpp"

namespace foliot::api::seed {

void add_failed_routes(Router& router, service::FailedPosts& failed);

}  // namespace foliot::api::seed
