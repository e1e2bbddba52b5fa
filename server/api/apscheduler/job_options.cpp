#include "api/apscheduler/job_options.hpp"

#include "api/apscheduler/limit_fields.hpp"

namespace foliot::api::apscheduler {
namespace {

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

std::optional<Micros> unless_zero(Micros length) { return length > 0 ? std::optional(length) : std::nullopt; }

}  // namespace

void write_options(json::Writer& writer, const Definition& d) {
    writer.field("misfire_policy", name_of(d.misfire)).field("coalesce", d.coalesce);
    write_seconds(writer, "misfire_grace_time", d.misfire_grace);
    writer.field("max_instances", d.max_instances);
    writer.field("overlap", name_of(d.overlap)).field("max_queued", d.max_queued);
    write_seconds(writer, "timeout", unless_zero(d.timeout));
    writer.field("max_retries", d.retry.max_retries);
    write_seconds(writer, "retry_delay", d.retry.delay);
    writer.field("retry_backoff", d.retry.factor);
    write_seconds(writer, "retry_max_delay", d.retry.max_delay);
    writer.field("priority", d.priority).field("isolation", name_of(d.isolation));
    write_limits(writer.key("limits"), d.limits);
    writer.field("max_runs", d.max_runs);
    write_seconds(writer, "deadline", unless_zero(d.deadline));
    write_seconds(writer, "jitter", unless_zero(d.jitter));
    writer.key("tags").begin_array();
    for (const std::string& tag : d.tags) writer.value(std::string_view(tag));
    writer.end_array();
}

std::vector<Schema::Property> option_properties() {
    const Schema text = Schema::text(), length = Schema::number(0);
    return {
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
        {"limits", shown_limits_schema().described("the job's own")},
        {"max_runs", Schema::whole(1).or_null()},
        {"deadline", length.or_null()},
        {"jitter", length.or_null()},
        {"tags", Schema::list(text)},
    };
}

}  // namespace foliot::api::apscheduler
