#include "service/limit_rights.hpp"

#include "base/error.hpp"

namespace foliot::service {
namespace {

bool was_granted(const LimitField& field, const Definition* present, const Definition& wished) {
    if (present == nullptr || present->func != wished.func) return false;
    const auto& before = present->limits.*field.value;
    return before && !gives_more(field, wished.limits.*field.value, before);
}

[[noreturn]] void refuse(const Caller& caller, const LimitField& field, const LimitsInForce& limits) {
    LimitsInForce usual = limits;
    usual.wished = {};
    throw RequestError(Problem::forbidden,
                       "user '" + caller.who.name + "' may not set limits." + std::string(field.name) + " beyond the " +
                           usual.words(field.name),
                       "limits");
}

}  // namespace

void require_limits(const Caller& caller, const ResourceLimits& configured, const Functions& functions,
                    const Definition* present, const Definition& wished) {
    if (has_power(caller.who, Power::admin)) return;
    for (const LimitField& field : kLimitFields) {
        const auto& wish = wished.limits.*field.value;
        if (!wish || was_granted(field, present, wished)) continue;
        const LimitsInForce limits{configured, functions.find(wished.func)->limits, wished.limits};
        if (gives_more(field, wish, limits.usual().*field.value)) refuse(caller, field, limits);
    }
}

}  // namespace foliot::service
