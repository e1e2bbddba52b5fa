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

/// Which fields a kind of trigger has beside `timezone`.
bool belongs_to(std::string_view type, std::string_view field) {
    if (type == "schedule") return field == "schedule";
    if (field == "timezone") return true;
    if (type == "date") return field == "run_date";
    if (type == "interval") return is_unit(field) || is_range_field(field);
    if (type == "crontab") return field == "line" || is_range_field(field);
    if (type == "any") return field == "triggers";
    return is_cron_field(field) || is_range_field(field);
}

const json::Value* find(const Given& given, std::string_view name) {
    const auto found = given.find(name);
    return found == given.end() ? nullptr : found->second;
}

void check_fields(std::string_view type, const Given& given) {
    for (const auto& [name, value] : given) {
        if (!belongs_to(type, name)) {
            throw invalid_field(name, "does not belong to a trigger of type '" + std::string(type) + "'");
        }
    }
}

/// Absent: `present`; null: `otherwise`.
trigger::ZonePtr zone_in(const Given& given, const trigger::ZonePtr& present, const trigger::ZonePtr& otherwise) {
    const json::Value* value = find(given, "timezone");
    return value == nullptr ? present : zone_of(*value, otherwise);
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

/// Takes a start or end from the body: absent keeps, null clears.
void take_time(const Given& given, std::string_view name, const trigger::ZonePtr& zone, std::optional<Micros>& at,
               int& offset_seconds) {
    const json::Value* value = find(given, name);
    if (value == nullptr) return;
    at.reset();
    offset_seconds = 0;
    if (value->is(json::Kind::null)) return;
    const trigger::Written time = time_of(name, *value, zone);
    at = time.at;
    offset_seconds = time.offset_seconds;
}

trigger::Written in_zone(Micros at, const trigger::ZonePtr& zone) {
    return {at, zone ? static_cast<int>(zone->at(at).offset / kSecond) : 0};
}

/// A date that is sent back as it is shown stays where a next run by hand has moved it.
trigger::Date date_of(const std::optional<trigger::Date>& present, const Given& given, const Circumstances& when) {
    const trigger::ZonePtr zone = zone_in(given, present ? present->zone : when.zone, when.zone);
    const json::Value* value = find(given, "run_date");
    if (value == nullptr && present) {
        trigger::Date date = *present;
        date.zone = zone;
        return date;
    }
    if (value == nullptr || value->is(json::Kind::null)) {
        const trigger::Written now = in_zone(when.now, zone);
        return {now.at, now.offset_seconds, {}, zone};
    }
    const trigger::Written time = time_of("run_date", *value, zone);
    if (present && time == trigger::written_date(*present)) return *present;
    return {time.at, time.offset_seconds, {}, zone};
}

void default_start(trigger::Interval& interval, Micros now) {
    interval.start = now + interval.every;
    interval.offset_seconds = in_zone(interval.start, interval.zone).offset_seconds;
    interval.written_start.reset();
    interval.start_defaulted = true;
}

/// A start that is sent back as it is shown stays, too.
void take_start(const json::Value& value, trigger::Interval& interval, Micros now) {
    if (value.is(json::Kind::null)) return default_start(interval, now);
    const trigger::Written time = time_of("start_date", value, interval.zone);
    if (time == trigger::written_start(interval)) return;
    interval.start = time.at;
    interval.offset_seconds = time.offset_seconds;
    interval.written_start.reset();
    interval.start_defaulted = false;
}

/// `present`: nothing for a new one. A default start that lies ahead moves with the length that it came from.
trigger::Interval interval_of(const std::optional<trigger::Interval>& present, const Given& given,
                              const Circumstances& when) {
    trigger::Interval interval = present.value_or(trigger::Interval{});
    interval.zone = zone_in(given, present ? present->zone : when.zone, when.zone);
    if (const auto every = every_of(given)) interval.every = *every;
    if (present && interval.every != present->every) interval.source.clear();
    take_time(given, "end_date", interval.zone, interval.end, interval.end_offset_seconds);
    if (const json::Value* start = find(given, "start_date")) {
        take_start(*start, interval, when.now);
    } else if (!present ||
               (present->start_defaulted && present->start > when.now && interval.every != present->every)) {
        default_start(interval, when.now);
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

/// A cron of either spelling without its fields or line: zone, start and end.
trigger::Cron range_of(const std::optional<trigger::Cron>& present, const Given& given, const Circumstances& when) {
    trigger::Cron cron = present.value_or(trigger::Cron{});
    cron.zone = zone_in(given, present ? present->zone : when.zone, when.zone);
    take_time(given, "start_date", cron.zone, cron.start, cron.offset_seconds);
    take_time(given, "end_date", cron.zone, cron.end, cron.end_offset_seconds);
    return cron;
}

trigger::Cron with_offsets_of(const trigger::Cron& range, trigger::Cron cron) {
    cron.offset_seconds = range.offset_seconds;
    cron.end_offset_seconds = range.end_offset_seconds;
    return cron;
}

trigger::Cron cron_of(const std::optional<trigger::Cron>& present, const Given& given, const Circumstances& when) {
    const trigger::Cron range = range_of(present, given, when);
    auto fields = range.given;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::string_view name = trigger::field_name(static_cast<trigger::Field>(i));
        if (const json::Value* value = find(given, name)) fields[i] = expression_of(name, *value);
    }
    return with_offsets_of(range, trigger::make_cron(std::move(fields), range.start, range.end, range.zone));
}

trigger::Cron crontab_of(const std::optional<trigger::Cron>& present, const Given& given, const Circumstances& when) {
    const trigger::Cron range = range_of(present, given, when);
    const json::Value* value = find(given, "line");
    if (value == nullptr && !present) throw invalid_field("line", "is missing");
    const std::string line = value != nullptr ? text_of("line", *value) : range.line;
    return with_offsets_of(range, trigger::make_crontab(line, range.start, range.end, range.zone));
}

/// One of the triggers of a union: an object with its type and its fields.
trigger::Single single_of(const json::Value& value, const Circumstances& when) {
    const json::Value* type = value.find("type");
    if (!value.is(json::Kind::object) || type == nullptr)
        throw invalid_field("triggers", "must be a list of objects, each with a 'type' and its fields");
    Given given;
    for (const auto& [name, member] : value.members) {
        if (name != "type") given[name] = &member;
    }
    const std::string kind = text_of("type", *type);
    if (kind == "any" || kind == "schedule")
        throw invalid_field("triggers", "one of several must be a date, interval, cron or crontab");
    const trigger::Trigger made = make_trigger(kind, given, when);
    if (const auto* date = std::get_if<trigger::Date>(&made)) return *date;
    if (const auto* interval = std::get_if<trigger::Interval>(&made)) return *interval;
    return std::get<trigger::Cron>(made);
}

/// What is wrong with one of several says with which.
trigger::Single numbered(std::size_t number, const json::Value& value, const Circumstances& when) {
    try {
        return single_of(value, when);
    } catch (const RequestError& e) {
        if (e.field() == "triggers") throw;
        throw invalid_field("triggers", "number " + std::to_string(number) + ": " + e.what());
    }
}

trigger::Any any_of(const Given& given, const Circumstances& when) {
    const json::Value* list = find(given, "triggers");
    if (list == nullptr || !list->is(json::Kind::array))
        throw invalid_field("triggers", "must be a list of one to eight triggers");
    const Circumstances inside{when.now, zone_in(given, when.zone, when.zone)};
    std::vector<trigger::Single> of;
    of.reserve(list->items.size());
    for (const json::Value& item : list->items) of.push_back(numbered(of.size() + 1, item, inside));
    return trigger::make_any(std::move(of));
}

/// What the schedule says is looked up where jobs are saved.
trigger::Shared shared_of(const Given& given) {
    const json::Value* value = find(given, "schedule");
    if (value == nullptr) throw invalid_field("schedule", "is missing");
    if (!value->is(json::Kind::integer) || value->integer < 1)
        throw invalid_field("schedule", "must be the id of a schedule, a whole number");
    return {.schedule = value->integer, .rev = 0, .rule = {}};
}

}  // namespace

bool is_trigger_field(std::string_view name) {
    return name == "run_date" || name == "timezone" || name == "line" || name == "triggers" || name == "schedule" ||
           is_unit(name) || is_cron_field(name) || is_range_field(name);
}

trigger::ZonePtr zone_beside(const Given& given, const trigger::ZonePtr& otherwise) {
    return zone_in(given, otherwise, otherwise);
}

Schema trigger_type_schema() { return Schema::word({"date", "interval", "cron", "crontab", "any", "schedule"}); }

std::vector<Schema::Property> trigger_properties() {
    const Schema time = time_schema().or_null();
    const Schema expression = Schema::either({Schema::text(1), Schema::whole(0), Schema::null()});
    std::vector<Schema::Property> properties{
        {"run_date", time.described("null: now; in an edit only beside a trigger"), false},
        {"start_date", time, false},
        {"end_date", time, false},
        {"timezone", Schema::text(2, 64).or_null().described("a name of the tz database, in any case"), false},
        {"line", Schema::text(6).described("of a crontab"), false},
        {"triggers", Schema::list(Schema::free_object()).described("one to eight, each with its type"), false},
        {"schedule", Schema::whole(1).described("id of a shared schedule"), false},
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

trigger::Trigger make_trigger(std::string_view type, const Given& given, const Circumstances& when) {
    if (type != "date" && type != "interval" && type != "cron" && type != "crontab" && type != "any" &&
        type != "schedule") {
        throw invalid_field("trigger", "there is no trigger of type '" + std::string(type) +
                                           "'; there are date, interval, cron, crontab, any, schedule");
    }
    check_fields(type, given);
    if (type == "date") return date_of(std::nullopt, given, when);
    if (type == "interval") return interval_of(std::nullopt, given, when);
    if (type == "crontab") return crontab_of(std::nullopt, given, when);
    if (type == "any") return any_of(given, when);
    if (type == "schedule") return shared_of(given);
    return cron_of(std::nullopt, given, when);
}

trigger::Trigger change_trigger(const trigger::Trigger& present, const Given& given, const Circumstances& when) {
    if (const auto* date = std::get_if<trigger::Date>(&present)) {
        check_fields("date", given);
        return date_of(*date, given, when);
    }
    if (const auto* interval = std::get_if<trigger::Interval>(&present)) {
        check_fields("interval", given);
        return interval_of(*interval, given, when);
    }
    if (const auto* cron = std::get_if<trigger::Cron>(&present)) {
        const bool is_line = !cron->line.empty();
        check_fields(is_line ? "crontab" : "cron", given);
        return is_line ? crontab_of(*cron, given, when) : cron_of(*cron, given, when);
    }
    if (std::holds_alternative<trigger::Any>(present)) {
        check_fields("any", given);
        if (!given.contains("triggers"))
            throw invalid_field("timezone", "each of its triggers has its own: give 'triggers' too");
        return any_of(given, when);
    }
    if (std::holds_alternative<trigger::Shared>(present)) {
        check_fields("schedule", given);
        return shared_of(given);
    }
    throw invalid_field(given.begin()->first, "the job has no trigger that could be changed; give 'trigger' too");
}

}  // namespace foliot::api::apscheduler
