#include "service/privileged_modules.hpp"

#include "base/error.hpp"

namespace foliot::service {

void PrivilegedModules::require(const Caller& caller, std::string_view module, std::string_view action) const {
    if (!names.contains(module)) return;
    const std::string name = "'" + std::string(module) + "'";
    if (!allowed)
        throw RequestError(Problem::forbidden, "module " + name + " is privileged: it needs auth.enabled = true",
                           "func");
    service::require(caller, Power::admin, std::string(action) + " of the privileged module " + name);
}

}  // namespace foliot::service
