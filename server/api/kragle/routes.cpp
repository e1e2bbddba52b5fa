#include "api/kragle/routes.hpp"

#include "api/admin/account_query.hpp"
#include "api/http/caller.hpp"
#include "api/http/route_table.hpp"
#include "api/kragle/dialect.hpp"
#include "api/kragle/login_body.hpp"
#include "api/kragle/schedule_json.hpp"

#include <charconv>
#include <limits>

namespace foliot::api::kragle {
namespace {

using service::Caller;
using service::Schedules;

constexpr std::int64_t kPageSize = 10, kLastPage = std::numeric_limits<std::int64_t>::max() / kPageSize;

Caller caller_of(const Request& request) { return caller_in(request, dialect()); }

std::int64_t id_of(const Request& request) { return admin::id_of(request, "Schedule"); }

void only(const Request& request, std::string_view known) {
    for (const auto& [name, value] : request.query) {
        if (name != known)
            throw RequestError(Problem::invalid, "there is no parameter '" + name + "'", std::string(kQuery));
    }
}

/// A handler that takes no query and answers with the JSON of what `act(request)` gives.
template <class Act>
Handler plainly(Act act) {
    return [act = std::move(act)](const Request& request) {
        only(request, {});
        return json_answer(act(request));
    };
}

std::int64_t page_of(const Request& request) {
    const auto text = request.query_value("page");
    if (!text) return 1;
    std::int64_t page = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), page);
    if (error != std::errc() || end != text->data() + text->size() || page < 1 || page > kLastPage)
        throw invalid_field("page", "must be a whole number from 1 on, not '" + *text + "'");
    return page;
}

bool detach_of(const Request& request) {
    const auto text = request.query_value("detach");
    if (text && *text != "0" && *text != "1") throw invalid_field("detach", "must be 0 or 1, not '" + *text + "'");
    return text == "1";
}

Response all(Schedules& schedules, const Request& request) {
    only(request, "page");
    const std::int64_t number = page_of(request);
    const auto page = schedules.list(caller_of(request), kPageSize, (number - 1) * kPageSize);
    json::Writer writer;
    writer.begin_object()
        .field("count", page.count)
        .field("pagesize", static_cast<std::int64_t>(page.items.size()))
        .field("page", number);
    writer.key("schedules").begin_array();
    for (const Schedule& schedule : page.items) write_schedule(writer, schedule);
    return json_answer(writer.end_array().end_object().take());
}

std::string one(Schedules& schedules, const Request& request) {
    const std::int64_t id = id_of(request);
    const Schedule schedule = schedules.get(caller_of(request), id);
    if (request.principal.account == 0) return schedule_json(schedule);  // a guest
    const auto jobs = schedules.users(caller_of(request), id);
    return schedule_json(schedule, &jobs);
}

std::string add(Schedules& schedules, const Request& request, const trigger::ZonePtr& zone) {
    const std::int64_t made = schedules.add(caller_of(request), schedule_body(request.body, Which::fresh, zone).edit);
    return json::Writer().begin_object().field("id", made).end_object().take();
}

std::string edit(Schedules& schedules, const Request& request, std::int64_t id, const ScheduleBody& body) {
    if (body.id && *body.id != id) throw invalid_field("id", "a schedule's id cannot be changed");
    return schedule_json(schedules.edit(caller_of(request), id, body.edit));
}

Response remove(Schedules& schedules, const Request& request) {
    only(request, "detach");
    schedules.remove(caller_of(request), id_of(request), detach_of(request));
    return no_content();
}

Operation listing() {
    Operation operation = answering(Schema::object({{"count", Schema::whole(0)},
                                                    {"pagesize", Schema::whole(0, kPageSize)},
                                                    {"page", Schema::whole(1)},
                                                    {"schedules", Schema::list(schedule_schema())}}),
                                    "A page of ten", {Problem::invalid});
    operation.query = {{"page", Schema::whole(1, kLastPage), "from 1"}};
    return operation;
}

Operation taking(const Schema& body, Operation operation) {
    operation.body = with_or_without_login(body);
    return operation;
}

Operation removal() {
    Operation operation = without_answer("Deleted", {Problem::conflict, Problem::invalid});
    operation.query = {{"detach", Schema::whole(0, 1), "1: jobs that use it keep what it says as their own trigger"}};
    return operation;
}

void add_below(std::string prefix, Router& router, Schedules& schedules, const Options& options) {
    const Access reading = options.anonymous_reads ? Access::guest : Access::viewer;
    const trigger::ZonePtr& zone = options.zone;
    router.claim_prefix(prefix, dialect());
    RouteTable table(router, dialect(), std::move(prefix));
    table.add(
        "GET", "", reading, Scope::read, [&schedules](const Request& r) { return all(schedules, r); },
        "Shared schedules", listing());
    table.add("GET", "/byid/{id}", reading, Scope::read,
              plainly([&schedules](const Request& r) { return one(schedules, r); }), "One schedule and who uses it",
              answering(one_schedule_schema(options.anonymous_reads), "The schedule"));
    table.add("POST", "", Access::operator_, Scope::write,
              plainly([&schedules, zone](const Request& r) { return add(schedules, r, trigger::latest(zone)); }),
              "Add a schedule",
              once_by_key(taking(new_schedule_schema(),
                                 answering(Schema::object({{"id", Schema::whole(1)}}), "Its id", {Problem::conflict}))),
              login_in);
    table.add("PUT", "/{id}", Access::operator_, Scope::write, plainly([&schedules, zone](const Request& r) {
                  return edit(schedules, r, id_of(r), schedule_body(r.body, Which::by_path, trigger::latest(zone)));
              }),
              "Change a schedule, and with it the jobs that use it",
              taking(schedule_edit_schema(Which::by_path), answering(schedule_schema(), "The schedule")), login_in);
    table.add("PUT", "", Access::operator_, Scope::write, plainly([&schedules, zone](const Request& r) {
                  const ScheduleBody body = schedule_body(r.body, Which::by_body, trigger::latest(zone));
                  return edit(schedules, r, *body.id, body);
              }),
              "Change the schedule that the body names",
              taking(schedule_edit_schema(Which::by_body),
                     answering(schedule_schema(), "The schedule", {Problem::not_found})),
              login_in);
    table.add(
        "DELETE", "/{id}", Access::operator_, Scope::write,
        [&schedules](const Request& r) { return remove(schedules, r); }, "Delete a schedule that no job uses",
        removal());
}

}  // namespace

void add_routes(Router& router, service::Services& services, const Options& options) {
    for (const char* prefix : {"/schedules", "/api/v1/schedules"})
        add_below(prefix, router, services.schedules, options);
}

}  // namespace foliot::api::kragle
