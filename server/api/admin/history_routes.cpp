#include "api/admin/history_routes.hpp"

#include "api/admin/dialect.hpp"
#include "api/admin/history_json.hpp"
#include "api/ndscheduler/range_query.hpp"

#include <charconv>
#include <initializer_list>

namespace foliot::api::admin {
namespace {

using ndscheduler::ExecutionStyle;
using service::Services;

constexpr std::size_t kUsualCount = 10, kMostCount = 1'000;

/// A misspelt parameter would otherwise be a different question. "": there is none.
void only_parameter(const Request& request, std::string_view known) {
    for (const auto& [name, value] : request.query) {
        if (name == known) continue;
        throw invalid_field(name, "is unknown; there is " + (known.empty() ? "none" : "'" + std::string(known) + "'"));
    }
}

Response explain(Services& services, const Request& request, const ExecutionStyle& style) {
    only_parameter(request, "time");
    std::optional<Micros> time;
    if (const auto text = request.query_value("time")) time = ndscheduler::instant_of("time", *text);
    const std::string& id = request.parameter("id");
    return json_answer(explain_json(id, services.history.explain(caller_of(request), id, time), style));
}

std::size_t count_of(const Request& request) {
    const auto text = request.query_value("count");
    if (!text) return kUsualCount;
    std::size_t count = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), count);
    if (error != std::errc{} || end != text->data() + text->size() || count < 1 || count > kMostCount) {
        throw invalid_field("count", "must be from 1 to " + std::to_string(kMostCount) + ", not '" + *text + "'");
    }
    return count;
}

Response next(Services& services, const Request& request) {
    only_parameter(request, "count");
    const std::string& id = request.parameter("id");
    return json_answer(next_json(id, services.history.next(caller_of(request), id, count_of(request))));
}

Response explain_run(Services& services, const Request& request) {
    only_parameter(request, "");
    const service::RunReport report = services.history.explain_run(caller_of(request), request.parameter("id"));
    return json_answer(explain_run_json(services.executions.id_of(report.run.id), report));
}

Response retry(Services& services, const Request& request, const ExecutionStyle& style) {
    const RunId run = services.jobs.retry(caller_of(request), request.parameter("id"));
    json::Writer writer;
    ndscheduler::write_execution(writer, services.executions.get(caller_of(request), style.public_id(run)), style);
    return json_answer(writer.take());
}

}  // namespace

void add_history_routes(Router& router, Services& services, const std::string& hostname) {
    const ExecutionStyle style{hostname, [&s = services](RunId run) { return s.executions.id_of(run); }};
    Operation explaining = answering(explain_schema(), "What became of it, in words, and by which execution");
    explaining.query = {
        {"time", Schema::text(), "ISO 8601 or epoch seconds; the latest fire that was due unless given"}};
    router.add({"GET", "/api/v1/jobs/{id}/explain", Access::viewer, Scope::read,
                [&s = services, style](const Request& r) { return explain(s, r, style); },
                "What became of a fire of a job, and why", &dialect(), std::move(explaining)});
    Operation foretelling = answering(next_schema(), "The fires");
    foretelling.query = {{"count", Schema::whole(1, kMostCount), "how many; 10 unless given"}};
    router.add({"GET", "/api/v1/jobs/{id}/next", Access::viewer, Scope::read,
                [&s = services](const Request& r) { return next(s, r); }, "The next fires of a job", &dialect(),
                std::move(foretelling)});
    router.add({"GET", "/api/v1/executions/{id}/explain", Access::viewer, Scope::read,
                [&s = services](const Request& r) { return explain_run(s, r); }, "What a run waits for, or how it went",
                &dialect(), answering(explain_run_schema(), "That, in words")});
    router.add({"POST", "/api/v1/executions/{id}/retry", Access::operator_, Scope::run,
                [&s = services, style](const Request& r) { return retry(s, r, style); }, "Try an execution again now",
                &dialect(),
                once_by_key(answering(ndscheduler::execution_schema(), "The next attempt", {Problem::conflict}))});
}

}  // namespace foliot::api::admin
