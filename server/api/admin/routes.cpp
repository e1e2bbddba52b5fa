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
    const Schema status = Schema::object({{"status", Schema::word({"ok", "draining", "unavailable"})},
                                          {"engine", Schema::word({"running", "paused", "stopped"}), false},
                                          {"reason", Schema::text(), false}});
    return {.answers = {{200, "It does", status}, {503, "It does not; the reason tells why", status}}, .body = {}};
}

}  // namespace

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
