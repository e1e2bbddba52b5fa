// `foliot jobs add`: a new job, or with --replace other fields of one that is there.
#include "base/time_text.hpp"
#include "cli/job_arguments.hpp"
#include "cli/job_words.hpp"
#include "cli/server_commands.hpp"
#include "cli/table.hpp"

#include <iostream>

namespace foliot::cli {
namespace {

constexpr const char* kDetails =
    "FUNC is module:function (foliot modules --functions). Without --cron, --every, --at or --schedule it runs once,\n"
    "now. A time without an offset is of --timezone, else of the local zone here; it may be 'now' or '+10m', too.\n"
    "A cron line without --timezone is of the server's zone (scheduler.timezone, UTC unless configured).\n"
    "\n"
    "With --replace a job of this id that is there gets what is given and keeps everything else.\n"
    "\n"
    "    foliot jobs add tidy shell:run --args '[\"df\", \"-h\"]' --cron '0 4 * * 1-5' --timezone Europe/Berlin\n"
    "    foliot jobs add greet sample:hello --arg name=you --every 5m\n"
    "\n";

/// How it is told that a job shall fire, as the API takes it; "" when nothing is.
std::string trigger_of(const Options& options) {
    int given = 0;
    for (const char* name : {"cron", "every", "at", "schedule"}) given += options.has(name) ? 1 : 0;
    if (given > 1) throw UsageError("--cron, --every, --at and --schedule exclude each other: give one of them");
    json::Writer trigger;
    trigger.begin_object();
    if (options.has("cron")) {
        trigger.field("type", "crontab").field("line", options.text("cron"));
    } else if (options.has("every")) {
        const auto length = length_in(options.text("every"));
        if (!length)
            throw UsageError("option --every is '" + options.text("every") +
                             "', wanted a length as in 90, 5m or 1h30m");
        trigger.field("type", "interval").field("seconds", static_cast<double>(*length) / kSecond);
    } else if (options.has("schedule")) {
        trigger.field("type", "schedule").field("schedule", static_cast<std::int64_t>(options.number("schedule", 0)));
    } else if (options.has("at")) {
        const std::string at = options.text("at");
        const auto time = parse_time(at);
        const bool of_zone = options.has("timezone") && time && !time->offset_seconds;
        const SystemClock clock;
        trigger.field("type", "date");
        trigger.field("run_date", of_zone ? at : iso_time(Times(options).read("at", at, clock.now())));
    } else {
        return {};
    }
    if (options.has("timezone")) trigger.field("timezone", options.text("timezone"));
    return trigger.end_object().take();
}

double seconds_of(const Options& options, const std::string& name) {
    const auto length = length_in(options.text(name));
    if (!length)
        throw UsageError("option --" + name + " is '" + options.text(name) +
                         "', wanted a length as in 90, 5m or 1h30m");
    return static_cast<double>(*length) / kSecond;
}

void write_rules(json::Writer& body, const Options& options) {
    if (options.has("description")) body.field("description", options.text("description"));
    if (options.has("timeout")) body.field("timeout", seconds_of(options, "timeout"));
    if (options.has("max-retries"))
        body.field("max_retries", static_cast<std::int64_t>(options.number("max-retries", 0)));
    if (!options.has("tag")) return;
    body.key("tags").begin_array();
    for (const std::string& tag : options.texts("tag")) body.value(tag);
    body.end_array();
}

/// As it is now; nothing: there is none.
std::optional<Document> job_there_is(const Server& server, const std::string& id) {
    try {
        return server.get(path_of("/api/v1/jobs/{}", id));
    } catch (const Rejected& error) {
        if (error.status() != 400 && error.status() != 404) throw;
        return std::nullopt;
    }
}

/// The API wants name, function and trigger always; what is sent back as it was shown changes nothing.
void write_what_must_be(json::Writer& body, const Options& options, const Document* before) {
    const std::string& id = options.word(0);
    const std::string old_name = before == nullptr ? id : text_at(before->value(), "name");
    body.field("name", options.text("name", old_name)).field("job_class_string", options.word(1));
    std::string trigger = trigger_of(options);
    if (trigger.empty() && options.has("timezone"))
        throw UsageError("--timezone goes with --cron, --every, --at or --schedule");
    const json::Value* old = before == nullptr ? nullptr : before->value().find("trigger");
    if (trigger.empty() && old != nullptr && !old->is(json::Kind::null)) trigger = old->raw;
    body.raw_field("trigger", trigger.empty() ? R"({"type": "date"})" : trigger);
}

void save(const Server& server, const Options& options, const Document* before) {
    const std::string& id = options.word(0);
    json::Writer body;
    body.begin_object();
    write_what_must_be(body, options, before);
    write_arguments(body, arguments_of(server, options, options.word(1)));
    write_rules(body, options);
    if (before != nullptr) {
        server.send("PUT", path_of("/api/v1/jobs/{}", id), body.end_object().take());
        if (options.has("paused")) server.send("PATCH", path_of("/api/v1/jobs/{}", id));
        return;
    }
    body.field("job_id", id);
    if (options.has("paused")) body.key("next_run_time").null();
    server.send("POST", "/api/v1/jobs", body.end_object().take());
}

int run(const Options& options) {
    const Server server(options);
    const std::string& id = options.word(0);
    (void)trigger_of(options);  // what is wrong here needs no server
    const auto before = options.has("replace") ? job_there_is(server, id) : std::nullopt;
    save(server, options, before ? &*before : nullptr);
    const auto job = job_there_is(server, id);
    if (options.has("json")) {
        std::cout << (job ? job->text() : "{}") << '\n';
        return kOk;
    }
    Fields fields;
    fields.add(before ? "changed" : "added", id);
    if (options.has("paused")) fields.add("state", "paused; to let it fire: foliot jobs resume " + id);
    fields.add("fires", job ? next_fires(server, id, Times(options)) : "now, and then never again");
    std::cout << fields.text();
    return kOk;
}

}  // namespace

Command jobs_add() {
    return {.name = "jobs add",
            .words = {"ID", "FUNC"},
            .summary = "add a job, or change one",
            .options = with_server_options(
                with_argument_options({{"cron", "LINE", "when: a crontab line, '0 4 * * 1-5'"},
                                       {"every", "LENGTH", "when: an interval, 90, 5m, 1h30m, 2d"},
                                       {"at", "TIME", "when: once, '2026-11-21 02:30', +10m, now"},
                                       {"schedule", "ID", "when: as a shared schedule says"},
                                       {"timezone", "ZONE", "of these, as Europe/Berlin"},
                                       {"name", "TEXT", "what people call it; by default its id"},
                                       {"description", "TEXT", "more of it"},
                                       {"timeout", "LENGTH", "each attempt is stopped after it"},
                                       {"max-retries", "N", "attempts after a failed one"},
                                       {"tag", "TAG", "for limits and filters; may be given again", true},
                                       {"paused", "", "it does not fire until it is resumed"},
                                       {"replace", "", "if there is such a job, change it"}})),
            .details = std::string(kDetails) + kEnding,
            .run = &run};
}

}  // namespace foliot::cli
