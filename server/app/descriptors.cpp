#include "app/descriptors.hpp"

#include "base/log.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <string>

namespace foliot::app {
namespace {

constexpr rlim_t kOwn = 256;     // database, log, sockets
constexpr rlim_t kAWorker = 16;  // its pipes, socket, pidfd

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
    http.max_queued = std::max(1, http.max_queued - static_cast<int>(wanted - limit));
    log::warning("only " + std::to_string(limit) + " files may be open, " + std::to_string(wanted) +
                 " are wanted: at most " + std::to_string(http.max_queued) +
                 " connections can wait for a thread (raise the limit, LimitNOFILE under systemd)");
}

}  // namespace foliot::app
