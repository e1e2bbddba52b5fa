#include "runner/hard_limits.hpp"

#include "base/clock.hpp"
#include "base/log.hpp"

#include <sys/resource.h>

#include <array>

namespace foliot::runner {

namespace {

struct Hard {
    std::string_view name;  ///< of the limit
    decltype(RLIMIT_CORE) resource;
    std::int64_t unit;  ///< of the limit, in one of the resource
};

constexpr std::array<Hard, 4> kHard{{{"memory", RLIMIT_DATA, 1},
                                     {"cpu", RLIMIT_CPU, kSecond},
                                     {"open_files", RLIMIT_NOFILE, 1},
                                     {"file_size", RLIMIT_FSIZE, 1}}};

}  // namespace

void warn_of_hard_limits(const ResourceLimits& limits) {
    for (const Hard& hard : kHard) {
        const auto& wished = limits.*limit_named(hard.name)->value;
        rlimit granted{};
        if (!wished || ::getrlimit(hard.resource, &granted) != 0 || granted.rlim_max == RLIM_INFINITY) continue;
        if (static_cast<rlim_t>(*wished / hard.unit) <= granted.rlim_max) continue;
        log::warning("hard-limit-low",
                     "limits." + std::string(hard.name) + ": jobs that may have " +
                         std::to_string(*wished / hard.unit) + " get " + std::to_string(granted.rlim_max) +
                         ", the most that the system allows this server; raise it for the server (systemd: Limit...=)");
    }
}

}  // namespace foliot::runner
