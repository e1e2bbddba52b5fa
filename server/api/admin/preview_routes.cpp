#include "api/admin/preview_routes.hpp"

#include "api/admin/dialect.hpp"
#include "api/admin/fires_json.hpp"
#include "api/apscheduler/job_body.hpp"
#include "api/apscheduler/job_fields.hpp"
#include "api/apscheduler/trigger_fields.hpp"
#include "api/apscheduler/values.hpp"
#include "trigger/walk.hpp"

namespace foliot::api::admin {
namespace {

using json::Value;

constexpr std::int64_t kUsualCount = 10, kMostCount = 1'000;

std::size_t count_in(const Value& body) {
    const Value* value = body.find("count");
    if (value == nullptr) return kUsualCount;
    if (!value->is(json::Kind::integer) || value->integer < 1 || value->integer > kMostCount)
        throw invalid_field("count", "must be a whole number from 1 to " + std::to_string(kMostCount));
    return static_cast<std::size_t>(value->integer);
}

Response preview(service::Services& services, const Request& request, const trigger::ZonePtr& zone) {
    const Micros now = services.executions.now();
    const Value body = apscheduler::parse_body(request.body);
    const trigger::Trigger trigger = services.schedules.looked_up(
        caller_of(request), apscheduler::trigger_of(body, {"count", "from", "jitter"}, now, zone));
    const std::size_t count = count_in(body);
    if (const Value* jitter = body.find("jitter"); jitter != nullptr && !jitter->is(json::Kind::null))
        service::check_jitter(apscheduler::length_of("jitter", *jitter));  // fires are shown at their nominal times
    const Value* given = body.find("from");
    const trigger::ZonePtr here = zone_of(trigger).value_or(zone);
    const Micros from = given == nullptr ? now : apscheduler::time_of("from", *given, here).at;
    std::vector<Micros> fires;
    trigger::Walk walk(trigger, from - 1);
    for (auto at = walk.next(); at && fires.size() < count; at = walk.next()) fires.push_back(*at);
    json::Writer writer;
    writer.begin_object();
    write_fires(writer, trigger, fires, from);
    return json_answer(writer.end_object().take());
}

Schema preview_body() {
    std::vector<Schema::Property> properties = apscheduler::trigger_properties();
    const Schema kind = Schema::either({apscheduler::trigger_type_schema(), Schema::free_object(), Schema::null()});
    properties.push_back({"trigger", kind.described("its type, or an object with its type and its fields"), false});
    properties.push_back({"count", Schema::whole(1, kMostCount).described("10 unless given"), false});
    properties.push_back({"from", apscheduler::time_schema(), false});
    const Schema jitter = apscheduler::job_fields().at("jitter").schema;
    properties.push_back({"jitter", jitter.described("changes nothing here"), false});
    return Schema::object(properties)
        .with_examples(
            {R"({"trigger":"cron","hour":2,"timezone":"Europe/Berlin","count":5,"from":"2026-03-28T00:00:00+01:00"})",
             R"({"trigger":"crontab","line":"*/5 * * * *"})", R"({"trigger":"interval","minutes":90,"jitter":5})",
             R"({"trigger":"schedule","schedule":1})"})
        .named("trigger-preview");
}

}  // namespace

void add_preview_routes(Router& router, service::Services& services, const trigger::ZonePtr& zone) {
    Operation operation = answering(Schema::object(fires_properties()), "Its next fires");
    operation.body = preview_body();
    router.add({"POST", "/api/v1/triggers/preview", Access::viewer, Scope::read,
                [&s = services, zone](const Request& r) { return preview(s, r, trigger::latest(zone)); },
                "When a trigger would fire", &dialect(), std::move(operation)});
}

}  // namespace foliot::api::admin
