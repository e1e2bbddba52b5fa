#include "api/ndscheduler/execution_json.hpp"

#include "api/ndscheduler/cron_fields.hpp"
#include "base/time_text.hpp"
#include "domain/sealed.hpp"

#include <algorithm>

namespace foliot::api::ndscheduler {
namespace {

constexpr int kIndent = 4;

std::optional<std::string> time_text(const std::optional<Micros>& at) {
    if (!at) return std::nullopt;
    return iso_time(*at);
}

std::optional<std::string> text_or_null(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return text;
}

/// The result as indented JSON text; the error's text when a run that failed left none; nothing while it lives.
std::optional<std::string> result_text(const store::RunView& run) {
    if (is_live(run.state)) return std::nullopt;
    const std::string result = run.result.value_or("null");
    if (run.state != RunState::succeeded && result == "null") return text_or_null(run.error);
    return json::sorted_ascii(json::parse(result), kIndent);
}

/// In seconds; nothing before both are known. A clock that was set back makes no time negative.
std::optional<double> seconds(const std::optional<Micros>& from, const std::optional<Micros>& to) {
    if (!from || !to) return std::nullopt;
    return static_cast<double>(std::max(*to - *from, Micros{0})) / static_cast<double>(kSecond);
}

std::string description(const store::RunView& run, const ExecutionStyle& style) {
    if (!run.pid) return "";
    return "hostname: " + style.hostname + " | pid: " + std::to_string(*run.pid);
}

void write_job(json::Writer& writer, const store::RunView& run) {
    const Definition& d = *run.def;
    writer.begin_object();
    writer.field("job_id", run.job_id);
    writer.field("name", d.name);
    writer.field("task_name", d.func.dotted());
    writer.field("job_class_string", d.func.dotted());
    writer.raw_field("pub_args", json::sorted_ascii(json::parse(shown_arguments(run.args.value_or(d.args)))));
    for (const trigger::Field field : kShownFields) {
        writer.field(trigger::field_name(field), shown_field(d.trigger, field));
    }
    writer.end_object();
}

void write_progress(json::Writer& writer, const std::optional<store::Progress>& progress) {
    writer.key("progress");
    if (!progress) {
        writer.null();
        return;
    }
    writer.begin_object().field("fraction", progress->fraction).field("note", progress->note).end_object();
}

void write_additions(json::Writer& writer, const store::RunView& run, const ExecutionStyle& style) {
    writer.field("nominal_time", iso_time(run.nominal));
    writer.field("first_nominal_time", iso_time(run.first_nominal));
    writer.field("fires", run.fires);
    writer.field("attempt", run.attempt);
    writer.field("origin", wire_name(run.origin));
    writer.field("reason", text_or_null(run.reason));
    writer.field("error", text_or_null(run.error));
    writer.field("parent_id", run.parent ? std::optional(style.public_id(*run.parent)) : std::nullopt);
    writer.field("due_time", iso_time(run.due));
    writer.field("started_time", time_text(run.started));
    writer.field("ended_time", time_text(run.ended));
    const auto due = run.started ? std::optional(run.due) : std::nullopt;
    writer.field("queue_time", seconds(due, run.started));
    writer.field("run_time", seconds(run.started, run.ended));
    writer.field("duration", seconds(due, run.ended));
    writer.field("module_version", text_or_null(run.module_version));
    write_progress(writer, run.progress);
    writer.raw_field("kwargs", json::sorted_ascii(json::parse(shown_arguments(run.kwargs.value_or(run.def->kwargs)))));
}

}  // namespace

void write_execution(json::Writer& writer, const store::RunView& run, const ExecutionStyle& style) {
    writer.begin_object();
    writer.field("execution_id", style.public_id(run.id));
    writer.field("state", wire_name(run.state));
    writer.field("hostname", run.node ? std::optional(style.hostname) : std::nullopt);
    writer.key("pid");
    if (run.pid)
        writer.value(static_cast<std::int64_t>(*run.pid));
    else
        writer.null();
    writer.key("task_id").null();
    writer.field("description", description(run, style));
    writer.field("result", result_text(run));
    writer.field("scheduled_time", iso_time(run.created()));
    writer.field("updated_time", iso_time(run.updated));
    writer.key("job");
    write_job(writer, run);
    write_additions(writer, run, style);
    writer.end_object();
}

namespace {

Schema progress_schema() {
    return Schema::object({{"fraction", Schema::number(0, 1).or_null()}, {"note", Schema::text()}}).or_null();
}

}  // namespace

Schema execution_schema() {
    const Schema text = Schema::text(), text_or_null = text.or_null(), time = Schema::instant(),
                 span = Schema::number(0).or_null();
    std::vector<Schema::Property> job{
        {"job_id", text}, {"name", text}, {"task_name", text}, {"job_class_string", text}, {"pub_args", Schema::any()}};
    for (const trigger::Field field : kShownFields) job.push_back({std::string(trigger::field_name(field)), text});
    return Schema::object({
                              {"execution_id", text},
                              {"state", Schema::word({"scheduled", "running", "stopping", "stopped", "failed",
                                                      "succeeded", "timeout", "scheduled error", "missed", "skipped"})},
                              {"hostname", text_or_null},
                              {"pid", Schema::whole().or_null()},
                              {"task_id", Schema::null()},
                              {"description", text},
                              {"result", text_or_null.described("JSON, or the error's text")},
                              {"scheduled_time", time},
                              {"updated_time", time},
                              {"job", Schema::object(job).described("as it was for this execution")},
                              {"nominal_time", time},
                              {"first_nominal_time", time},
                              {"fires", Schema::whole(0)},
                              {"attempt", Schema::whole(1)},
                              {"origin", Schema::word({"fire", "manual", "retry"})},
                              {"reason", text_or_null},
                              {"error", text_or_null},
                              {"parent_id", text_or_null},
                              {"due_time", time.described("when it was to begin: later than nominal_time by jitter, "
                                                          "a retry's delay or a snooze")},
                              {"started_time", time.or_null()},
                              {"ended_time", time.or_null()},
                              {"queue_time", span.described("seconds from due_time to started_time")},
                              {"run_time", span.described("seconds from started_time to ended_time")},
                              {"duration", span.described("seconds from due_time to ended_time, if it started")},
                              {"module_version", text_or_null},
                              {"progress", progress_schema()},
                              {"kwargs", Schema::free_object()},
                          })
        .named("execution");
}

}  // namespace foliot::api::ndscheduler
