#include "api/seed/failed_routes.hpp"

#include "api/http/route_table.hpp"
#include "api/seed/dialect.hpp"
#include "api/seed/paging.hpp"
#include "api/seed/routes.hpp"
#include "api/seed/schedule_json.hpp"
#include "api/seed/urls.hpp"

namespace foliot::api::seed {
namespace {

using service::FailedPosts;
using store::RunView;

void write(json::Writer& writer, const Request& request, const PublicIds& ids, const RunView& run) {
    const std::string id = ids.hex(raw(run.id));
    writer.begin_object()
        .field("url", url_of(request, "failed-tasks", id))
        .field("id", id)
        .field("schedule", url_of(request, "schedule", ids.dashed(raw(run.job))))
        .field("task_id", ids.dashed(raw(run.id)))
        .field("initiated_at", utc_time(run.started.value_or(run.due)))
        .field("reason", run.error.empty() ? run.reason : run.error)
        .end_object();
}

Response all(FailedPosts& failed, const Request& request) {
    const auto cursor = cursor_of(request);
    const bool backwards = cursor && cursor->backwards;
    auto found = failed.list(
        caller_of(request), {.limit = kPageSize, .before = number_in(cursor, false), .after = number_in(cursor, true)});
    Page<RunView> page{std::move(found.items), backwards || found.next,
                       backwards ? found.next.has_value() : cursor.has_value()};
    if (found.next) (backwards ? page.previous_from : page.next_from) = std::to_string(*found.next);
    return list(
        request, found.count, page, [](const RunView& run) { return std::to_string(raw(run.id)); },
        [&](json::Writer& writer, const RunView& run) { write(writer, request, failed.ids(), run); });
}

Response one(FailedPosts& failed, const Request& request) {
    const RunView run = failed.get(caller_of(request), request.parameter("id"));
    json::Writer writer;
    write(writer, request, failed.ids(), run);
    return json_answer(writer.take());
}

Response requeue(FailedPosts& failed, const Request& request) {
    failed.requeue_all(caller_of(request));
    return json_answer(R"({"requeued_failed_tasks":true})", 201);
}

Schema task_schema() {
    return Schema::object({{"url", Schema::text(1)},
                           {"id", Schema::text(1)},
                           {"schedule", Schema::text(1).described("URL of the schedule")},
                           {"task_id", Schema::text(1).described("id of the execution")},
                           {"initiated_at", Schema::instant()},
                           {"reason", Schema::text()}})
        .named("seed-failed-task");
}

Operation requeuing() {
    return {.answers = {{201, "Each is tried again", Schema::object({{"requeued_failed_tasks", Schema::boolean()}})}},
            .body = {}};
}

}  // namespace

void add_failed_routes(Router& router, FailedPosts& failed) {
    RouteTable table(router, dialect(), "/api/v1/failed-tasks");
    table.add(
        "GET", "", Access::viewer, Scope::read, [&failed](const Request& r) { return all(failed, r); },
        "Executions of schedules that failed for good", listing(task_schema(), "A page of them, the newest first"));
    table.add(
        "GET", "/{id}", Access::viewer, Scope::read, [&failed](const Request& r) { return one(failed, r); },
        "One of them", answering(task_schema(), "The failed task"));
    table.add(
        "POST", "", Access::operator_, Scope::run, [&failed](const Request& r) { return requeue(failed, r); },
        "Try all of them again", requeuing());
}

}  // namespace foliot::api::seed
