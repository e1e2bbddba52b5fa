#include "cli/job_trigger.hpp"

#include "base/json.hpp"
#include "base/time_text.hpp"
#include "cli/times.hpp"

namespace foliot::cli {
namespace {

void check_excluded(const Options& options) {
    int given = 0;
    for (const char* name : {"cron", "every", "at", "schedule"}) given += options.has(name) ? 1 : 0;
    if (given > 1) throw UsageError("--cron, --every, --at and --schedule exclude each other: give one of them");
    if (given == 0 && options.has("timezone"))
        throw UsageError("--timezone goes with --cron, --every, --at or --schedule");
}

/// A reading of a clock in --timezone, which the server finds the instant of.
bool is_of_zone(const Options& options) {
    const auto time = parse_time(options.text("at"));
    return options.has("timezone") && time && !time->offset_seconds;
}

/// Nothing: it is of a zone that this machine does not know, so the server decides.
std::optional<Moment> moment_of(const Options& options, Micros now) {
    const std::string at = options.text("at");
    if (!is_of_zone(options)) return Times(options).moment("at", at, now);
    const auto offset_at = offset_of_zone(options.text("timezone"));
    if (!offset_at) return std::nullopt;
    return Times::moment("at", at, now, *offset_at);
}

void take_date(const Options& options, GivenTrigger& given, json::Writer& trigger) {
    const SystemClock clock;
    const Micros now = clock.now();
    const std::string at = options.text("at");
    const auto moment = moment_of(options, now);
    given.is_now = at == "now";
    if (moment && moment->at <= now && !given.is_now)
        throw UsageError("option --at is '" + at + "', and that is past: " + Times(options).shown(moment->at) +
                         "; wanted a time to come, or now");
    if (moment) given.note = moment->note;
    trigger.field("type", "date").field("run_date", is_of_zone(options) ? at : iso_time(moment->at));
}

}  // namespace

double seconds_of(const Options& options, const std::string& name) {
    const auto length = length_in(options.text(name));
    if (!length)
        throw UsageError("option --" + name + " is '" + options.text(name) +
                         "', wanted a length as in 90, 5m or 1h30m");
    return static_cast<double>(*length) / kSecond;
}

GivenTrigger given_trigger(const Options& options) {
    check_excluded(options);
    GivenTrigger given;
    json::Writer trigger;
    trigger.begin_object();
    if (options.has("cron")) {
        trigger.field("type", "crontab").field("line", options.text("cron"));
    } else if (options.has("every")) {
        trigger.field("type", "interval").field("seconds", seconds_of(options, "every"));
    } else if (options.has("schedule")) {
        trigger.field("type", "schedule").field("schedule", static_cast<std::int64_t>(options.number("schedule", 0)));
    } else if (options.has("at")) {
        take_date(options, given, trigger);
    } else {
        return given;
    }
    if (options.has("timezone")) trigger.field("timezone", options.text("timezone"));
    given.json = trigger.end_object().take();
    return given;
}

}  // namespace foliot::cli
