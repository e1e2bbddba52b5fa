#include "app/descriptors.hpp"

#include "base/log.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <string>

namespace foliot::app {
namespace {

constexpr rlim_t kOwn = 256;       // database, log, sockets
constexpr rlim_t kAWorker = 16;    // its pipes, socket, pidfd
constexpr rlim_t kLeastShare = 4;  // a quarter is for connections, however few there are

rlim_t raise_limit(rlim_t wanted) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return wanted;
    limit.rlim_cur = std::min(wanted, limit.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

}  // namespace

void fit_descriptors(Config& config) {
    const rlim_t others = kOwn + kAWorker * static_cast<rlim_t>(config.workers.max_workers);
    auto& http = config.http;
    const rlim_t wanted = others + static_cast<rlim_t>(http.max_connections) + static_cast<rlim_t>(http.max_queued);
    const rlim_t limit = raise_limit(wanted);
    if (limit >= wanted) return;
    const rlim_t left = std::max(limit > others ? limit - others : 0, limit / kLeastShare);
    const int room = std::max(2, static_cast<int>(left));
    http.max_connections = std::min(http.max_connections, room / 2);
    http.max_queued = room - http.max_connections;
    log::warning("few-descriptors", "only " + std::to_string(limit) + " files may be open, " + std::to_string(wanted) +
                                        " are wanted: " + std::to_string(http.max_connections) +
                                        " connections are served at once, " + std::to_string(http.max_queued) +
                                        " can wait (raise the limit, LimitNOFILE under systemd)");
}

}  // namespace foliot::app
