// `foliot jobs add`: a new job, or with --replace other fields of one that is there.
#include "cli/job_arguments.hpp"
#include "cli/job_rules.hpp"
#include "cli/job_trigger.hpp"
#include "cli/job_words.hpp"
#include "cli/server_commands.hpp"
#include "cli/table.hpp"

#include <iostream>

namespace foliot::cli {
namespace {

constexpr const char* kDetails =
    "FUNC is module:function (foliot modules --functions). Without --cron, --every, --at or --schedule it runs once,\n"
    "now. A time without an offset is of --timezone, else of the local zone here; it may be 'now' or '+10m', too,\n"
    "but not past. Of one that comes twice, where clocks are set back, the first is meant.\n"
    "A cron line without --timezone is of the server's zone (scheduler.timezone, UTC unless configured).\n"
    "\n"
    "With --replace a job of this id that is there gets what is given and keeps everything else; of its arguments,\n"
    "when any are given, all are given anew.\n"
    "\n"
    "    foliot jobs add tidy shell:run --args '[\"df\", \"-h\"]' --cron '0 4 * * 1-5' --timezone Europe/Berlin\n"
    "    foliot jobs add greet sample:hello --arg name=you --every 5m --set overlap=skip\n"
    "\n"
    "--set sets a field that has no option of its own, as the REST reference has it; its value is JSON, or else text:\n"
    "misfire_policy, misfire_grace_time, coalesce, overlap, max_instances, max_queued, max_runs, jitter, deadline,\n"
    "retry_delay, retry_backoff, retry_max_delay, priority, isolation, limits.\n"
    "\n";

/// As it is now; nothing: there is none (any more).
std::optional<Document> job_there_is(const Server& server, const std::string& id) {
    try {
        return server.get(path_of("/api/v1/jobs/{}", id));
    } catch (const Rejected& error) {
        if (error.status() != 400 && error.status() != 404) throw;
        return std::nullopt;
    }
}

/// The API wants name, function and trigger always; what is sent back as it was shown changes nothing.
void write_what_must_be(json::Writer& body, const Options& options, const GivenTrigger& given, const Document* before) {
    const std::string& id = options.word(0);
    const std::string old_name = before == nullptr ? id : text_at(before->value(), "name");
    body.field("name", options.text("name", old_name)).field("job_class_string", options.word(1));
    std::string trigger = given.json;
    const json::Value* old = before == nullptr ? nullptr : before->value().find("trigger");
    if (trigger.empty() && old != nullptr && !old->is(json::Kind::null)) trigger = old->raw;
    body.raw_field("trigger", trigger.empty() ? R"({"type": "date"})" : trigger);
}

/// Answers its id, as the server has it.
std::string save(const Server& server, const Options& options, const GivenTrigger& given, const Document* before) {
    const std::string& id = options.word(0);
    json::Writer body;
    body.begin_object();
    write_what_must_be(body, options, given, before);
    write_arguments(body, arguments_of(server, options, options.word(1)));
    write_rules(body, options);
    if (options.has("paused")) body.key("next_run_time").null();
    if (before == nullptr) body.field("job_id", id);
    const std::string text = body.end_object().take();
    const Document saved = before == nullptr ? server.send("POST", "/api/v1/jobs", text)
                                             : server.send("PUT", path_of("/api/v1/jobs/{}", id), text);
    return text_at(saved.value(), "job_id");
}

/// What is resumed has to have a fire left.
void check_paused(const Options& options, const GivenTrigger& given, bool is_there) {
    const bool once_now = given.is_now || (given.json.empty() && !is_there);
    if (options.has("paused") && once_now)
        throw UsageError(
            "--paused goes with --cron, --every, --schedule or an --at that is to come: what fires once, now, has "
            "nothing left when it is resumed");
}

/// Of one that is over what became of it.
void print_json(const Server& server, const std::string& id) {
    const auto job = job_there_is(server, id);
    std::cout << (job ? *job : server.get(path_of("/api/v1/jobs/{}/explain", id))).text() << '\n';
}

int run(const Options& options) {
    const Server server(options);
    const GivenTrigger given = given_trigger(options);
    const auto before = options.has("replace") ? job_there_is(server, options.word(0)) : std::nullopt;
    check_paused(options, given, before.has_value());
    std::string id;
    try {
        id = save(server, options, given, before ? &*before : nullptr);
    } catch (const Rejected& error) {
        const bool is_there = std::string_view(error.what()).ends_with("already exists.");
        throw CommandError(in_options(error.what()) + (is_there ? " With --replace it is changed." : ""));
    }
    if (options.has("json")) {
        print_json(server, id);
        return kOk;
    }
    Fields fields;
    fields.add(before ? "changed" : "added", id);
    if (options.has("paused")) fields.add("state", "paused; to let it fire: foliot jobs resume " + id);
    const Fires fires = next_fires(server, id, Times(options));
    fields.add("fires", fires.text);
    fields.add("last fire", fires.last);
    fields.add("note", given.note);
    std::cout << fields.text();
    return kOk;
}

}  // namespace

Command jobs_add() {
    return {.name = "jobs add",
            .words = {"ID", "FUNC"},
            .summary = "add a job, or change one",
            .options = with_server_options(with_argument_options(
                with_rule_options({{"cron", "LINE", "when: a crontab line, '0 4 * * 1-5'"},
                                   {"every", "LENGTH", "when: an interval, 90, 5m, 1h30m, 2d"},
                                   {"at", "TIME", "when: once, '2026-11-21 02:30', +10m, now"},
                                   {"schedule", "ID", "when: as a shared schedule says"},
                                   {"timezone", "ZONE", "of these, as Europe/Berlin"},
                                   {"name", "TEXT", "what people call it; by default its id"},
                                   {"paused", "", "it does not fire until it is resumed; not for what runs once, now"},
                                   {"replace", "", "if there is such a job, change it"}}))),
            .details = std::string(kDetails) + kEnding,
            .run = &run};
}

}  // namespace foliot::cli
