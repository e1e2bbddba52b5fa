#include "api/ndscheduler/routes.hpp"

#include "api/ndscheduler/answers.hpp"
#include "api/ndscheduler/execution_json.hpp"
#include "api/ndscheduler/execution_query.hpp"
#include "api/ndscheduler/job_body.hpp"
#include "api/ndscheduler/log_stream.hpp"
#include "api/ndscheduler/output_forms.hpp"
#include "api/ndscheduler/own_words.hpp"
#include "base/json.hpp"

#include <algorithm>
#include <vector>

namespace foliot::api::ndscheduler {
namespace {

using service::Services;

std::string text_of(const store::RunView& run, const ExecutionStyle& style) {
    json::Writer writer = new_writer();
    write_execution(writer, run, style);
    return writer.take();
}

Response one(Services& services, const Request& request, const ExecutionStyle& style) {
    const auto run = services.executions.get(caller_of(request), request.parameter("id"));
    return with_tag(request, text_of(run, style));
}

struct Row {
    Micros updated;
    std::string text;
};

/// As many of them, in their order, as an answer may hold.
std::vector<Row> write_rows(const std::vector<store::RunView>& runs, const ExecutionStyle& style) {
    std::vector<Row> rows;
    std::size_t bytes = 0;
    for (const store::RunView& run : runs) {
        if (bytes >= kMostBytes) break;
        rows.push_back({run.updated, text_of(run, style)});
        bytes += rows.back().text.size();
    }
    return rows;
}

Response list(Services& services, const Request& request, const ExecutionStyle& style) {
    const auto page = services.executions.list(caller_of(request), execution_query(request, services.executions.now()));
    std::vector<Row> rows = write_rows(page.items, style);
    const auto next = rows.size() < page.items.size() ? raw(page.items[rows.size() - 1].id) : page.next;
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.updated > b.updated; });
    json::Writer writer = new_writer();
    writer.begin_object().key("executions").begin_array();
    for (const Row& row : rows) writer.raw(row.text);
    writer.end_array();
    if (next) writer.field("truncated", true).field("next_cursor", services.executions.id_of(RunId{*next}));
    return with_tag(request, writer.end_object().take());
}

Response log(Services& services, const Request& request) {
    const OutputQuery query = output_query(request);
    Response response;
    response.content_type = content_type_of(query);
    const std::string& id = request.parameter("id");
    if (query.follow) {
        response.headers.emplace_back("X-Accel-Buffering", "no");
        response.stream = log_stream(services.executions.follow(caller_of(request), id), query);
    } else {
        response.body = output_body(services.executions.output(caller_of(request), id), query);
    }
    return response;
}

Response run(Services& services, const Request& request, const std::optional<std::string>& id) {
    const RunBody body = run_body(request.body, id);
    const RunId made =
        worded(body.job_id, [&] { return services.jobs.run_now(caller_of(request), body.job_id, body.arguments); });
    return ok(new_writer().begin_object().field("execution_id", services.executions.id_of(made)).end_object().take());
}

Operation running(bool id_in_path) {
    const Schema id = Schema::object({{"execution_id", Schema::text()}});
    Operation operation = answering(id, "Its id; it has not ended yet", {Problem::conflict});
    operation.body = run_schema(id_in_path);
    operation.body_required = !id_in_path;
    return operation;
}

Operation listing() {
    const Schema page = Schema::object({{"executions", Schema::list(execution_schema())},
                                        {"truncated", Schema::boolean(), false},
                                        {"next_cursor", Schema::text(), false}});
    Operation operation = tagging(answering(page, "With next_cursor when there may be more"));
    operation.query = execution_query_parameters();
    return operation;
}

}  // namespace

void add_routes(Router& router, service::Services& services, const Options& options) {
    const ExecutionStyle style{options.hostname, [&s = services](RunId run) { return s.executions.id_of(run); }};
    router.claim_prefix("/api/v1/executions", dialect());
    router.add({"GET", "/api/v1/executions", Access::viewer, Scope::read,
                [&s = services, style](const Request& r) { return list(s, r, style); },
                "Executions in a range of time, newest change first", &dialect(), listing()});
    router.add({"GET", "/api/v1/executions/{id}", Access::viewer, Scope::read,
                [&s = services, style](const Request& r) { return one(s, r, style); }, "One execution", &dialect(),
                tagging(answering(execution_schema(), "The execution"))});
    router.add({"POST", "/api/v1/executions", Access::operator_, Scope::run,
                [&s = services](const Request& r) { return run(s, r, std::nullopt); }, "Run a job now", &dialect(),
                once_by_key(running(false))});
    router.add({"POST", "/api/v1/executions/{job_id...}", Access::operator_, Scope::run,
                [&s = services](const Request& r) { return run(s, r, r.parameter("job_id")); },
                "Run the job of this id now, with other arguments if they are given", &dialect(),
                once_by_key(running(true))});
    router.add({"DELETE", "/api/v1/executions/{id}", Access::operator_, Scope::run,
                [&s = services, style](const Request& r) {
                    return ok(text_of(s.executions.stop(caller_of(r), r.parameter("id")), style));
                },
                "Stop an execution", &dialect(), answering(execution_schema(), "The execution, perhaps still ending")});
    router.add({"GET",
                "/api/v1/executions/{id}/log",
                Access::viewer,
                Scope::read,
                [&s = services](const Request& r) { return log(s, r); },
                "What an execution wrote",
                &dialect(),
                {.answers = output_answers(), .body = {}, .query = output_query_parameters()}});
}

}  // namespace foliot::api::ndscheduler
