#include "api/ndscheduler/routes.hpp"

#include "api/ndscheduler/dialect.hpp"
#include "api/ndscheduler/execution_json.hpp"
#include "api/ndscheduler/execution_query.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"

#include <algorithm>
#include <vector>

namespace foliot::api::ndscheduler {
namespace {

using service::Caller;
using service::Services;

/// Of an answer with a list: indented and escaped, a result is many times as long as it was.
constexpr std::size_t kMostBytes = 32U << 20U;

Caller caller_of(const Request& request) { return {request.principal, dialect().name()}; }

json::Writer new_writer() { return json::Writer(json::Writer::Spacing::python, json::Charset::ascii); }

Response ok(std::string json_text) {
    Response response;
    response.content_type = kJson;
    response.body = safe_in_html(std::move(json_text));
    return response;
}

Response one(const store::RunView& run, const ExecutionStyle& style) {
    json::Writer writer = new_writer();
    write_execution(writer, run, style);
    return ok(writer.take());
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
        json::Writer writer = new_writer();
        write_execution(writer, run, style);
        rows.push_back({run.updated, writer.take()});
        bytes += rows.back().text.size();
    }
    return rows;
}

Response list(Services& services, const Request& request, const ExecutionStyle& style) {
    const auto page = services.executions.list(caller_of(request), execution_query(request, services.executions.now()));
    std::vector<Row> rows = write_rows(page.items, style);
    const bool truncated = page.next || rows.size() < page.items.size();
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.updated > b.updated; });
    json::Writer writer = new_writer();
    writer.begin_object().key("executions").begin_array();
    for (const Row& row : rows) writer.raw(row.text);
    writer.end_array();
    if (truncated) {
        const RunId last = page.items[rows.size() - 1].id;
        writer.field("truncated", true).field("next_cursor", services.executions.id_of(last));
    }
    return ok(writer.end_object().take());
}

Response log(Services& services, const Request& request) {
    Response response;
    response.content_type = "text/plain; charset=UTF-8";
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    for (const OutputChunk& chunk : services.executions.output(caller_of(request), request.parameter("id"))) {
        if (chunk.stream == Stream::log) response.body += iso_time(chunk.at) + ' ';
        response.body += chunk.data;
        const bool open_line = chunk.stream == Stream::log && !chunk.data.ends_with('\n');
        if (open_line) response.body += '\n';
    }
    return response;
}

Operation listing() {
    const Schema page = Schema::object({{"executions", Schema::list(execution_schema())},
                                        {"truncated", Schema::boolean(), false},
                                        {"next_cursor", Schema::text(), false}});
    Operation operation = answering(page, "With next_cursor when there are more");
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
                [&s = services, style](const Request& r) {
                    return one(s.executions.get(caller_of(r), r.parameter("id")), style);
                },
                "One execution", &dialect(), answering(execution_schema(), "The execution")});
    router.add({"DELETE", "/api/v1/executions/{id}", Access::operator_, Scope::run,
                [&s = services, style](const Request& r) {
                    return one(s.executions.stop(caller_of(r), r.parameter("id")), style);
                },
                "Stop an execution", &dialect(), answering(execution_schema(), "The execution, perhaps still ending")});
    router.add({"GET",
                "/api/v1/executions/{id}/log",
                Access::viewer,
                Scope::read,
                [&s = services](const Request& r) { return log(s, r); },
                "What an execution wrote",
                &dialect(),
                {.answers = {{200, "Its output and its log lines", {}, "text/plain"}}, .body = {}}});
}

}  // namespace foliot::api::ndscheduler
