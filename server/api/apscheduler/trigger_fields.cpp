#include "api/apscheduler/trigger_fields.hpp"

#include "api/apscheduler/values.hpp"
#include "base/error.hpp"

#include <array>
#include <cmath>

namespace foliot::api::apscheduler {
namespace {

constexpr Micros kShortest = kMillisecond;

struct Unit {
    std::string_view name;
    int seconds;
};
constexpr std::array<Unit, 5> kUnits{
    {{"weeks", 604800}, {"days", 86400}, {"hours", 3600}, {"minutes", 60}, {"seconds", 1}}};

bool is_unit(std::string_view name) {
    for (const Unit& unit : kUnits) {
        if (unit.name == name) return true;
    }
    return false;
}

bool is_cron_field(std::string_view name) {
    for (std::size_t i = 0; i < trigger::kFieldCount; ++i) {
        if (trigger::field_name(static_cast<trigger::Field>(i)) == name) return true;
    }
    return false;
}

bool is_range_field(std::string_view name) { return name == "start_date" || name == "end_date"; }
bool is_common_field(std::string_view name) { return name == "timezone" || name == "jitter"; }

bool belongs_to(std::string_view type, std::string_view field) {
    if (is_common_field(field)) return true;
    if (type == "date") return field == "run_date";
    if (type == "interval") return is_unit(field) || is_range_field(field);
    return is_cron_field(field) || is_range_field(field);
}

const json::Value* find(const Given& given, std::string_view name) {
    const auto found = given.find(name);
    return found == given.end() ? nullptr : found->second;
}

void check_timezone(const json::Value& value) {
    if (value.is(json::Kind::null)) return;
    const std::string zone = text_of("timezone", value);
    const std::string name = lower(zone);
    if (name == "utc" || name == "etc/utc") return;
    throw invalid_field("timezone", "only UTC is known, not '" + zone + "'");
}

void check_fields(std::string_view type, const Given& given) {
    for (const auto& [name, value] : given) {
        if (!belongs_to(type, name)) {
            throw invalid_field(name, "does not belong to a trigger of type '" + std::string(type) + "'");
        }
        if (name == "timezone") check_timezone(*value);
        if (name == "jitter" && truthy(*value)) throw invalid_field(name, "is not supported");
    }
}

long double number_of(std::string_view field, const json::Value& value) {
    if (value.is(json::Kind::boolean)) return value.boolean ? 1 : 0;
    if (value.is(json::Kind::integer)) return static_cast<long double>(value.integer);
    if (value.is(json::Kind::real)) return value.real;
    throw invalid_field(field, "must be a number, not " + std::string(json::kind_name(value.kind)));
}

/// Nothing when no length is given.
std::optional<Micros> every_of(const Given& given) {
    long double total = 0;
    bool any = false;
    for (const Unit& unit : kUnits) {
        const json::Value* value = find(given, unit.name);
        if (value == nullptr) continue;
        any = true;
        total += number_of(unit.name, *value) * unit.seconds;
        if (!(std::abs(total) <= kLongestLength)) throw invalid_field(unit.name, "makes the interval too long");
        if (total < 0) throw invalid_field(unit.name, "makes the interval negative");
    }
    if (!any) return std::nullopt;
    if (total == 0) return kSecond;
    const Micros every = std::llround(total * kSecond);
    if (every < kShortest) throw invalid_field("seconds", "makes the interval shorter than 0.001 seconds");
    return every;
}

trigger::Written written_of(std::string_view field, const json::Value& value) {
    const ParsedTime time = time_of(field, value);
    return {time.at, time.offset_seconds.value_or(0)};
}

/// Takes a start or end from the body: absent keeps, null clears.
void take_time(const Given& given, std::string_view name, std::optional<Micros>& at, int& offset_seconds) {
    const json::Value* value = find(given, name);
    if (value == nullptr) return;
    at.reset();
    offset_seconds = 0;
    if (value->is(json::Kind::null)) return;
    const trigger::Written time = written_of(name, *value);
    at = time.at;
    offset_seconds = time.offset_seconds;
}

/// A date that is sent back as it is shown stays where a next run by hand has moved it.
trigger::Date date_of(const trigger::Date& present, const Given& given, Micros now) {
    const json::Value* value = find(given, "run_date");
    if (value == nullptr) return present;
    if (value->is(json::Kind::null)) return {now, 0};
    const trigger::Written time = written_of("run_date", *value);
    return time == trigger::written_date(present) ? present : trigger::Date{time.at, time.offset_seconds};
}

void default_start(trigger::Interval& interval, Micros now) {
    interval.start = now + interval.every;
    interval.offset_seconds = 0;
    interval.written_start.reset();
    interval.start_defaulted = true;
}

/// A start that is sent back as it is shown stays, too.
void take_start(const json::Value& value, trigger::Interval& interval, Micros now) {
    if (value.is(json::Kind::null)) return default_start(interval, now);
    const trigger::Written time = written_of("start_date", value);
    if (time == trigger::written_start(interval)) return;
    interval.start = time.at;
    interval.offset_seconds = time.offset_seconds;
    interval.written_start.reset();
    interval.start_defaulted = false;
}

/// `present`: nothing for a new one. A default start that lies ahead moves with the length that it came from.
trigger::Interval interval_of(const std::optional<trigger::Interval>& present, const Given& given, Micros now) {
    trigger::Interval interval = present.value_or(trigger::Interval{});
    if (const auto every = every_of(given)) interval.every = *every;
    take_time(given, "end_date", interval.end, interval.end_offset_seconds);
    if (const json::Value* start = find(given, "start_date")) {
        take_start(*start, interval, now);
    } else if (!present || (present->start_defaulted && present->start > now && interval.every != present->every)) {
        default_start(interval, now);
    }
    return interval;
}

/// A number or a text; nothing for null.
std::optional<std::string> expression_of(std::string_view field, const json::Value& value) {
    if (value.is(json::Kind::null)) return std::nullopt;
    if (value.is(json::Kind::integer)) return std::to_string(value.integer);
    if (value.is(json::Kind::string)) return value.string;
    throw invalid_field(
        field, "must be a cron expression as text or an integer, not " + std::string(json::kind_name(value.kind)));
}

trigger::Cron cron_of(const trigger::Cron& present, const Given& given) {
    auto fields = present.given;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::string_view name = trigger::field_name(static_cast<trigger::Field>(i));
        if (const json::Value* value = find(given, name)) fields[i] = expression_of(name, *value);
    }
    auto start = present.start;
    auto end = present.end;
    int offset = present.offset_seconds;
    int end_offset = present.end_offset_seconds;
    take_time(given, "start_date", start, offset);
    take_time(given, "end_date", end, end_offset);
    trigger::Cron cron = trigger::make_cron(std::move(fields), start, end);
    cron.offset_seconds = offset;
    cron.end_offset_seconds = end_offset;
    return cron;
}

}  // namespace

