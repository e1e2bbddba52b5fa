// The commands of the documentation that commands_test.cpp does not run. The page says why beside them.
#pragma once

#include "docs/page.hpp"

#include <array>
#include <string_view>

namespace foliot::testing {

struct NotRun {
    std::string_view page, beginning;  ///< of the block
    std::string_view instead{};        ///< is run in its place, for what the page does next
};

inline constexpr std::array kNotRun{
    NotRun{"README.md", "./dev demo"},
    NotRun{"docs/first-job.md", "apt-get update"},
    NotRun{"docs/first-job.md", "dpkg-buildpackage",
           R"(cp build/modules/reports.so "$MODULES/new" && mv "$MODULES/new" "$MODULES/reports.so")"},
    NotRun{"docs/first-module.md", "cmake --install build/release"},
    NotRun{"docs/migrating/README.md", "export OLD="},
    NotRun{"docs/migrating/from-cron.md", "crontab -l"},
    NotRun{"docs/migrating/from-cron.md", "crontab -r"},
    NotRun{"docs/operating.md", "DATA=/var/lib/foliot"},
    NotRun{"docs/operating.md", "useradd"},
    NotRun{"docs/operating.md", "systemd-ask-password"},
    NotRun{"docs/operating.md", R"(curl -sS -H "Authorization: Token $TOKEN" "$API/api/v1/jobs/report/explain)"},
    NotRun{"docs/operating.md",
           R"(curl -sS -X POST -H "Authorization: Token $TOKEN" "$API/api/v1/scheduler/clock/accept)"},
    NotRun{"docs/rest-reference.md", "export TOKEN="},
    NotRun{"docs/rest-reference.md", R"(curl -sSN -H "Authorization: Token $TOKEN" "$API/api/v1/events)"},
};

}  // namespace foliot::testing
