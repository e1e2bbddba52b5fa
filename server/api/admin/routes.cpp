#include "api/admin/routes.hpp"

#include "api/admin/dialect.hpp"
#include "base/json.hpp"

#include <exception>

namespace foliot::api::admin {
namespace {

Response status(int code, std::string_view text, std::string_view reason) {
    json::Writer writer;
    writer.begin_object().field("status", text);
    if (!reason.empty()) writer.field("reason", reason);
    Response response;
    response.status = code;
    response.body = writer.end_object().take();
    return response;
}

Response ready(store::Store& store) {
    try {
        store.read()->engine_state();
    } catch (const std::exception& e) {
        return status(503, "unavailable", e.what());
    }
    return status(200, "ok", "");
}

}  // namespace

void add_routes(Router& router, store::Store& store) {
    router.add({"GET", "/livez", Access::anonymous, Scope::read, [](const Request&) { return status(200, "ok", ""); },
                "Is the server alive?", &dialect()});
    router.add({"GET", "/readyz", Access::anonymous, Scope::read, [&store](const Request&) { return ready(store); },
                "Can the server take work?", &dialect()});
}

}  // namespace foliot::api::admin
