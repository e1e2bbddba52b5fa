#include "api/apscheduler/routes.hpp"

#include "api/apscheduler/dialect.hpp"
#include "api/apscheduler/job_body.hpp"
#include "api/apscheduler/job_json.hpp"
#include "api/apscheduler/values.hpp"
#include "api/http/caller.hpp"
#include "api/http/route_table.hpp"
#include "base/json.hpp"

namespace foliot::api::apscheduler {
namespace {

using service::Caller;
using service::Services;

Caller caller_of(const Request& request) { return caller_in(request, dialect()); }

Response ok(const std::optional<Job>& job) { return json_answer(job ? job_json(*job) : "null"); }

std::string info_json(const Options& options, store::EngineState state) {
    json::Writer writer(json::Writer::Spacing::python, json::Charset::ascii);
    writer.begin_object().key("allowed_hosts").begin_array();
    for (const std::string& host : options.allowed_hosts) writer.value(host);
    writer.end_array();
    writer.field("current_host", lower(options.current_host));
    writer.field("paused", state == store::EngineState::paused);
    writer.field("running", state != store::EngineState::stopped);
    return writer.end_object().take();
}

/// Pausing or resuming a stopped scheduler is 500 here, while starting and stopping at the wrong time is 400.
template <class Change>
Response change_state(const Change& change) {
    try {
        change();
    } catch (const RequestError& e) {
        if (e.problem() != Problem::wrong_state) throw;
        throw RequestError(Problem::invalid, e.what());
    }
    return no_content();
}

/// The list is a plain array, so only a header can tell that it is not the whole.
Response list_jobs(Services& services, const Request& request) {
    const auto page = services.jobs.list(caller_of(request));
    Response response = json_answer(jobs_json(page.items));
    if (page.next) response.headers.emplace_back("X-Truncated", "true");
    return response;
}

Response add_job(Services& services, const Request& request, const trigger::ZonePtr& zone) {
    const json::Value body = parse_body(request.body);
    return ok(services.jobs.add(caller_of(request), new_job(body, zone)).job);
}

/// That of the job's trigger, so that it stays what it is when an edit names none.
trigger::ZonePtr zone_of_job(Services& services, const Request& request, const std::string& id,
                             const trigger::ZonePtr& otherwise) {
    try {
        return zone_of(services.jobs.get(caller_of(request), id).definition.trigger).value_or(otherwise);
    } catch (const RequestError& e) {
        if (e.problem() != Problem::not_found) throw;
        return otherwise;  // the edit will say so, if the body can be read
    }
}

Response patch_job(Services& services, const Request& request, const trigger::ZonePtr& zone) {
    const std::string& id = request.parameter("id");
    const json::Value body = parse_body(request.body);
    services.jobs.get(caller_of(request), id);  // an unknown job is told before what is wrong with the body
    return ok(services.jobs.edit(caller_of(request), id, job_edit(id, body, zone_of_job(services, request, id, zone))));
}

Response run_job(Services& services, const Request& request) {
    const std::string& id = request.parameter("id");
    services.jobs.run_now(caller_of(request), id);
    try {
        return ok(services.jobs.get(caller_of(request), id));
    } catch (const RequestError& e) {
        if (e.problem() != Problem::not_found) throw;
        return ok(std::nullopt);  // it has ended, or the request was done before
    }
}

Schema info_schema() {
    return Schema::object({{"allowed_hosts", Schema::list(Schema::text())},
                           {"current_host", Schema::text()},
                           {"paused", Schema::boolean()},
                           {"running", Schema::boolean()}});
}

void add_scheduler_routes(RouteTable& table, Services& s, const Options& options) {
    table.add(
        "GET", "", Access::viewer, Scope::read,
        [&s, options](const Request& r) { return json_answer(info_json(options, s.scheduler.state(caller_of(r)))); },
        "State of the scheduler", answering(info_schema(), "The state"));
    table.add(
        "POST", "/pause", Access::operator_, Scope::run,
        [&s](const Request& r) { return change_state([&] { s.scheduler.pause(caller_of(r)); }); },
        "Stop starting jobs; what runs goes on", without_answer("Paused", {Problem::invalid}));
    table.add(
        "POST", "/resume", Access::operator_, Scope::run,
        [&s](const Request& r) { return change_state([&] { s.scheduler.resume(caller_of(r)); }); },
        "Start jobs again after a pause", without_answer("Jobs are started", {Problem::invalid}));
    table.add(
        "POST", "/start", Access::admin, Scope::admin,
        [&s](const Request& r) {
            s.scheduler.start(caller_of(r));
            return no_content();
        },
        "Start the scheduler after a shutdown", without_answer("It runs", {Problem::wrong_state}));
    Operation shutdown = without_answer("It is stopped", {Problem::wrong_state});
    shutdown.body =
        Schema::open_object({{"wait", Schema::any().described("false: answers at once; anything else waits"), false}})
            .or_null();
    shutdown.body_required = false;
    table.add(
        "POST", "/shutdown", Access::admin, Scope::admin,
        [&s](const Request& r) {
            if (!s.scheduler.shut_down(caller_of(r), wants_to_wait(r.body))) {
                throw RequestError(Problem::unavailable,
                                   "the scheduler is shut down, but some runs have not ended yet");
            }
            return no_content();
        },
        "Stop the scheduler; waits for what runs unless {\"wait\": false}", std::move(shutdown));
}

/// A job whose trigger has nothing left ends, and null is the answer.
Operation giving_job(std::string description, std::vector<Problem> problems = {}) {
    return answering(job_schema().or_null(), std::move(description), std::move(problems));
}

Operation taking(const Schema& body, Operation operation) {
    operation.body = body;
    return operation;
}

void add_job_routes(RouteTable& table, Services& s, const trigger::ZonePtr& zone) {
    table.add(
        "POST", "/jobs", Access::operator_, Scope::write,
        [&s, zone](const Request& r) { return add_job(s, r, trigger::latest(zone)); }, "Add a job",
        once_by_key(taking(new_job_schema(), giving_job("The job", {Problem::conflict}))));
    table.add(
        "GET", "/jobs", Access::viewer, Scope::read, [&s](const Request& r) { return list_jobs(s, r); },
        "All jobs, by next run",
        answering(Schema::list(job_schema()), "The first 10000, or 64 MiB of arguments; then with X-Truncated: true"));
    table.add(
        "GET", "/jobs/{id}", Access::viewer, Scope::read,
        [&s](const Request& r) { return json_answer(job_json(s.jobs.get(caller_of(r), r.parameter("id")))); },
        "One job", answering(job_schema(), "The job"));
    table.add(
        "DELETE", "/jobs/{id}", Access::operator_, Scope::write,
        [&s](const Request& r) {
            s.jobs.remove(caller_of(r), r.parameter("id"));
            return no_content();
        },
        "Delete a job", without_answer("Deleted", {Problem::conflict}));
    table.add(
        "PATCH", "/jobs/{id}", Access::operator_, Scope::write,
        [&s, zone](const Request& r) { return patch_job(s, r, trigger::latest(zone)); }, "Change fields of a job",
        taking(job_edit_schema(), giving_job("The job as it is now", {Problem::conflict})));
    table.add(
        "POST", "/jobs/{id}/pause", Access::operator_, Scope::run,
        [&s](const Request& r) { return ok(s.jobs.pause(caller_of(r), r.parameter("id"))); }, "Pause a job",
        giving_job("The job"));
    table.add(
        "POST", "/jobs/{id}/resume", Access::operator_, Scope::run,
        [&s](const Request& r) { return ok(s.jobs.resume(caller_of(r), r.parameter("id"))); }, "Resume a job",
        giving_job("The job, or null when its trigger had nothing left"));
    table.add(
        "POST", "/jobs/{id}/run", Access::operator_, Scope::run, [&s](const Request& r) { return run_job(s, r); },
        "Queue a run of a job now",
        once_by_key(giving_job("The job, or null when it has ended; its run is recorded", {Problem::conflict})));
}

}  // namespace

bool wants_to_wait(const std::string& body) {
    std::optional<json::Value> value;
    try {
        value = json::parse(body);
    } catch (const json::SyntaxError&) {
        return true;
    }
    if (value->is(json::Kind::null)) return true;
    if (!value->is(json::Kind::object)) {
        throw RequestError(Problem::invalid,
                           "the body must be an object, not " + std::string(json::kind_name(value->kind)));
    }
    const json::Value* wait = value->find("wait");
    return wait == nullptr || !wait->is(json::Kind::boolean) || wait->boolean;
}

void add_routes(Router& router, service::Services& services, const Options& options) {
    router.claim_prefix(options.prefix, dialect());
    RouteTable table(router, dialect(), options.prefix);
    add_scheduler_routes(table, services, options);
    add_job_routes(table, services, options.timezone);
}

}  // namespace foliot::api::apscheduler
