// The commands of the documentation that commands_test.cpp does not run. The page says why beside them.
#pragma once

#include "docs/page.hpp"

#include <array>
#include <string_view>

namespace foliot::testing {

struct NotRun {
    std::string_view page, first_line;
    std::string_view instead{};  ///< is run in their place, for what the page does next
};

inline constexpr std::array kNotRun{
    NotRun{"README.md",
           "./dev demo    # installs what the build needs, builds, starts a server, adds a job, shows its runs; Ctrl-C "
           "ends it"},
    NotRun{"README.md", "TOKEN=$(cat build/data/admin.token) API=http://127.0.0.1:8888"},
    NotRun{"docs/first-module.md", "cmake --install build/release --component sdk --prefix /usr/local"},
    NotRun{"docs/migrating/README.md",
           "export OLD=http://127.0.0.1:5000 API=http://127.0.0.1:8888 TOKEN=$(cat /var/lib/foliot/admin.token)"},
    NotRun{"docs/migrating/from-cron.md",
           "crontab -l > crontab.txt        # of /etc/crontab and /etc/cron.d take the user's column out"},
    NotRun{"docs/migrating/from-cron.md", "crontab -r                       # it is in crontab.txt"},
    NotRun{"docs/operating.md", "useradd --system --no-create-home --shell /usr/sbin/nologin foliot-jobs"},
    NotRun{"docs/operating.md", "systemd-ask-password | foliotd --config /etc/foliot/foliot.conf --set-password admin"},
    NotRun{"docs/operating.md",
           "curl -sS -H \"Authorization: Token $TOKEN\" \"$API/api/v1/jobs/report/explain?time=2026-11-21T01:30:00Z\""},
    NotRun{"docs/operating.md",
           "curl -sS -X POST -H \"Authorization: Token $TOKEN\" \"$API/api/v1/scheduler/clock/accept\""},
    NotRun{"docs/rest-reference.md", "export TOKEN=$(cat /var/lib/foliot/admin.token) API=http://127.0.0.1:8888"},
    NotRun{"docs/rest-reference.md", "curl -sSN -H \"Authorization: Token $TOKEN\" \"$API/api/v1/events?job=greet\""},
};

}  // namespace foliot::testing
