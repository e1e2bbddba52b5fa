#include "cli/job_words.hpp"

#include "base/time_text.hpp"

#include <array>
#include <optional>
#include <vector>

namespace foliot::cli {
namespace {

constexpr int kFires = 5;

using json::Value;

double real_at(const Value& object, std::string_view name) {
    const Value* value = object.find(name);
    return value == nullptr ? 0 : value->real;
}

std::string interval_words(const Value& trigger) {
    constexpr std::array<std::pair<const char*, double>, 5> units{
        {{"weeks", 604'800}, {"days", 86'400}, {"hours", 3'600}, {"minutes", 60}, {"seconds", 1}}};
    double seconds = 0;
    for (const auto& [name, length] : units) seconds += real_at(trigger, name) * length;
    return "every " + length_text(static_cast<Micros>(seconds * static_cast<double>(kSecond)));
}

/// Fields that restrict: "hour=4 minute=*/5".
std::string cron_words(const Value& trigger) {
    std::string text = "cron";
    for (const char* name : {"year", "month", "day", "week", "day_of_week", "hour", "minute", "second"}) {
        const std::string value = text_at(trigger, name);
        if (!value.empty() && value != "*") text += " " + std::string(name) + "=" + value;
    }
    return text;
}

}  // namespace

std::string trigger_words(const Value& job, const Times& times) {
    const Value* trigger = job.find("trigger");
    if (trigger == nullptr || !trigger->is(json::Kind::object)) return "";
    std::string type = text_at(*trigger, "type");
    const std::string zone = text_at(*trigger, "timezone");
    const std::string in_zone = zone.empty() ? "" : ", " + zone;
    if (type == "interval") return interval_words(*trigger);
    if (type == "date") return "once, " + times.shown(text_at(*trigger, "run_date"));
    if (type == "crontab") return "crontab " + text_at(*trigger, "line") + in_zone;
    if (type == "cron") return cron_words(*trigger) + in_zone;
    if (type == "schedule") return "schedule " + text_at(*trigger, "schedule");
    if (type == "any") return "any of " + std::to_string(items_at(*trigger, "triggers").size()) + " triggers";
    return type;
}

namespace {

/// Fires may be less than a second apart: fractions are shown where they tell fires apart.
bool fractions_differ(const std::vector<Value>& fires) {
    std::optional<Micros> fraction;
    for (const Value& fire : fires) {
        const auto time = parse_time(fire.string);
        if (!time) continue;
        if (fraction && *fraction != time->at % kSecond) return true;
        fraction = time->at % kSecond;
    }
    return false;
}

std::string fire_text(const Value& fire, const Times& times, bool exact) {
    const auto time = parse_time(fire.string);
    return exact && time ? times.exact(time->at) : times.shown(fire.string);
}

bool is_over(const std::string& status) { return status == "finished" || status == "deleted"; }

std::string fires_text(const Value& next, const Times& times) {
    const std::string status = text_at(next, "job_status");
    if (is_over(status)) return "never again";
    std::string text = (status == "paused" ? "when resumed: " : "") + times.within(text_at(next, "description"));
    const auto& fires = items_at(next, "fires");
    if (fires.empty())
        return text + (text.empty() ? "" : ": ") +
               (status == "broken" ? "not until it is changed or resumed" : "never again");
    const bool exact = fractions_differ(fires);
    for (const Value& fire : fires) text += "\n" + fire_text(fire, times, exact);
    for (const Value& warning : items_at(next, "warnings")) text += "\nnote: " + warning.string;
    return text;
}

}  // namespace

/// Of a job that never fired there is nothing to explain.
std::string last_fire(const Server& server, const std::string& id, const Times& times) {
    try {
        const Document told = server.get(path_of("/api/v1/jobs/{}/explain", id));
        const std::string outcome = text_at(told.value(), "outcome");
        const bool fired = outcome != "no_fire" && outcome != "not_active" && outcome != "future";
        return fired ? times.within(text_at(told.value(), "explanation")) : "";
    } catch (const Rejected&) {
        return {};
    }
}

Fires next_fires(const Server& server, const std::string& id, const Times& times) {
    const Document next = server.get(path_of("/api/v1/jobs/{}/next?count=", id) + std::to_string(kFires));
    const bool over = is_over(text_at(next.value(), "job_status"));
    return {fires_text(next.value(), times), over, over ? last_fire(server, id, times) : ""};
}

std::string call_words(const Value& args, const Value& kwargs) {
    std::string text;
    for (const Value& item : args.items) text += (text.empty() ? "" : ", ") + std::string(item.raw);
    for (const json::Member& member : kwargs.members)
        text += (text.empty() ? "" : ", ") + member.name + "=" + std::string(member.value.raw);
    return text;
}

}  // namespace foliot::cli
