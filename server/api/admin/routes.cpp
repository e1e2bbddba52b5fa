#include "api/admin/routes.hpp"

#include "api/admin/dialect.hpp"
#include "base/json.hpp"

namespace foliot::api::admin {
namespace {

using service::Caller;
using service::Node;

Response alive() { return json_answer(R"({"status":"ok"})"); }

Response ready(const Node& node) {
    using Status = Node::Readiness::Status;
    const auto readiness = node.readiness();
    const bool ok = readiness.status == Status::ok;
    json::Writer writer;
    writer.begin_object().field("status", ok                                     ? "ok"
                                          : readiness.status == Status::draining ? "draining"
                                                                                 : "unavailable");
    if (ok) writer.field("engine", service::name_of(readiness.engine));
    if (!readiness.reason.empty()) writer.field("reason", readiness.reason);
    if (!readiness.reasons.empty()) {
        writer.key("reasons").begin_array();
        for (const auto& [id, text] : readiness.reasons)
            writer.begin_object().field("id", id).field("text", text).end_object();
        writer.end_array();
    }
    return json_answer(writer.end_object().take(), ok ? 200 : 503);
}

void add(Router& router, std::string pattern, std::string summary, std::function<void(const Caller&)> action) {
    const auto handler = [action = std::move(action)](const Request& request) {
        action(caller_of(request));
        return no_content();
    };
    router.add({"POST", std::move(pattern), Access::admin, Scope::admin, handler, std::move(summary), &dialect(),
                without_answer("Done", {Problem::wrong_state})});
}

Operation readiness_operation() {
    const Schema reason = Schema::object(
        {{"id", Schema::word({"clock", "disk", "store", "host", "draining", "paused", "stopped", "no_modules"})},
         {"text", Schema::text()}});
    const Schema status = Schema::object({{"status", Schema::word({"ok", "draining", "unavailable"})},
                                          {"engine", Schema::word({"running", "paused", "stopped"}), false},
                                          {"reason", Schema::text(), false},
                                          {"reasons", Schema::list(reason), false}});
    return {.answers = {{200, "It does", status}, {503, "It does not; the reason tells why", status}}, .body = {}};
}

}  // namespace

void add_metrics_route(Router& router, std::function<std::string()> text, std::string content_type, bool anonymous) {
    Operation operation{.answers = {{200, "The numbers, in the text format of Prometheus", {}, "text/plain"}},
                        .body = {}};
    router.add({"GET", "/metrics", anonymous ? Access::anonymous : Access::viewer, Scope::read,
                [text = std::move(text), type = std::move(content_type)](const Request&) {
                    return Response{.content_type = type, .body = text(), .headers = {}};
                },
                "What the server has counted since its start", &dialect(), std::move(operation)});
}

void add_routes(Router& router, service::Node& node) {
    router.add({"GET", "/livez", Access::anonymous, Scope::read, [](const Request&) { return alive(); },
                "Is the server alive?", &dialect(), answering(Schema::object({{"status", Schema::text()}}), "It is")});
    router.add({"GET", "/readyz", Access::anonymous, Scope::read, [&node](const Request&) { return ready(node); },
                "Does the server take and start work?", &dialect(), readiness_operation()});
    add(router, "/api/v1/scheduler/drain", "Start nothing more on this server",
        [&node](const Caller& caller) { node.drain(caller); });
    add(router, "/api/v1/scheduler/undrain", "Start work on this server again",
        [&node](const Caller& caller) { node.undrain(caller); });
    add(router, "/api/v1/scheduler/clock/accept", "Believe the wall clock as it is",
        [&node](const Caller& caller) { node.accept_clock(caller); });
}

}  // namespace foliot::api::admin
