#include "api/ndscheduler/job_body.hpp"

#include "api/apscheduler/job_body.hpp"
#include "api/apscheduler/job_fields.hpp"
#include "api/apscheduler/values.hpp"
#include "api/ndscheduler/trigger_edit.hpp"
#include "base/error.hpp"
#include "service/secrets.hpp"

#include <algorithm>
#include <array>

namespace foliot::api::ndscheduler {
namespace {

using apscheduler::job_fields;
using json::Kind;
using json::Value;
using service::JobEdit;

/// One of these must be there, as must name and class: in the order in which they are asked for.
constexpr std::array<std::string_view, 5> kCronFields{"month", "day", "hour", "minute", "day_of_week"};

[[noreturn]] void require(std::string_view name) {
    throw RequestError(Problem::invalid, "Require this parameter: " + std::string(name), std::string(name));
}

void check_required(const Value& body) {
    for (const std::string_view name : {"name", "job_class_string"}) {
        if (body.find(name) == nullptr) require(name);
    }
    const bool when = body.find("trigger") != nullptr ||
                      std::any_of(kCronFields.begin(), kCronFields.end(),
                                  [&](std::string_view name) { return body.find(name) != nullptr; });
    if (!when)
        throw RequestError(Problem::invalid,
                           "Require at least one of following parameters: ['month', 'day', 'hour', 'minute', "
                           "'day_of_week']",
                           "minute");
}

/// The name in the table of a field that this dialect calls so; "": none.
std::string_view table_name(std::string_view name) {
    if (name == "job_class_string") return "func";
    if (name == "pub_args") return "args";
    constexpr std::array<std::string_view, 4> kOnlyThere{"func", "args", "executor", "jobstore"};
    const bool known =
        job_fields().contains(name) && std::find(kOnlyThere.begin(), kOnlyThere.end(), name) == kOnlyThere.end();
    return known ? name : "";
}

struct Taken {
    JobEdit edit;
    TriggerWish trigger;
    const Value* next_run = nullptr;
};

void take(std::string_view name, const Value& value, Taken& taken) {
    if (name == "trigger") {
        if (!value.is(Kind::string) && !value.is(Kind::object))
            throw invalid_field(name, "must be a type, or an object with its type and its fields, not " +
                                          std::string(json::kind_name(value.kind)));
        taken.trigger.named = &value;
    } else if (name == "next_run_time") {
        taken.next_run = &value;
    } else if (const std::string_view known = table_name(name); !known.empty()) {
        job_fields().at(known).take(name, value, taken.edit);
    } else if (apscheduler::is_trigger_field(name)) {
        taken.trigger.fields[name] = &value;
    } else {
        throw invalid_field(name, "is unknown");
    }
}

/// Empty is how a paused job shows it, so it says nothing.
void take_next_run(const Taken& taken, JobEdit& edit, const trigger::ZonePtr& zone) {
    if (taken.next_run == nullptr || (taken.next_run->is(Kind::string) && taken.next_run->string.empty())) return;
    apscheduler::take_next_run(*taken.next_run, edit, apscheduler::zone_beside(taken.trigger.fields, zone));
}

/// All members but `others`, which the caller has looked at.
JobEdit edit_of(const Value& body, std::initializer_list<std::string_view> others, const trigger::ZonePtr& zone) {
    Taken taken;
    for (const auto& [name, value] : body.members) {
        if (std::find(others.begin(), others.end(), name) == others.end()) take(name, value, taken);
    }
    take_next_run(taken, taken.edit, zone);
    taken.edit.trigger = trigger_edit(std::move(taken.trigger), zone);
    return std::move(taken.edit);
}

void require_id(const Value& body, std::string_view id) {
    const Value* given = body.find("job_id");
    if (given != nullptr && apscheduler::text_of("job_id", *given) != id)
        throw invalid_field("job_id", "is another one than that of the path; a job's id cannot be changed");
}

void refuse_null(const Value& body, std::string_view name, std::string_view wanted) {
    const Value* given = body.find(name);
    if (given != nullptr && given->is(Kind::null))
        throw invalid_field(name, "must be an " + std::string(wanted) + ", not null");
}

std::optional<std::string> argument_text(const Value& body, std::string_view name, Kind kind) {
    const Value* given = body.find(name);
    if (given == nullptr) return std::nullopt;
    if (!given->is(kind))
        throw invalid_field(name, "must be an " + std::string(json::kind_name(kind)) + ", not " +
                                      std::string(json::kind_name(given->kind)));
    if (given->raw.size() > service::kMaxArguments)
        throw RequestError(Problem::too_large, "field '" + std::string(name) + "': larger than 256 KiB",
                           std::string(name));
    return std::string(given->raw);
}

}  // namespace

service::NewJob new_job(const Value& body, const trigger::ZonePtr& zone) {
    check_required(body);
    service::NewJob job;
    const Value* id = body.find("job_id");
    job.id = id != nullptr ? apscheduler::text_of("job_id", *id) : service::random_id();
    job.fields = edit_of(body, {"job_id"}, zone);
    return job;
}

JobEdit job_edit(const Value& body, std::string_view id, Micros now, const trigger::ZonePtr& zone) {
    check_required(body);
    require_id(body, id);
    refuse_null(body, "pub_args", "array");
    refuse_null(body, "kwargs", "object");
    if (const Value* state = body.find("state")) apscheduler::text_of("state", *state);
    JobEdit edit = edit_of(body, {"job_id", "state"}, zone);
    const bool passed = edit.next_run && edit.next_run->at && *edit.next_run->at <= now;
    if (passed) edit.next_run.reset();
    return edit;
}

RunBody run_body(std::string_view text, const std::optional<std::string>& id) {
    if (text.empty() && id) return {*id, {}};
    const Value body = apscheduler::parse_body(text);
    if (!body.is(Kind::object))
        throw RequestError(Problem::invalid,
                           "the body must be an object, not " + std::string(json::kind_name(body.kind)));
    for (const auto& [name, value] : body.members) {
        if (name != "job_id" && name != "pub_args" && name != "kwargs") throw invalid_field(name, "is unknown");
    }
    const Value* given = body.find("job_id");
    if (given == nullptr && !id) require("job_id");
    if (id) require_id(body, *id);
    return {id ? *id : apscheduler::text_of("job_id", *given),
            {argument_text(body, "pub_args", Kind::array), argument_text(body, "kwargs", Kind::object)}};
}

}  // namespace foliot::api::ndscheduler
