#include "api/admin/history_json.hpp"

#include "api/admin/fires_json.hpp"
#include "base/time_text.hpp"
#include "service/words.hpp"

namespace foliot::api::admin {
namespace {

std::optional<std::string> time_text(const std::optional<Micros>& at) {
    if (!at) return std::nullopt;
    return iso_time(*at);
}

void write_seconds(json::Writer& writer, std::string_view name, const std::optional<Micros>& length) {
    writer.key(name);
    if (!length) {
        writer.null();
    } else if (*length % kSecond == 0) {
        writer.value(*length / kSecond);
    } else {
        writer.value(static_cast<double>(*length) / static_cast<double>(kSecond));
    }
}

/// In the words and units of a job's fields.
void write_policy(json::Writer& writer, const Definition& d) {
    writer.begin_object();
    writer.field("misfire_policy", name_of(d.misfire)).field("coalesce", d.coalesce);
    write_seconds(writer, "misfire_grace_time", d.misfire_grace);
    writer.field("max_instances", d.max_instances);
    writer.field("overlap", name_of(d.overlap)).field("max_queued", d.max_queued);
    write_seconds(writer, "timeout", d.timeout > 0 ? std::optional(d.timeout) : std::nullopt);
    writer.field("max_retries", d.retry.max_retries);
    write_seconds(writer, "retry_delay", d.retry.delay);
    writer.field("retry_backoff", d.retry.factor);
    write_seconds(writer, "retry_max_delay", d.retry.max_delay);
    writer.field("priority", d.priority).field("isolation", name_of(d.isolation)).field("max_runs", d.max_runs);
    write_seconds(writer, "deadline", d.deadline > 0 ? std::optional(d.deadline) : std::nullopt);
    write_seconds(writer, "jitter", d.jitter > 0 ? std::optional(d.jitter) : std::nullopt);
    writer.key("tags").begin_array();
    for (const std::string& tag : d.tags) writer.value(std::string_view(tag));
    writer.end_array().end_object();
}

}  // namespace

std::string explain_json(std::string_view job_id, const service::FireReport& report,
                         const ndscheduler::ExecutionStyle& style) {
    const service::FireCase& fire = report.fire;
    json::Writer writer;
    writer.begin_object().field("job_id", job_id).field("time", iso_time(fire.time));
    writer.field("is_fire", report.words.is_fire);
    writer.field("nominal", fire.row ? std::optional(iso_time(fire.row->nominal)) : std::nullopt);
    writer.field("outcome", report.words.outcome).field("explanation", report.words.text);
    writer.key("execution");
    if (fire.row) {
        ndscheduler::write_execution(writer, *fire.row, style);
    } else {
        writer.null();
    }
    writer.key("attempts").begin_array();
    for (const store::RunView& run : fire.attempts) writer.value(style.public_id(run.id));
    writer.end_array();
    writer.field("previous_fire", time_text(report.words.previous_fire));
    writer.field("next_fire", time_text(report.words.next_fire));
    writer.field("job_status", service::name_of(fire.record.job.state.status));
    writer.key("policy");
    write_policy(writer, fire.record.job.definition);
    return writer.end_object().take();
}

std::string next_json(std::string_view job_id, const service::NextFires& next) {
    json::Writer writer;
    writer.begin_object().field("job_id", job_id).field("job_status", service::name_of(next.status));
    writer.field("paused", next.status == JobStatus::paused);
    write_fires(writer, next.trigger, next.fires, next.now);
    writer.field("truncated", next.truncated);
    return writer.end_object().take();
}

Schema explain_schema() {
    const Schema text = Schema::text(), time_or_null = Schema::instant().or_null(), length = Schema::number(0);
    const Schema policy = Schema::object({
        {"misfire_policy", text},
        {"coalesce", Schema::boolean()},
        {"misfire_grace_time", length.or_null()},
        {"max_instances", Schema::whole(1)},
        {"overlap", text},
        {"max_queued", Schema::whole(0)},
        {"timeout", length.or_null()},
        {"max_retries", Schema::whole(0)},
        {"retry_delay", length},
        {"retry_backoff", length},
        {"retry_max_delay", length},
        {"priority", Schema::whole(0, 9)},
        {"isolation", text},
        {"max_runs", Schema::whole(1).or_null()},
        {"deadline", length.or_null()},
        {"jitter", length.or_null()},
        {"tags", Schema::list(text)},
    });
    return Schema::object({
        {"job_id", text},
        {"time", Schema::instant()},
        {"is_fire", Schema::boolean()},
        {"nominal", time_or_null},
        {"outcome", text},
        {"explanation", text},
        {"execution", ndscheduler::execution_schema().or_null()},
        {"attempts", Schema::list(text)},
        {"previous_fire", time_or_null},
        {"next_fire", time_or_null},
        {"job_status", text},
        {"policy", policy},
    });
}

Schema next_schema() {
    std::vector<Schema::Property> properties{
        {"job_id", Schema::text()}, {"job_status", Schema::text()}, {"paused", Schema::boolean()}};
    for (Schema::Property& property : fires_properties()) properties.push_back(std::move(property));
    properties.push_back({"truncated", Schema::boolean()});
    return Schema::object(properties);
}

}  // namespace foliot::api::admin
