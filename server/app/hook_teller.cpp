#include "app/hook_teller.hpp"

#include "base/log.hpp"

#include <exception>
#include <string>

namespace foliot::app {

void HookTeller::tell() {
    constexpr Micros after_a_failure = 5 * kSecond;
    try {
        if (notices_.tell_some()) later_.ask();
    } catch (const std::exception& e) {
        log::warning("webhooks-told-later",
                     std::string("webhooks are told of ends later, nothing is lost: ") + e.what());
        later_.ask_in(after_a_failure);
    }
}

}  // namespace foliot::app
