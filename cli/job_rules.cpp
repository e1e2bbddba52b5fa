#include "cli/job_rules.hpp"

#include "cli/assignment.hpp"
#include "cli/job_trigger.hpp"

#include <map>
#include <set>

namespace foliot::cli {
namespace {

/// The fields of a job in REST that this command sets by an option of their own.
const std::map<std::string, std::string, std::less<>> kOptionOf{
    {"job_id", "ID"},
    {"job_class_string", "FUNC"},
    {"trigger", "option --cron, --every, --at or --schedule"},
    {"line", "option --cron"},
    {"crontab", "option --cron"},
    {"schedule", "option --schedule"},
    {"timezone", "option --timezone"},
    {"next_run_time", "option --paused"},
    {"pub_args", "option --args"},
    {"kwargs", "option --kwargs or --arg"},
    {"name", "option --name"},
    {"description", "option --description"},
    {"timeout", "option --timeout"},
    {"max_retries", "option --max-retries"},
    {"tags", "option --tag"},
};

void write_others(json::Writer& body, const Options& options) {
    std::set<std::string> names;
    for (const std::string& given : options.texts("set")) {
        const Assignment one = assignment_of("--set", "FIELD=VALUE", given);
        if (const auto own = kOptionOf.find(one.name); own != kOptionOf.end())
            throw UsageError("option --set: field '" + one.name + "' is set by " + own->second);
        if (!names.insert(one.name).second) throw UsageError("option --set: field '" + one.name + "' is given twice");
        body.raw_field(one.name, json_of(one.value));
    }
}

}  // namespace

std::vector<OptionSpec> with_rule_options(std::vector<OptionSpec> own) {
    own.insert(own.end(), {{"description", "TEXT", "more of it"},
                           {"timeout", "LENGTH", "each attempt is stopped after it"},
                           {"max-retries", "N", "attempts after a failed one"},
                           {"tag", "TAG", "for limits and filters; may be given again", true},
                           {"set", "FIELD=VALUE", "any other field, as priority=7; may be given again", true}});
    return own;
}

void write_rules(json::Writer& body, const Options& options) {
    if (options.has("description")) body.field("description", options.text("description"));
    if (options.has("timeout")) body.field("timeout", seconds_of(options, "timeout"));
    if (options.has("max-retries"))
        body.field("max_retries", static_cast<std::int64_t>(options.number("max-retries", 0)));
    if (options.has("tag")) {
        body.key("tags").begin_array();
        for (const std::string& tag : options.texts("tag")) body.value(tag);
        body.end_array();
    }
    write_others(body, options);
}

std::string in_options(std::string text) {
    for (const auto& [field, option] : kOptionOf) {
        const std::string told = "field '" + field + "'";
        if (const auto at = text.find(told); at != std::string::npos) text.replace(at, told.size(), option);
    }
    return text;
}

}  // namespace foliot::cli
