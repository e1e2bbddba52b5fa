#include "api/apscheduler/job_body.hpp"

#include "api/apscheduler/job_fields.hpp"
#include "api/apscheduler/job_json.hpp"
#include "api/apscheduler/trigger_fields.hpp"
#include "api/apscheduler/values.hpp"
#include "base/error.hpp"

#include <algorithm>

namespace foliot::api::apscheduler {
namespace {

using json::Kind;
using json::Value;
using service::JobEdit;

/// The body's members; those of a trigger object count as the body's own and win.
struct Members {
    Given fields;
    std::optional<std::string> trigger;  ///< its type; nothing: not given
};

/// What null means for trigger, args and kwargs: to a new job it is as good as nothing, in an edit it would be a guess.
enum class Null { nothing, refused };

/// A trigger without a type is a date.
Members members_of(const Value& body, Null null) {
    if (!body.is(Kind::object)) {
        throw RequestError(Problem::invalid,
                           "the body must be an object, not " + std::string(json::kind_name(body.kind)));
    }
    Members members;
    for (const auto& [name, value] : body.members) members.fields[name] = &value;
    const auto given = members.fields.extract("trigger");
    if (given.empty()) return members;
    const Value& trigger = *given.mapped();
    const bool object = trigger.is(Kind::object);
    const Value* type = object ? trigger.find("type") : &trigger;
    const bool none = type == nullptr || (type->is(Kind::null) && null == Null::nothing);
    members.trigger = none ? "date" : text_of(object ? "type" : "trigger", *type);
    for (const auto& [name, value] : trigger.members) {
        if (name != "type") members.fields[name] = &value;
    }
    return members;
}

Schema or_null_if(Null null, const Schema& schema) { return null == Null::nothing ? schema.or_null() : schema; }

Schema trigger_schema(Null null) {
    const Schema type = or_null_if(null, trigger_type_schema());
    std::vector<Schema::Property> properties = trigger_properties();
    properties.push_back({"type", type.described("date when it is missing"), false});
    const Schema object = Schema::open_object(properties).described("other fields of the job may stand here, too");
    return Schema::either({type, object}).described("its type, with its fields beside it, or an object with both");
}

std::vector<Schema::Property> properties_of_job(Null null) {
    std::vector<Schema::Property> properties = trigger_properties();
    properties.push_back({"trigger", trigger_schema(null), false});
    for (const auto& [name, field] : job_fields()) {
        const bool argument = name == "args" || name == "kwargs";
        properties.push_back({std::string(name), argument ? or_null_if(null, field.schema) : field.schema, false});
    }
    return properties;
}

JobEdit edit_of(Members& members, const trigger::ZonePtr& zone) {
    JobEdit edit;
    Given trigger_fields;
    for (const auto& [name, value] : members.fields) {
        const auto field = job_fields().find(name);
        if (field != job_fields().end()) {
            field->second.take != nullptr ? field->second.take(name, *value, edit)
                                          : take_next_run(*value, edit, zone_beside(members.fields, zone));
        } else if (is_trigger_field(name)) {
            trigger_fields[name] = value;
        } else {
            throw invalid_field(name, "is unknown");
        }
    }
    if (members.trigger) {
        const bool all_times = members.fields.contains("next_run_time");
        edit.reschedule = true;
        edit.trigger = [type = *members.trigger, trigger_fields, all_times, zone](const auto* present, Micros now) {
            // Who sends back all that was shown does not want what was hidden to be lost.
            if (present != nullptr && all_times && shown_as(*present, type, trigger_fields)) return *present;
            return make_trigger(type, trigger_fields, {now, zone});
        };
    } else if (!trigger_fields.empty()) {
        edit.trigger = [trigger_fields, zone](const trigger::Trigger* present, Micros now) {
            return present != nullptr ? change_trigger(*present, trigger_fields, {now, zone})
                                      : make_trigger("date", trigger_fields, {now, zone});
        };
    }
    return edit;
}

/// Null and "" are as good as no name in a new job.
void drop_empty_name(Members& members) {
    const auto name = members.fields.find("name");
    if (name == members.fields.end()) return;
    const Value& value = *name->second;
    if (value.is(Kind::null) || (value.is(Kind::string) && value.string.empty())) members.fields.erase(name);
}

void refuse_null(const Members& members, std::string_view field, std::string_view wanted) {
    const auto found = members.fields.find(field);
    if (found != members.fields.end() && found->second->is(Kind::null))
        throw invalid_field(field, "must be " + std::string(wanted) + ", not null");
}

std::optional<std::string> id_of(const Value& value) {
    if (value.is(Kind::null)) return std::nullopt;
    return text_of("id", value);
}

}  // namespace

json::Value parse_body(std::string_view body) {
    try {
        return json::parse(body);
    } catch (const json::SyntaxError& e) {
        throw RequestError(Problem::malformed, std::string("the body is no JSON that can be taken: ") + e.what());
    }
}

Schema new_job_schema() {
    std::vector<Schema::Property> properties = properties_of_job(Null::nothing);
    for (Schema::Property& property : properties) {
        if (property.name == "func") property.required = true;
        if (property.name == "name") property.schema = Schema::bytes(0, service::kMaxName).or_null();
    }
    properties.push_back({"id", Schema::bytes(1, service::kMaxId).or_null(), true});
    properties.push_back({"replace_existing", Schema::any(), false});
    return Schema::object(properties)
        .with_examples(
            {R"({"id":"greet","func":"sample:hello","trigger":"interval","seconds":30})",
             R"({"id":"sweep","func":"sample:hello","trigger":"interval","weeks":1,"days":2,"hours":3,"minutes":4,"seconds":5.5,"start_date":"2099-01-01T00:00:00+00:00","end_date":"2099-12-31T00:00:00+00:00","timezone":"europe/berlin","jitter":5})",
             R"({"id":"nightly","func":"sample:hello","trigger":"cron","year":"2099","month":"jan-jun","day":"last","week":"*","day_of_week":"mon-fri","hour":"*/2","minute":30,"second":0})",
             R"({"id":"shared","func":"sample:hello","trigger":"schedule","schedule":1})",
             R"({"id":"shared-too","func":"sample:hello","trigger":"schedule","schedule_id":1})",
             R"({"id":"office","func":"sample:hello","trigger":"crontab","line":"*/20 8-17 * * mon-fri","timezone":"Europe/Berlin"})",
             R"({"id":"twice","func":"sample:hello","trigger":"any","triggers":[{"type":"cron","hour":8},{"type":"crontab","line":"0 12 * * 6"}]})",
             R"({"id":"monthly","func":"sample:hello","trigger":{"type":"cron","day":"1","hour":"3"}})",
             R"({"id":"once","func":"sample:hello","trigger":"date","run_date":"2099-12-31T23:59:59+00:00"})",
             R"({"id":"careful","replace_existing":false,"func":"sample:hello","name":"Careful","description":"greets with care","args":[],"kwargs":{"name":"Ann"},"tags":["greeting"],"trigger":{"type":"interval","hours":1},"next_run_time":"2099-01-01T00:00:00+00:00","misfire_grace_time":60,"misfire_policy":"once","coalesce":true,"max_instances":2,"max_queued":10,"overlap":"queue","max_runs":1000,"timeout":30,"deadline":600,"max_retries":3,"retry_delay":1,"retry_backoff":2,"retry_max_delay":60,"priority":5,"isolation":"fresh","limits":{"memory":536870912,"cpu":60},"executor":"default","jobstore":"default"})"})
        .named("new-job");
}

Schema job_edit_schema() {
    return Schema::object(properties_of_job(Null::refused))
        .with_examples(
            {R"({"name":"Greet"})", R"({"trigger":"schedule","schedule":1})",
             R"({"minutes":5,"start_date":"2099-01-01T00:00:00+00:00","timezone":"UTC"})",
             R"({"hour":"5","minute":"*/10"})", R"({"run_date":"2099-12-31T23:59:59+00:00"})",
             R"({"trigger":{"type":"cron","day_of_week":"sun","hour":4},"next_run_time":null,"max_instances":2})"})
        .named("job-edit");
}

service::NewJob new_job(const json::Value& body, const trigger::ZonePtr& zone) {
    Members members = members_of(body, Null::nothing);
    drop_empty_name(members);
    const auto id = members.fields.extract("id");
    const auto replace = members.fields.extract("replace_existing");
    const bool has_func = members.fields.contains("func");
    if (id.empty() || !has_func) {
        throw RequestError(Problem::invalid,
                           std::string("missing required field") + (id.empty() && !has_func ? "s" : "") +
                               (id.empty() ? " 'id'" : "") + (id.empty() && !has_func ? " and" : "") +
                               (has_func ? "" : " 'func'"),
                           id.empty() ? "id" : "func");
    }
    service::NewJob job;
    job.id = id_of(*id.mapped());
    job.replace_existing = !replace.empty() && truthy(*replace.mapped());
    job.fields = edit_of(members, zone);
    return job;
}

trigger::Trigger trigger_of(const json::Value& body, std::initializer_list<std::string_view> others, Micros now,
                            const trigger::ZonePtr& zone) {
    Members members = members_of(body, Null::nothing);
    for (const std::string_view name : others) {
        const auto given = members.fields.find(name);
        if (given != members.fields.end() && given->second == body.find(name)) members.fields.erase(given);
    }
    for (const auto& [name, value] : members.fields) {
        if (!is_trigger_field(name)) throw invalid_field(name, "is unknown");
    }
    return make_trigger(members.trigger.value_or("date"), members.fields, {now, zone});
}

service::JobEdit job_edit(std::string_view id, const json::Value& body, const trigger::ZonePtr& zone) {
    Members members = members_of(body, Null::refused);
    if (members.fields.contains("id")) throw invalid_field("id", "a job's id cannot be changed");
    refuse_null(members, "args", "an array");
    refuse_null(members, "kwargs", "an object");
    if (!members.trigger) refuse_null(members, "run_date", "a date as text");
    const auto store = members.fields.find("jobstore");
    if (store != members.fields.end() && !is_default_store(*store->second)) {
        throw RequestError(Problem::not_found,
                           "Job " + std::string(id) + " not found: there is no jobstore but 'default'", "jobstore");
    }
    return edit_of(members, zone);
}

}  // namespace foliot::api::apscheduler
