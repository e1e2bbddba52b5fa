#include "api/ndscheduler/job_routes.hpp"

#include "api/apscheduler/job_body.hpp"
#include "api/http/entity_tag.hpp"
#include "api/http/route_table.hpp"
#include "api/ndscheduler/answers.hpp"
#include "api/ndscheduler/job_body.hpp"
#include "api/ndscheduler/job_json.hpp"
#include "api/ndscheduler/job_query.hpp"
#include "api/ndscheduler/own_words.hpp"

namespace foliot::api::ndscheduler {
namespace {

using service::Jobs;
using service::Services;

const std::string& id_of(const Request& request) { return request.parameter("job_id"); }

Response id_answer(std::string_view id, int status = 200) {
    return ok(new_writer().begin_object().field("job_id", id).end_object().take(), status);
}

std::string text_of(const Job& job) {
    json::Writer writer = new_writer();
    write_job(writer, job);
    return writer.take();
}

/// A cursor only with a limit: without one, the order is that of the next runs, and changes.
std::string list_text(const Jobs& jobs, const store::Page<Job>& page, bool has_limit) {
    json::Writer writer = new_writer();
    writer.begin_object().key("jobs").begin_array();
    std::size_t shown = 0;
    for (; shown < page.items.size() && writer.text().size() < kMostBytes; ++shown)
        write_job(writer, page.items[shown]);
    writer.end_array();
    if (page.next || shown < page.items.size()) {
        writer.field("truncated", true);
        if (has_limit) writer.field("next_cursor", jobs.cursor_of(page.items[shown - 1].state.key));
    }
    return writer.end_object().take();
}

Response list(Jobs& jobs, const Request& request) {
    const service::JobQuery query = job_query(request);
    return with_tag(request, list_text(jobs, jobs.find(caller_of(request), query), query.limit.has_value()));
}

Response one(Jobs& jobs, const Request& request) {
    const Job job = worded(id_of(request), [&] { return jobs.get(caller_of(request), id_of(request)); });
    return tagged(request, tag_of(job.state), ok(text_of(job)));
}

json::Value body_of(const Request& request) {
    json::Value body = apscheduler::parse_body(request.body);
    if (!body.is(json::Kind::object))
        throw RequestError(Problem::invalid, "Require this parameter: name");  // as the original reads lists and texts
    return body;
}

Response add(Jobs& jobs, const Request& request, const trigger::ZonePtr& zone) {
    const json::Value body = body_of(request);
    const service::NewJob job = worded("", [&] { return new_job(body, zone); });
    return id_answer(worded(*job.id, [&] { return jobs.add(caller_of(request), job).id; }), 201);
}

/// Thrown by a guard: a job is not what somebody has read.
struct Stale : std::runtime_error {
    using runtime_error::runtime_error;
};

/// Who edits says by If-Match what he has seen; that a job has fired since does not matter.
service::JobGuard guard_of(const Request& request) {
    const std::string if_match(request.header("if-match"));
    if (if_match.empty()) return {};
    return [if_match](const JobState& job) {
        const std::string version = version_of(job);
        const auto is_version = [&](std::string_view tag) { return tag.substr(0, tag.find('-')) == version; };
        if (forbids(if_match, is_version)) throw Stale("Job " + job.id + " has been changed since it was read");
    };
}

/// `act(guard)`; 412 when the job is not as If-Match has it.
template <class Act>
Response unless_stale(const Request& request, const Act& act) {
    try {
        worded(id_of(request), [&] { act(guard_of(request)); });
        return id_answer(id_of(request));
    } catch (const Stale& stale) {
        Response response = dialect().error(RequestError(Problem::conflict, stale.what()));
        response.status = 412;
        return response;
    }
}

Response edit(Services& s, const Request& request, const trigger::ZonePtr& zone) {
    const std::string& id = id_of(request);
    const json::Value body = body_of(request);
    return unless_stale(request, [&](const service::JobGuard& guard) {
        const Job job = s.jobs.get(caller_of(request), id);
        const trigger::ZonePtr own = trigger::zone_of(job.definition.trigger).value_or(zone);
        s.jobs.edit(caller_of(request), id, job_edit(body, id, s.executions.now(), own), guard);
    });
}

Response remove(Jobs& jobs, const Request& request) {
    return unless_stale(
        request, [&](const service::JobGuard& guard) { jobs.remove(caller_of(request), id_of(request), guard); });
}

Operation answering_id(std::string description, int status = 200) {
    Operation operation = answering(Schema::object({{"job_id", Schema::text()}}), std::move(description));
    operation.answers.front().status = status;
    return operation;
}

Operation unless_changed(Operation operation) {
    operation.problems.push_back(Problem::conflict);
    operation.answers.push_back({412, "It has been changed since it was read (If-Match)", dialect().error_schema()});
    return operation;
}

Operation taking(const Schema& body, Operation operation) {
    operation.body = body;
    return operation;
}

Operation listing() {
    const Schema page = Schema::object({{"jobs", Schema::list(job_schema())},
                                        {"truncated", Schema::boolean(), false},
                                        {"next_cursor", Schema::text(), false}});
    Operation operation = tagging(answering(page, "Truncated at 10000, or at 32 MiB; by pages with a limit"));
    operation.query = job_query_parameters();
    return operation;
}

void add_reading(RouteTable& table, Jobs& jobs) {
    table.add(
        "GET", "", Access::viewer, Scope::read, [&jobs](const Request& r) { return list(jobs, r); },
        "Jobs, by next run", listing());
    table.add(
        "GET", "/{job_id...}", Access::viewer, Scope::read, [&jobs](const Request& r) { return one(jobs, r); },
        "One job", tagging(answering(job_schema(), "The job; its ETag is for If-Match")));
}

void add_writing(RouteTable& table, Services& s, const trigger::ZonePtr& zone) {
    table.add(
        "POST", "", Access::operator_, Scope::write,
        [&s, zone](const Request& r) { return add(s.jobs, r, trigger::latest(zone)); }, "Add a job",
        once_by_key(taking(new_job_schema(), answering_id("Its id", 201))));
    table.add(
        "PUT", "/{job_id...}", Access::operator_, Scope::write,
        [&s, zone](const Request& r) { return edit(s, r, trigger::latest(zone)); },
        "Change a job; what is not given, or given as it is shown, stays",
        unless_changed(taking(job_edit_schema(), answering_id("Changed"))));
    table.add(
        "DELETE", "/{job_id...}", Access::operator_, Scope::write, [&s](const Request& r) { return remove(s.jobs, r); },
        "Delete a job", unless_changed(answering_id("Deleted")));
}

/// A browser that asks whether it may (a CORS preflight) has been answered before.
void add_pausing(RouteTable& table, Jobs& jobs) {
    table.add(
        "PATCH", "/{job_id...}", Access::operator_, Scope::run,
        [&jobs](const Request& r) {
            worded(id_of(r), [&] { return jobs.pause(caller_of(r), id_of(r)); });
            return id_answer(id_of(r));
        },
        "Pause a job", answering_id("Paused"));
    table.add(
        "OPTIONS", "/{job_id...}", Access::operator_, Scope::run,
        [&jobs](const Request& r) {
            worded(id_of(r), [&] { return jobs.resume(caller_of(r), id_of(r)); });
            return id_answer(id_of(r));
        },
        "Resume a job", answering_id("It goes on, or has ended with nothing left to do"));
}

}  // namespace

void add_job_routes(Router& router, Services& services, const trigger::ZonePtr& zone) {
    router.claim_prefix("/api/v1/jobs", dialect());
    RouteTable table(router, dialect(), "/api/v1/jobs");
    add_reading(table, services.jobs);
    add_writing(table, services, zone);
    add_pausing(table, services.jobs);
}

}  // namespace foliot::api::ndscheduler
