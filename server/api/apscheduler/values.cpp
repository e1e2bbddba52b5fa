#include "api/apscheduler/values.hpp"

#include "api/apscheduler/dates.hpp"
#include "base/error.hpp"

#include <cmath>

namespace foliot::api::apscheduler {
namespace {

RequestError wrong_type(std::string_view field, std::string_view wanted, const json::Value& value) {
    return invalid_field(field, "must be " + std::string(wanted) + ", not " + std::string(json::kind_name(value.kind)));
}

}  // namespace

std::string text_of(std::string_view field, const json::Value& value) {
    if (!value.is(json::Kind::string)) throw wrong_type(field, "a text", value);
    return value.string;
}

std::int64_t whole_of(std::string_view field, const json::Value& value) {
    if (value.is(json::Kind::boolean)) return value.boolean ? 1 : 0;
    const bool whole = value.raw.find_first_of(".eE") == std::string_view::npos;
    if (value.is(json::Kind::real) && whole) throw invalid_field(field, "is too large");
    if (!value.is(json::Kind::integer)) throw wrong_type(field, "an integer", value);
    return value.integer;
}

double number_of(std::string_view field, const json::Value& value) {
    if (!value.is(json::Kind::integer) && !value.is(json::Kind::real)) throw wrong_type(field, "a number", value);
    return value.real;
}

Micros length_of(std::string_view field, const json::Value& value) {
    if (!value.is(json::Kind::integer) && !value.is(json::Kind::real))
        throw wrong_type(field, "a number of seconds", value);
    if (std::abs(value.real) > kLongestLength) throw invalid_field(field, "is too large");
    return std::llround(static_cast<long double>(value.real) * kSecond);
}

trigger::Written time_of(std::string_view field, const json::Value& value, const trigger::ZonePtr& zone) {
    if (!value.is(json::Kind::string)) throw wrong_type(field, "a date as text", value);
    const auto time = read_time(value.string);
    if (!time) {
        const std::string problem = problem_of(value.string);
        throw invalid_field(field, "cannot read the date '" + value.string + (problem.empty() ? "'" : "': " + problem) +
                                       "; write it as 2099-12-31T23:59:59+00:00");
    }
    if (time->offset_seconds || zone == nullptr) return {time->at, time->offset_seconds.value_or(0)};
    const Micros at = zone->instant_of(time->at);
    if (at <= trigger::kFirstInstant || at > trigger::kLastInstant)
        throw invalid_field(field, "'" + value.string + "' in " + zone->name() + " is outside the years 1 to 9999");
    return {at, static_cast<int>(zone->at(at).offset / kSecond)};
}

trigger::ZonePtr zone_of(const json::Value& value, const trigger::ZonePtr& otherwise) {
    if (value.is(json::Kind::null)) return otherwise;
    const std::string name = text_of("timezone", value);
    const auto zone = trigger::find_zone(name);
    if (!zone) throw invalid_field("timezone", "there is no time zone '" + name + "'; write a name as Europe/Berlin");
    return *zone;
}

Schema time_schema() {
    return Schema::text(8)
        .described(
            "a date with the year first or a month's name, with or without a time; local time in the time zone without "
            "an offset")
        .with_example(R"("2099-12-31T23:59:59+00:00")");
}

bool truthy(const json::Value& value) {
    switch (value.kind) {
        case json::Kind::null: return false;
        case json::Kind::boolean: return value.boolean;
        case json::Kind::integer:
        case json::Kind::real: return value.real != 0;
        case json::Kind::string: return !value.string.empty();
        case json::Kind::array: return !value.items.empty();
        case json::Kind::object: break;
    }
    return !value.members.empty();
}

}  // namespace foliot::api::apscheduler
