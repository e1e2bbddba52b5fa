#include "cli/job_words.hpp"

#include <array>

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

std::string words_of_next(const Value& next, const Times& times) {
    std::string text = text_at(next, "description");
    for (const Value& fire : items_at(next, "fires")) text += "\n" + times.shown(fire.string);
    if (items_at(next, "fires").empty()) return text + (text.empty() ? "" : ": ") + "never again";
    for (const Value& warning : items_at(next, "warnings")) text += "\nnote: " + warning.string;
    return text;
}

}  // namespace

std::string next_fires(const Server& server, const std::string& id, const Times& times) {
    try {
        const Document next = server.get(path_of("/api/v1/jobs/{}/next?count=", id) + std::to_string(kFires));
        return words_of_next(next.value(), times);
    } catch (const Rejected& answer) {
        constexpr int not_found = 404;
        if (answer.status() != not_found) throw;
        return "never again";  // its last fire has been meanwhile
    }
}

std::string call_words(const Value& args, const Value& kwargs) {
    std::string text;
    for (const Value& item : args.items) text += (text.empty() ? "" : ", ") + std::string(item.raw);
    for (const json::Member& member : kwargs.members)
        text += (text.empty() ? "" : ", ") + member.name + "=" + std::string(member.value.raw);
    return text;
}

}  // namespace foliot::cli
