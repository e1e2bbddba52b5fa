#include "api/ndscheduler/job_json.hpp"

#include "api/apscheduler/job_json.hpp"
#include "api/apscheduler/job_options.hpp"
#include "api/ndscheduler/cron_fields.hpp"
#include "base/time_text.hpp"
#include "domain/sealed.hpp"
#include "service/words.hpp"

namespace foliot::api::ndscheduler {
namespace {

std::string next_run_text(const Job& job) {
    const auto next = job.state.next_fire;
    return next ? iso_time(*next, trigger::shown_offset(job.definition.trigger, *next)) : "";
}

}  // namespace

void write_job(json::Writer& writer, const Job& job) {
    const Definition& d = job.definition;
    writer.begin_object();
    writer.field("job_id", job.state.id).field("name", d.name);
    writer.field("next_run_time", next_run_text(job));
    writer.field("job_class_string", d.func.dotted());
    writer.raw_field("pub_args", json::sorted_ascii(json::parse(shown_arguments(d.args))));
    for (const trigger::Field field : kShownFields)
        writer.field(trigger::field_name(field), shown_field(d.trigger, field));
    writer.raw_field("kwargs", json::sorted_ascii(json::parse(shown_arguments(d.kwargs))));
    writer.raw_field("trigger", apscheduler::trigger_json(d.trigger));
    writer.field("state", service::name_of(job.state.status)).field("description", d.description);
    apscheduler::write_options(writer, d);
    writer.end_object();
}

Schema job_schema() {
    const Schema text = Schema::text();
    std::vector<Schema::Property> properties{
        {"job_id", text},
        {"name", text},
        {"next_run_time", text.described("an instant; empty: paused")},
        {"job_class_string", text},
        {"pub_args", Schema::list(Schema::any())},
    };
    for (const trigger::Field field : kShownFields)
        properties.push_back({std::string(trigger::field_name(field)), text.described("empty: no cron trigger")});
    properties.push_back({"kwargs", Schema::free_object()});
    properties.push_back({"trigger", Schema::free_object().or_null().described("its type and its fields")});
    properties.push_back({"state", Schema::word({"active", "paused", "broken"})});
    properties.push_back({"description", text});
    for (Schema::Property& property : apscheduler::option_properties()) properties.push_back(std::move(property));
    return Schema::object(properties).named("ndscheduler-job");
}

std::string version_of(const JobState& job) { return std::to_string(raw(job.key)) + "." + std::to_string(job.rev); }

std::string tag_of(const JobState& job) {
    const std::string next = job.next_fire ? std::to_string(*job.next_fire) : std::string(service::name_of(job.status));
    return version_of(job) + "-" + next;
}

}  // namespace foliot::api::ndscheduler
