#include "api/ndscheduler/event_routes.hpp"

#include "api/ndscheduler/answers.hpp"
#include "api/ndscheduler/event_stream.hpp"
#include "api/ndscheduler/range_query.hpp"

namespace foliot::api::ndscheduler {
namespace {

std::vector<QueryParameter> parameters() {
    return {{"job", Schema::text(), "only of this job"},
            {"kind", Schema::word({"execution", "job", "module"}), "only such events"},
            {"last_event_id", Schema::text(),
             "as the header Last-Event-ID, which comes first, for those who cannot set it"}};
}

std::optional<service::Change::Kind> kind_of(const Request& request) {
    const auto kind = request.query_value("kind");
    if (!kind) return std::nullopt;
    if (*kind == "execution") return service::Change::Kind::execution;
    if (*kind == "job") return service::Change::Kind::job;
    if (*kind == "module") return service::Change::Kind::module;
    throw invalid_field("kind", "must be execution, job or module, not '" + *kind + "'");
}

/// A browser that comes back sends the header; its URL is still that of the first time.
std::optional<std::string> last_event_id(const Request& request) {
    const std::string_view header = request.header("last-event-id");
    return header.empty() ? request.query_value("last_event_id") : std::string(header);
}

Response events(service::Services& services, const Request& request, const ExecutionStyle& style) {
    static const auto known = parameters();
    check_names(request, known);
    const service::WatchQuery query{
        .job_id = request.query_value("job"), .kind = kind_of(request), .after = last_event_id(request)};
    Response response;
    response.content_type = "text/event-stream";
    response.headers.emplace_back("X-Accel-Buffering", "no");
    response.stream = event_stream(services.watching.open(caller_of(request), query), style);
    return response;
}

}  // namespace

void add_event_routes(Router& router, service::Services& services, const Options& options) {
    const ExecutionStyle style{options.hostname, [&s = services](RunId run) { return s.executions.id_of(run); }};
    router.claim_prefix("/api/v1/events", dialect());
    router.add(
        {"GET",
         "/api/v1/events",
         Access::viewer,
         Scope::read,
         [&s = services, style](const Request& r) { return events(s, r, style); },
         "Executions, jobs and modules as they change, until the client leaves",
         &dialect(),
         {.answers =
              {{200, "Server-sent events: hello or reset, then execution, job and module", {}, "text/event-stream"}},
          .body = {},
          .query = parameters()}});
}

}  // namespace foliot::api::ndscheduler
