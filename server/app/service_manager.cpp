#include "app/service_manager.hpp"

#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace foliot::app::service_manager {

bool listens() {
    const char* socket = std::getenv("NOTIFY_SOCKET");
    return socket != nullptr && *socket != 0;
}

/// The variable comes down to programs whose standard error is another file.
bool reads_log() {
    const char* journal = std::getenv("JOURNAL_STREAM");
    struct stat error {};
    if (journal == nullptr || ::fstat(STDERR_FILENO, &error) != 0) return false;
    return std::to_string(error.st_dev) + ":" + std::to_string(error.st_ino) == journal;
}

void tell(const std::string& lines) noexcept { ::sd_notify(0, lines.c_str()); }  // the server goes on without

std::string status(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < ' ') c = ' ';
    }
    return "STATUS=" + text;
}

Micros watchdog() {
    std::uint64_t period = 0;  // microseconds
    return listens() && ::sd_watchdog_enabled(0, &period) > 0 ? static_cast<Micros>(period) : 0;
}

}  // namespace foliot::app::service_manager