bool is_trigger_field(std::string_view name) {
    return name == "run_date" || is_unit(name) || is_cron_field(name) || is_range_field(name) || is_common_field(name);
}

Schema trigger_type_schema() { return Schema::word({"date", "interval", "cron"}); }

std::vector<Schema::Property> trigger_properties() {
    const Schema time = time_schema().or_null();
    const Schema expression = Schema::either({Schema::text(1), Schema::whole(0), Schema::null()});
    std::vector<Schema::Property> properties{
        {"run_date", time.described("null: now; in an edit only beside a trigger"), false},
        {"start_date", time, false},
        {"end_date", time, false},
        {"timezone", Schema::text(3, 7).or_null().described("UTC or Etc/UTC, in any case; no other yet"), false},
        {"jitter", Schema::any().described("not supported: null or 0"), false},
    };
    for (const Unit& unit : kUnits) {
        const double most = kLongestLength / unit.seconds;
        const Schema length = Schema::number(-most, most);
        properties.push_back({std::string(unit.name), Schema::either({length, Schema::boolean()}), false});
    }
    for (std::size_t i = 0; i < trigger::kFieldCount; ++i) {
        const std::string name(trigger::field_name(static_cast<trigger::Field>(i)));
        properties.push_back({name, expression, false});
    }
    return properties;
}

trigger::Trigger make_trigger(std::string_view type, const Given& given, Micros now) {
    if (type != "date" && type != "interval" && type != "cron") {
        throw invalid_field("trigger",
                            "there is no trigger of type '" + std::string(type) + "'; there are date, interval, cron");
    }
    check_fields(type, given);
    if (type == "date") return date_of({now, 0}, given, now);
    if (type == "interval") return interval_of(std::nullopt, given, now);
    return cron_of({}, given);
}

trigger::Trigger change_trigger(const trigger::Trigger& present, const Given& given, Micros now) {
    if (const auto* date = std::get_if<trigger::Date>(&present)) {
        check_fields("date", given);
        return date_of(*date, given, now);
    }
    if (const auto* interval = std::get_if<trigger::Interval>(&present)) {
        check_fields("interval", given);
        return interval_of(*interval, given, now);
    }
    if (const auto* cron = std::get_if<trigger::Cron>(&present)) {
        check_fields("cron", given);
        return cron_of(*cron, given);
    }
    throw invalid_field(given.begin()->first, "the job has no trigger that could be changed; give 'trigger' too");
}

}  // namespace foliot::api::apscheduler
