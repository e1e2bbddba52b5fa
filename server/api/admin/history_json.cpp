#include "api/admin/history_json.hpp"

#include "api/admin/fires_json.hpp"
#include "api/apscheduler/job_options.hpp"
#include "base/time_text.hpp"
#include "service/words.hpp"

namespace foliot::api::admin {
namespace {

std::optional<std::string> time_text(const std::optional<Micros>& at) {
    if (!at) return std::nullopt;
    return iso_time(*at);
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
    writer.begin_object();
    apscheduler::write_options(writer, fire.record.job.definition);
    writer.end_object();
    return writer.end_object().take();
}

std::string explain_run_json(std::string_view id, const service::RunReport& report) {
    json::Writer writer;
    writer.begin_object().field("execution_id", id).field("job_id", report.run.job_id);
    writer.field("outcome", report.outcome).field("explanation", report.text).key("waits_for");
    if (report.waits_for.empty()) {
        writer.null();
    } else {
        writer.value(report.waits_for);
    }
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
    const Schema text = Schema::text(), time_or_null = Schema::instant().or_null();
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
        {"policy", Schema::object(apscheduler::option_properties())},
    });
}

Schema explain_run_schema() {
    const Schema text = Schema::text();
    return Schema::object({
        {"execution_id", text},
        {"job_id", text},
        {"outcome", text},
        {"explanation", text},
        {"waits_for", text.or_null()},
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
