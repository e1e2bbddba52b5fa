#include "api/apscheduler/job_json.hpp"

#include "base/json.hpp"
#include "base/time_text.hpp"
#include "domain/sealed.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <type_traits>

namespace foliot::api::apscheduler {
namespace {

using Shown = std::map<std::string_view, std::string>;  // name to JSON; the map sorts

std::string quoted(std::string_view text) { return json::quote(text, json::Charset::ascii); }
std::string quoted_time(Micros at, int offset_seconds) { return quoted(iso_time(at, offset_seconds)); }
std::string sorted(const std::string& text) { return json::sorted_ascii(json::parse(text)); }

std::string seconds(Micros length) {
    json::Writer writer;
    if (length % kSecond == 0) return writer.value(length / kSecond).take();
    return writer.value(static_cast<double>(length) / static_cast<double>(kSecond)).take();
}

/// Only the units that are not zero. Fractions of a second are kept inside and not shown, as in the original.
void show_length(Micros every, Shown& shown) {
    struct Unit {
        std::string_view name;
        std::int64_t seconds;
    };
    constexpr std::array<Unit, 5> kUnits{
        {{"weeks", 604800}, {"days", 86400}, {"hours", 3600}, {"minutes", 60}, {"seconds", 1}}};
    std::int64_t left = every / kSecond;
    for (const Unit& unit : kUnits) {
        if (const std::int64_t count = left / unit.seconds; count > 0) shown[unit.name] = std::to_string(count);
        left %= unit.seconds;
    }
}

void show_trigger(const trigger::None&, Shown& shown) { shown["trigger"] = "null"; }

void show_trigger(const trigger::Date& date, Shown& shown) {
    shown["trigger"] = quoted("date");
    const trigger::Written at = trigger::written_date(date);
    shown["run_date"] = quoted_time(at.at, at.offset_seconds);
}

void show_trigger(const trigger::Interval& interval, Shown& shown) {
    shown["trigger"] = quoted("interval");
    const trigger::Written start = trigger::written_start(interval);
    shown["start_date"] = quoted_time(start.at, start.offset_seconds);
    if (interval.end) shown["end_date"] = quoted_time(*interval.end, interval.end_offset_seconds);
    show_length(interval.every, shown);
}

void show_trigger(const trigger::Cron& cron, Shown& shown) {
    const bool is_line = !cron.line.empty();
    shown["trigger"] = quoted(is_line ? "crontab" : "cron");
    if (is_line) shown["line"] = quoted(cron.line);
    if (cron.start) shown["start_date"] = quoted_time(*cron.start, cron.offset_seconds);
    if (cron.end) shown["end_date"] = quoted_time(*cron.end, cron.end_offset_seconds);
    for (std::size_t i = 0; i < cron.given.size(); ++i) {
        if (cron.given[i] && !is_line)
            shown[trigger::field_name(static_cast<trigger::Field>(i))] = quoted(*cron.given[i]);
    }
}

std::string object_of(const Shown& shown) {
    std::string text = "{";
    for (const auto& [name, value] : shown) {
        if (text.size() > 1) text += ", ";
        text += quoted(name) + ": " + value;
    }
    return text + "}";
}

void show_trigger(const trigger::Any& any, Shown& shown);
void show_trigger(const trigger::Shared& shared, Shown& shown);

/// Of a trigger alone: its type in the place of `trigger`, its zone, and fractions of a second.
template <class One>
std::string object_of_trigger(const One& trigger) {
    Shown one;
    show_trigger(trigger, one);
    auto type = one.extract("trigger");
    type.key() = "type";
    one.insert(std::move(type));
    if constexpr (std::is_same_v<One, trigger::Cron>) one["timezone"] = quoted(zone_name(trigger.zone));
    if constexpr (std::is_same_v<One, trigger::Interval>) {
        one["timezone"] = quoted(zone_name(trigger.zone));
        if (trigger.every % kSecond != 0) one["seconds"] = seconds(trigger.every % (60 * kSecond));
    }
    return object_of(one);
}

/// As they are given, for each may have another zone.
void show_trigger(const trigger::Any& any, Shown& shown) {
    std::string list;
    for (const trigger::Single& single : any.of) {
        list += list.empty() ? "" : ", ";
        list += std::visit([](const auto& one) { return object_of_trigger(one); }, single);
    }
    shown["trigger"] = quoted("any");
    shown["triggers"] = "[" + list + "]";
}

void show_trigger(const trigger::Shared& shared, Shown& shown) {
    shown["trigger"] = quoted("schedule");
    shown["schedule"] = std::to_string(shared.schedule);
}

void show(const trigger::Trigger& trigger, Shown& shown) {
    std::visit([&](const auto& one) { show_trigger(one, shown); }, trigger);
}

}  // namespace

bool shown_as(const trigger::Trigger& trigger, std::string_view type, const Given& fields) {
    Shown shown;
    show(trigger, shown);
    if (shown.extract("trigger").mapped() != quoted(type)) return false;
    return std::equal(fields.begin(), fields.end(), shown.begin(), shown.end(), [](const auto& given, const auto& own) {
        return given.first == own.first && json::sorted_ascii(*given.second) == own.second;
    });
}

std::string trigger_json(const trigger::Trigger& trigger) {
    if (std::holds_alternative<trigger::None>(trigger)) return "null";
    return std::visit([](const auto& one) { return object_of_trigger(one); }, trigger);
}

std::string job_json(const Job& job) {
    const Definition& d = job.definition;
    Shown shown;
    shown["id"] = quoted(job.state.id);
    shown["name"] = quoted(d.name);
    shown["func"] = quoted(d.func.text());
    shown["args"] = sorted(shown_arguments(d.args));
    shown["kwargs"] = sorted(shown_arguments(d.kwargs));
    shown["max_instances"] = std::to_string(d.max_instances);
    shown["misfire_grace_time"] = d.misfire_grace ? seconds(*d.misfire_grace) : "null";
    show(d.trigger, shown);
    const auto next = job.state.next_fire;
    shown["next_run_time"] = next ? quoted_time(*next, trigger::shown_offset(d.trigger, *next)) : "null";
    return object_of(shown);
}

std::string jobs_json(const std::vector<Job>& jobs) {
    std::string text = "[";
    for (const Job& job : jobs) {
        if (text.size() > 1) text += ", ";
        text += job_json(job);
    }
    return text + "]";
}

Schema job_schema() {
    const Schema text = Schema::text(), time = Schema::instant();
    std::vector<Schema::Property> properties{
        {"id", text},
        {"name", text},
        {"func", text},
        {"args", Schema::list(Schema::any())},
        {"kwargs", Schema::free_object()},
        {"max_instances", Schema::whole(1)},
        {"misfire_grace_time", Schema::number(0).or_null()},
        {"next_run_time", time.or_null().described("null: paused")},
        {"trigger", Schema::either({trigger_type_schema(), Schema::null()})},
        {"run_date", time, false},
        {"start_date", time, false},
        {"end_date", time, false},
        {"line", text, false},
        {"triggers", Schema::list(Schema::free_object()), false},
        {"schedule", Schema::whole(1), false},
    };
    for (const char* unit : {"weeks", "days", "hours", "minutes", "seconds"})
        properties.push_back({unit, Schema::whole(1), false});
    for (std::size_t i = 0; i < trigger::kFieldCount; ++i)
        properties.push_back({std::string(trigger::field_name(static_cast<trigger::Field>(i))), text, false});
    return Schema::object(properties).named("job");
}

}  // namespace foliot::api::apscheduler
