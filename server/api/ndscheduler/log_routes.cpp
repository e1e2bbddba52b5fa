#include "api/ndscheduler/log_routes.hpp"

#include "api/ndscheduler/answers.hpp"
#include "api/ndscheduler/cron_fields.hpp"
#include "api/ndscheduler/range_query.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "domain/job.hpp"

#include <exception>
#include <vector>

namespace foliot::api::ndscheduler {
namespace {

using service::AuditLog;
using store::AuditEntry;

std::optional<std::string> text_or_null(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return text;
}

/// The job as this dialect shows one, of what the audit keeps of it.
std::string job_object(const AuditEntry& entry) {
    const json::Value job = json::parse(entry.before);
    const auto text_at = [&](std::string_view key) { return job.find(key) != nullptr ? job.find(key)->string : ""; };
    const auto trigger = trigger::from_json(*job.find("trigger"));
    json::Writer writer = new_writer();
    writer.begin_object().field("job_id", entry.ref).field("name", text_at("name"));
    writer.field("next_run_time", text_at("next_run_time"));
    writer.field("job_class_string", parse_func(text_at("func")).value().dotted());
    writer.raw_field("pub_args", json::sorted_ascii(*job.find("args")));
    for (const trigger::Field field : kShownFields) {
        writer.field(trigger::field_name(field), shown_field(trigger, field));
    }
    return writer.end_object().take();
}

/// What became of a job that could not be read is told as it was kept.
std::string deleted(const AuditEntry& entry) {
    if (entry.kind != "job") return entry.before;
    try {
        return job_object(entry);
    } catch (const std::exception&) {
        return entry.before;
    }
}

std::optional<std::string> description(const AuditEntry& entry) {
    if (entry.event == "added") return std::nullopt;
    if (entry.event == "modified") return entry.after;
    if (entry.event == "deleted") return deleted(entry);
    return text_or_null(entry.after.empty() ? entry.before : entry.after);
}

std::string entry_json(const AuditEntry& entry, const AuditLog& log) {
    const bool of_job = entry.kind == "job";
    json::Writer writer = new_writer();
    writer.begin_object();
    writer.field("job_id", of_job ? entry.ref : "").field("job_name", of_job ? entry.name : "");
    writer.field("event", entry.event).field("user", entry.actor);
    writer.field("created_time", iso_time(IdGenerator::time_of(entry.id)));
    writer.field("description", description(entry));
    writer.field("id", log.cursor_of(entry.id)).field("kind", entry.kind).field("ref", entry.ref);
    writer.field("name", entry.name).field("via", entry.via);
    writer.field("before", text_or_null(entry.before)).field("after", text_or_null(entry.after));
    return writer.end_object().take();
}

const std::vector<QueryParameter>& parameters() {
    static const std::vector<QueryParameter> all = [] {
        auto some = range_parameters();
        some.push_back({"job_id", Schema::text(), "what was done to the jobs that have or had this id"});
        some.push_back({"event", Schema::text(), "this event"});
        some.push_back({"user", Schema::text(), "what this user did"});
        return some;
    }();
    return all;
}

Response list(AuditLog& log, const Request& request) {
    check_names(request, parameters());
    const TimeRange range = time_range(request, log.now());
    const auto page = log.list(caller_of(request), {.from = range.from,
                                                    .until = range.until,
                                                    .limit = limit_of(request),
                                                    .cursor = request.query_value("cursor"),
                                                    .job_id = request.query_value("job_id"),
                                                    .event = request.query_value("event"),
                                                    .user = request.query_value("user")});
    json::Writer writer = new_writer();
    writer.begin_object().key("logs").begin_array();
    std::size_t shown = 0;
    for (; shown < page.items.size() && writer.text().size() < kMostBytes; ++shown) {
        writer.raw(entry_json(page.items[shown], log));
    }
    writer.end_array();
    const auto next = shown < page.items.size() ? page.items[shown - 1].id : page.next;
    if (next) writer.field("truncated", true).field("next_cursor", log.cursor_of(*next));
    return with_tag(request, writer.end_object().take());
}

Operation listing() {
    const Schema text = Schema::text();
    const Schema entry = Schema::object({{"job_id", text},
                                         {"job_name", text},
                                         {"event", text},
                                         {"user", text},
                                         {"created_time", Schema::instant()},
                                         {"description", text.or_null()},
                                         {"id", text},
                                         {"kind", text},
                                         {"ref", text},
                                         {"name", text},
                                         {"via", text},
                                         {"before", text.or_null()},
                                         {"after", text.or_null()}});
    Operation operation = tagging(answering(
        Schema::object(
            {{"logs", Schema::list(entry)}, {"truncated", Schema::boolean(), false}, {"next_cursor", text, false}}),
        "With next_cursor when there are more, or may be; of users, groups and tokens for Admins only"));
    operation.query = parameters();
    return operation;
}

}  // namespace

void add_log_routes(Router& router, service::Services& services) {
    router.claim_prefix("/api/v1/logs", dialect());
    router.add({"GET", "/api/v1/logs", Access::viewer, Scope::read,
                [&log = services.audit_log](const Request& r) { return list(log, r); },
                "Who changed what in a range of time, newest first", &dialect(), listing()});
}

}  // namespace foliot::api::ndscheduler
