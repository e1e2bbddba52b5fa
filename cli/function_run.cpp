#include "cli/function_run.hpp"

#include "base/error.hpp"
#include "base/json.hpp"

namespace foliot::cli {
namespace {

json::Kind kind_of(const std::string& text, const std::string& option) {
    try {
        return json::parse(text).kind;
    } catch (const json::SyntaxError& error) {
        throw UsageError("option --" + option + " is no JSON: " + error.what());
    }
}

void take_arguments(const Options& options, RunRequest& request) {
    if (options.has("args")) {
        const std::string text = options.text("args");
        const json::Kind kind = kind_of(text, "args");
        const bool named = kind == json::Kind::object && !options.has("kwargs");
        if (kind != json::Kind::array && !named)
            throw UsageError("option --args is no JSON list (nor, without --kwargs, an object)");
        (named ? request.kwargs : request.args) = text;
    }
    if (options.has("kwargs")) {
        request.kwargs = options.text("kwargs");
        if (kind_of(request.kwargs, "kwargs") != json::Kind::object)
            throw UsageError("option --kwargs is no JSON object");
    }
    try {
        module::check_arguments(*request.function, request.args, request.kwargs);
    } catch (const RequestError& error) {
        throw UsageError(request.function->name + " does not take that: " + error.what());
    }
}

void take_config(const Options& options, RunRequest& request) {
    if (!options.has("config")) return;
    request.config = options.text("config");
    if (kind_of(request.config, "config") != json::Kind::object) throw UsageError("option --config is no JSON object");
}

const module::Function& function_of(const module::Module& module, const std::string& name) {
    if (const module::Function* function = module.find(name)) return *function;
    std::string names;
    for (const module::Function& function : module.functions) names += (names.empty() ? "" : ", ") + function.name;
    throw UsageError("module '" + module.name + "' has no function '" + name +
                     "'; it has: " + (names.empty() ? "none" : names));
}

}  // namespace

std::vector<OptionSpec> with_call_options(std::vector<OptionSpec> own) {
    own.insert(own.end(), {{"args", "JSON", "its arguments: a list, or an object by name"},
                           {"kwargs", "JSON", "its named arguments, beside a list of others"},
                           {"config", "JSON", "the module's configuration, an object"},
                           {"grace", "SECONDS", "how long it has to end once it is asked to; 5 by default"}});
    return own;
}

RunRequest call_of(const Options& options, std::shared_ptr<const module::Module> module, const std::string& function) {
    RunRequest request;
    request.module = std::move(module);
    request.function = &function_of(*request.module, function);
    take_arguments(options, request);
    take_config(options, request);
    request.grace = options.length("grace", request.grace);
    return request;
}

}  // namespace foliot::cli
