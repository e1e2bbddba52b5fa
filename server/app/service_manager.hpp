// The service manager that started this server, if one did that wants to be told how it is: systemd with Type=notify
// (sd_notify(3)). The only place that knows libsystemd. Any thread.
#pragma once

#include "base/clock.hpp"

#include <string>

namespace foliot::app::service_manager {

bool listens();

/// Does standard error go to its journal, which wants priorities and has its own times (JOURNAL_STREAM)?
bool reads_log();

/// Lines "NAME=value"; without a service manager nothing happens. Never throws; blocks as long as the manager does not
/// read.
void tell(const std::string& lines) noexcept;

/// "STATUS=..." of one line, whatever `text` holds.
std::string status(std::string text);

/// It wants to hear WATCHDOG=1 at least so often; 0: it does not.
Micros watchdog();

}  // namespace foliot::app::service_manager
