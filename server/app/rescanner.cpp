#include "app/rescanner.hpp"

#include "base/log.hpp"

#include <exception>
#include <string>

namespace foliot::app {

void Rescanner::rescan() {
    try {
        log::info("looking for modules anew");
        catalogue_.rescan();
    } catch (const std::exception& e) {
        log::error(std::string("modules cannot be looked at; what was known of them stays: ") + e.what());
    }
}

}  // namespace foliot::app
