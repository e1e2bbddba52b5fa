#include "service/caller.hpp"

#include "base/error.hpp"

#include <string>

namespace foliot::service {
namespace {

struct Least {
    Role role;
    Scope scope;
};

Least least_for(Power power) {
    switch (power) {
        case Power::read: return {Role::viewer, Scope::read};
        case Power::run: return {Role::operator_, Scope::run};
        case Power::write: return {Role::operator_, Scope::write};
        case Power::self: return {Role::viewer, Scope::write};
        case Power::inspect: return {Role::admin, Scope::read};
        case Power::admin: break;
    }
    return {Role::admin, Scope::admin};
}

}  // namespace

bool has_power(const Principal& who, Power power) {
    const Least least = least_for(power);
    return who.role >= least.role && who.scope >= least.scope;
}

void require(const Caller& caller, Power power, std::string_view action) {
    if (caller.who.account == 0) throw RequestError(Problem::unauthenticated, "authentication is required");
    if (has_power(caller.who, power)) return;
    const bool role_is_enough = caller.who.role >= least_for(power).role;
    throw RequestError(Problem::forbidden, "user '" + caller.who.name + "' may not " + std::string(action) +
                                               (role_is_enough ? " with this token's scope" : ""));
}

}  // namespace foliot::service
