#include "app/rescanner.hpp"

#include "base/log.hpp"

#include <exception>
#include <string>

namespace foliot::app {

Rescanner::~Rescanner() {
    leaving_ = true;
    catalogue_.give_up();
}

void Rescanner::rescan() {
    if (leaving_) return;
    try {
        log::info("looking for modules anew");
        catalogue_.rescan();
    } catch (const std::exception& e) {
        log::error(std::string("modules cannot be looked at; what was known of them stays: ") + e.what());
    }
}

}  // namespace foliot::app
