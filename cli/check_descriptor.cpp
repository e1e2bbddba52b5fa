#include "base/error.hpp"
#include "base/json.hpp"
#include "cli/checks.hpp"

namespace foliot::cli {
namespace {

using module::Function;
using module::Module;
using module::Param;

/// One line for each function that has something to say.
template <class Say>
CheckResult of_each(const Module& module, const char* test, Level level, const Say& say) {
    std::string text;
    for (const Function& function : module.functions) {
        const std::string said = say(function);
        if (!said.empty()) text += (text.empty() ? "" : "; ") + function.name + ": " + said;
    }
    return {"descriptor", test, text.empty() ? Level::ok : level, text};
}

std::string refusal(const Function& function, std::string_view args, std::string_view kwargs) {
    try {
        module::check_arguments(function, args, kwargs);
        return {};
    } catch (const RequestError& error) {
        return error.what();
    }
}

std::string defaults_problem(const Function& function) {
    for (const Param& param : function.params) {
        if (param.otherwise.empty() || param.otherwise == "null") continue;
        const Function alone{.name = function.name, .params = {param}};
        std::string problem = refusal(alone, "[" + param.otherwise + "]", "{}");
        if (!problem.empty()) return "the default of '" + param.name + "' is one that it refuses: " + problem;
    }
    return {};
}

/// What the author gave as an example; the server leaves one out that does not fit.
std::string example_of(const Module& module, const Function& function) {
    const json::Value meta = json::parse(module.meta);
    const json::Value* functions = meta.find("functions");
    for (const json::Value& one : functions->items) {
        const json::Value* name = one.find("name");
        const json::Value* own = one.find("meta");
        if (name == nullptr || own == nullptr || name->string != function.name) continue;
        const json::Value* example = own->find("example");
        return example == nullptr ? "" : example->string;
    }
    return {};
}

std::string example_problem(const Module& module, const Function& function) {
    const std::string example = example_of(module, function);
    if (example.empty()) return {};
    try {
        const bool is_list = json::parse(example).is(json::Kind::array);
        const std::string problem = refusal(function, is_list ? example : "[]", is_list ? "{}" : example);
        return problem.empty() ? "" : "its example does not fit: " + problem;
    } catch (const json::SyntaxError& error) {
        return std::string("its example is no JSON: ") + error.what();
    }
}

std::string help_problem(const Function& function) {
    if (function.title.empty() && function.help.empty()) return "it has neither .title nor .help for those who use it";
    for (const Param& param : function.params)
        if (param.help.empty()) return "parameter '" + param.name + "' has no .help()";
    return {};
}

}  // namespace

CheckResults check_descriptor(const Module& module, bool loads) {
    if (!loads) return {{"descriptor", "accepted", Level::skipped, "it cannot be loaded"}};
    if (module.status != module::Status::ok)
        return {{"descriptor", "accepted", Level::error,
                 std::string(module::status_name(module.status)) + ": " + module.problem}};
    CheckResults findings{{"descriptor", "accepted", Level::ok}};
    if (module.functions.empty()) findings.push_back({"descriptor", "functions", Level::warning, "it has no function"});
    findings.push_back(of_each(module, "defaults", Level::error, defaults_problem));
    findings.push_back(of_each(module, "examples", Level::error,
                               [&](const Function& function) { return example_problem(module, function); }));
    findings.push_back(of_each(module, "help", Level::warning, help_problem));
    return findings;
}

}  // namespace foliot::cli
