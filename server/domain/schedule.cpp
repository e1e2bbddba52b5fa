#include "domain/schedule.hpp"

#include "base/json.hpp"
#include "base/stored_object.hpp"

namespace foliot {
namespace {

struct FirstFire {
    Micros now;
    trigger::Rule operator()(const trigger::Date& date) const { return date; }
    trigger::Rule operator()(const trigger::Interval& interval) const {
        return trigger::Date{.at = now + interval.every, .zone = interval.zone};
    }
    template <class Repeating>
    trigger::Rule operator()(const Repeating& rule) const {
        const auto at = trigger::next_after(rule, now);
        if (!at) return rule;  // over: it never fires
        return trigger::Date{.at = *at,
                             .offset_seconds = trigger::shown_offset(rule, *at),
                             .zone = trigger::zone_of(rule).value_or(nullptr)};
    }
};

}  // namespace

trigger::Shared used_from(const Schedule& schedule, Micros now) {
    return {schedule.id, schedule.rev, schedule.once ? std::visit(FirstFire{now}, schedule.rule) : schedule.rule};
}

std::string to_json(const Schedule& schedule) {
    json::Writer out;
    out.begin_object().field("once", schedule.once).raw_field("rule", to_json(trigger::own(schedule.rule)));
    return out.end_object().take();
}

void read_json(std::string_view text, Schedule& schedule) {
    const json::Value value = json::parse(text);
    json::StoredObject stored(value, "schedule");
    schedule.once = stored.required(stored.boolean("once"), "once");
    const json::Value* said = stored.find("rule", json::Kind::object);
    const auto rule = said != nullptr ? trigger::rule_of(trigger::from_json(*said)) : std::nullopt;
    if (!rule) stored.corrupt("'rule' is missing or never fires");
    schedule.rule = *rule;
    stored.finish();
}

}  // namespace foliot
