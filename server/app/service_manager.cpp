#include "app/service_manager.hpp"

#include <systemd/sd-daemon.h>

#include <cstdint>
#include <cstdlib>

namespace foliot::app::service_manager {

bool listens() {
    const char* socket = std::getenv("NOTIFY_SOCKET");
    return socket != nullptr && *socket != 0;
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
