#include "api/seed/metrics_routes.hpp"

#include "api/http/route_table.hpp"
#include "api/seed/dialect.hpp"
#include "api/seed/routes.hpp"
#include "base/json.hpp"

namespace foliot::api::seed {
namespace {

using service::MetricsPush;

Response names() {
    json::Writer writer;
    writer.begin_object().key("metrics_available").begin_array();
    for (const std::string_view name : MetricsPush::names()) writer.value(name);
    return json_answer(writer.end_array().end_object().take());
}

Response push(MetricsPush& metrics, const Request& request) {
    metrics.push(caller_of(request));
    return json_answer(R"({"scheduled_metrics_initiated":true})", 201);
}

}  // namespace

void add_metrics_routes(Router& router, MetricsPush& metrics) {
    RouteTable table(router, dialect(), "/api/metrics");
    for (const char* path : {"", "/{rest...}"}) {  // the original's pattern has no end
        table.add(
            "GET", path, Access::viewer, Scope::read, [](const Request&) { return names(); },
            "Names of the metrics that are pushed",
            answering(Schema::object({{"metrics_available", Schema::list(Schema::text(1))}}), "The names"));
        table.add("POST", path, Access::operator_, Scope::run,
                  [&metrics](const Request& r) { return push(metrics, r); },
                  "Push the metrics to metrics.push_url, if there is one",
                  {.answers = {{201, "Begun", Schema::object({{"scheduled_metrics_initiated", Schema::boolean()}})}},
                   .body = {},
                   .problems = {Problem::wrong_state}});
    }
}

}  // namespace foliot::api::seed
