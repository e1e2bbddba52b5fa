#include "api/http/route_table.hpp"
#include "api/seed/arguments.hpp"
#include "api/seed/dialect.hpp"
#include "api/seed/fields.hpp"
#include "api/seed/paging.hpp"
#include "api/seed/routes.hpp"
#include "api/seed/schedule_body.hpp"
#include "api/seed/schedule_json.hpp"
#include "api/seed/urls.hpp"

namespace foliot::api::seed {
namespace {

using service::Services;
using store::JobRecord;

std::string json_of(Services& services, const Request& request, const JobRecord& record) {
    json::Writer writer;
    ScheduleWriter(request, services.vault).write(writer, record, services.jobs.uid_of(record.job.state.key));
    return writer.take();
}

std::string one(Services& services, const Request& request, std::string_view uid) {
    return json_of(services, request, services.jobs.record(caller_of(request), uid, kPost));
}

RequestError of_field(const RequestError& error, const std::string& field) {
    const std::string text = error.what(), begin = "field '" + error.field() + "': ";
    return {error.problem(), text.starts_with(begin) ? text.substr(begin.size()) : text, field};
}

/// What the services say of a job, in this dialect's names: the payload alone can be large.
template <class Act>
auto in_own_words(const Act& act) {
    try {
        return act();
    } catch (const RequestError& error) {
        const bool arguments = error.field() == "kwargs" || error.field() == "args";
        if (arguments) throw of_field(error, "payload");
        if (error.field() == "max_runs") throw of_field(error, "frequency");
        if (error.field() == "func") throw RequestError(error.problem(), error.what(), kNoField);
        throw;
    }
}

/// A cursor that is none of ours is not found.
service::RecordPage read_page(Services& services, const Request& request, const std::optional<Cursor>& cursor) {
    service::RecordQuery query{.func = kPost.text(), .limit = kPageSize};
    if (cursor) query.position = cursor->position, query.backwards = cursor->backwards;
    try {
        return services.jobs.records(caller_of(request), query);
    } catch (const RequestError& error) {
        if (error.problem() == Problem::not_found) throw invalid_cursor();
        throw;
    }
}

Response all(Services& services, const Request& request) {
    const auto cursor = cursor_of(request);
    const bool backwards = cursor && cursor->backwards;
    service::RecordPage read = read_page(services, request, cursor);
    const Page<JobRecord> page{std::move(read.items), backwards || read.more,
                               backwards ? read.more : cursor.has_value()};
    const auto uid = [&](const JobRecord& record) { return services.jobs.uid_of(record.job.state.key); };
    const ScheduleWriter schedules(request, services.vault);
    return list(request, read.count, page, uid,
                [&](json::Writer& writer, const JobRecord& record) { schedules.write(writer, record, uid(record)); });
}

/// The id of a job that is made is its uid.
Response add(Services& services, const Request& request, const trigger::ZonePtr& zone) {
    service::NewJob job;
    job.named_by_uid = true;
    job.fields = new_schedule(schedule_body(request, Given::whole), zone);
    const std::string uid = in_own_words([&] { return services.jobs.add(caller_of(request), job).id; });
    return created(url_of(request, "schedule", uid), one(services, request, uid));
}

Response edit(Services& services, const Request& request, Given given, const trigger::ZonePtr& zone) {
    const service::Caller caller = caller_of(request);
    const std::string& uid = request.parameter("id");
    services.jobs.record(caller, uid, kPost);  // what is not there is told before what is wrong with the body
    const ScheduleBody body = schedule_body(request, given);
    in_own_words([&] {
        services.jobs.edit_record(caller, uid, kPost,
                                  [&](const JobRecord& present) { return edit_of(body, present, caller.who, zone); });
    });
    return json_answer(one(services, request, uid));
}

Operation adding() {
    Operation operation{
        .answers = {{201, "The schedule", schedule_schema()}}, .body = {}, .problems = {Problem::conflict}};
    return once_by_key(taking(schedule_body_schema(Given::whole), std::move(operation)));
}

Operation editing(Given given) {
    Operation operation =
        taking(schedule_body_schema(given), answering(schedule_schema(), "The schedule", {Problem::conflict}));
    operation.body_required = given == Given::whole;
    return operation;
}

}  // namespace

void add_schedule_routes(Router& router, Services& services, const trigger::ZonePtr& zone) {
    RouteTable table(router, dialect(), "/api/v1/schedule");
    table.add(
        "GET", "", Access::viewer, Scope::read, [&services](const Request& r) { return all(services, r); },
        "Schedules: jobs of http:post, finished ones too", listing(schedule_schema(), "A page of 1000"));
    table.add(
        "POST", "", Access::operator_, Scope::write,
        [&services, zone](const Request& r) { return add(services, r, zone); }, "Add a schedule", adding());
    table.add(
        "GET", "/{id}", Access::viewer, Scope::read,
        [&services](const Request& r) { return json_answer(one(services, r, r.parameter("id"))); }, "One schedule",
        answering(schedule_schema(), "The schedule"));
    table.add(
        "PUT", "/{id}", Access::operator_, Scope::write,
        [&services, zone](const Request& r) { return edit(services, r, Given::whole, zone); },
        "Change a schedule; what is left out stays as it is", editing(Given::whole));
    table.add(
        "PATCH", "/{id}", Access::operator_, Scope::write,
        [&services, zone](const Request& r) { return edit(services, r, Given::part, zone); }, "Change a schedule",
        editing(Given::part));
    table.add(
        "DELETE", "/{id}", Access::operator_, Scope::write,
        [&services](const Request& r) {
            services.jobs.remove_record(caller_of(r), r.parameter("id"), kPost);
            return no_content();
        },
        "Delete a schedule", without_answer("Deleted"));
}

}  // namespace foliot::api::seed
