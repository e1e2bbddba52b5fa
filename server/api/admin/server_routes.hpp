// What this server is, and what the one who asks may do there.
#pragma once

#include "api/http/router.hpp"
#include "base/clock.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace foliot::api::admin {

struct ServerFacts {
    std::string version, hostname;
    int most_workers = 0;
    std::filesystem::path data_dir;
    std::function<Micros()> now;  ///< any thread
};

/// It is as old as this call.
void add_server_routes(Router& router, const ServerFacts& facts);

}  // namespace foliot::api::admin
