#include "api/ndscheduler/cron_fields.hpp"

namespace foliot::api::ndscheduler {
namespace {

/// What a field is when a more significant one is the last that was given.
std::string least_of(trigger::Field field) {
    switch (field) {
        case trigger::Field::month:
        case trigger::Field::day: return "1";
        case trigger::Field::hour:
        case trigger::Field::minute:
        case trigger::Field::second: return "0";
        case trigger::Field::year:
        case trigger::Field::week:
        case trigger::Field::day_of_week: break;
    }
    return "*";
}

bool below_all_given(const trigger::Cron& cron, std::size_t index) {
    bool any_above = false;
    for (std::size_t i = 0; i < cron.given.size(); ++i) {
        if (!cron.given[i]) continue;
        if (i > index) return false;
        any_above = true;
    }
    return any_above;
}

}  // namespace

std::string shown_field(const trigger::Trigger& trigger, trigger::Field field) {
    const auto* cron = std::get_if<trigger::Cron>(&trigger);
    if (cron == nullptr) return "";
    const auto index = static_cast<std::size_t>(field);
    if (cron->given[index]) return *cron->given[index];
    return below_all_given(*cron, index) ? least_of(field) : "*";
}

}  // namespace foliot::api::ndscheduler
