#include "api/admin/module_routes.hpp"

#include "api/admin/account_query.hpp"
#include "api/admin/dialect.hpp"
#include "api/admin/module_json.hpp"
#include "api/http/entity_tag.hpp"
#include "api/http/route_table.hpp"
#include "base/ascii.hpp"

namespace foliot::api::admin {
namespace {

using service::ModulePtr;
using service::Modules;

Response with_tag(const Request& request, std::string text) {
    const std::string tag = tag_of(text);
    return tagged(request, tag, json_answer(std::move(text)));
}

std::string list_text(const Modules& modules, const Request& request) {
    json::Writer writer;
    writer.begin_object().key("modules").begin_array();
    for (const ModulePtr& module : modules.list(caller_of(request)))
        write_module(writer, *module, modules, Functions::names);
    return writer.end_array().end_object().take();
}

Response one(const Modules& modules, const Request& request) {
    no_query(request);
    const ModulePtr module = modules.get(caller_of(request), request.parameter("name"));
    json::Writer writer;
    write_module(writer, *module, modules, Functions::whole);
    return with_tag(request, writer.take());
}

/// 202: not all has been looked at yet.
Response rescan(const Modules& modules, const Request& request) {
    no_query(request);
    const bool finished = modules.rescan(caller_of(request));
    return json_answer(list_text(modules, request), finished ? 200 : 202);
}

struct FunctionQuery {
    std::string module, text;  ///< "": any
    bool wants(const module::Module& of, const module::Function& function) const {
        if (!module.empty() && of.name != module) return false;
        const std::string all = lower(of.name + ':' + function.name + ' ' + function.title);
        return all.find(lower(text)) != std::string::npos;
    }
};

FunctionQuery function_query(const Request& request) {
    only(request, {"module", "q"});
    return {request.query_value("module").value_or(""), request.query_value("q").value_or("")};
}

Response functions(const Modules& modules, const Request& request) {
    const FunctionQuery query = function_query(request);
    json::Writer writer;
    writer.begin_object().key("functions").begin_array();
    for (const ModulePtr& module : modules.list(caller_of(request))) {
        for (const module::Function& function : module->functions) {
            if (query.wants(*module, function)) write_function(writer, *module, function, modules.limits());
        }
    }
    return with_tag(request, writer.end_array().end_object().take());
}

Response function(const Modules& modules, const Request& request) {
    no_query(request);
    const module::Resolved found = modules.function(caller_of(request), request.parameter("func"));
    json::Writer writer;
    write_function(writer, *found.module, *found.function, modules.limits());
    return with_tag(request, writer.take());
}

Operation tagging(const Schema& schema, std::string description) {
    Operation operation = answering(schema, std::move(description));
    operation.answers.push_back(not_modified());
    return operation;
}

Schema modules_schema() { return Schema::object({{"modules", Schema::list(module_schema(Functions::names))}}); }

Operation rescanning() {
    Operation operation = answering(modules_schema(), "The modules as they are now");
    operation.answers.push_back({202, "Not all has been looked at after 15 s; it goes on", modules_schema()});
    return operation;
}

Operation listing_functions() {
    Operation operation =
        tagging(Schema::object({{"functions", Schema::list(function_schema())}}), "By module, as its author has them");
    operation.query = {{"module", Schema::text(), "of that module"},
                       {"q", Schema::text(), "with that in module:function or the title"}};
    return operation;
}

}  // namespace

void add_module_routes(Router& router, const service::Modules& modules) {
    RouteTable table(router, dialect(), "/api/v1");
    table.add(
        "GET", "/modules", Access::viewer, Scope::read,
        [&modules](const Request& r) {
            no_query(r);
            return with_tag(r, list_text(modules, r));
        },
        "Modules, also those that cannot be used", tagging(modules_schema(), "By name"));
    table.add(
        "GET", "/modules/{name}", Access::viewer, Scope::read, [&modules](const Request& r) { return one(modules, r); },
        "One module and its functions", tagging(module_schema(Functions::whole), "The module"));
    table.add(
        "POST", "/modules/rescan", Access::admin, Scope::admin,
        [&modules](const Request& r) { return rescan(modules, r); }, "Look for modules anew", rescanning());
    table.add(
        "GET", "/functions", Access::viewer, Scope::read,
        [&modules](const Request& r) { return functions(modules, r); }, "What jobs can run", listing_functions());
    table.add(
        "GET", "/functions/{func}", Access::viewer, Scope::read,
        [&modules](const Request& r) { return function(modules, r); }, "One function: module:function",
        tagging(function_schema(), "The function"));
}

}  // namespace foliot::api::admin
