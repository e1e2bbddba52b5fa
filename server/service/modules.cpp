#include "service/modules.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "service/unit.hpp"

#include <algorithm>
#include <map>

namespace foliot::service {
namespace {

/// So long a request waits for modules to be looked at; one that hangs is given up after as long.
constexpr Micros kPatience = 10 * kSecond;

/// What an operator would want to know of each file.
using States = std::map<std::string, std::string>;

States states_of(const std::vector<ModulePtr>& modules) {
    States states;
    for (const ModulePtr& module : modules) {
        std::string& state = states[module->path];
        state = module->name + ' ' + module->version + ' ' + std::string(module::status_name(module->status));
        if (!module->build_id.empty()) state += " build " + module->build_id;
    }
    return states;
}

/// The lines of `a` that `b` has not.
std::string only_in(const States& a, const States& b) {
    std::string text;
    for (const auto& [path, state] : a) {
        const auto other = b.find(path);
        if (other != b.end() && other->second == state) continue;
        text.append(text.empty() ? "" : "; ").append(path).append(": ").append(state);
    }
    return text;
}

std::string zero_of(const module::Param& param) {
    if (!param.otherwise.empty()) return param.otherwise;
    if (param.type == "integer" || param.type == "number") {
        const bool zero_fits = param.minimum.value_or(0) <= 0 && param.maximum.value_or(0) >= 0;
        const double value = zero_fits ? 0 : param.minimum.value_or(0) > 0 ? *param.minimum : *param.maximum;
        return json::Writer().value(static_cast<std::int64_t>(value)).take();
    }
    if (param.type == "boolean") return "false";
    if (param.type == "array") return "[]";
    if (param.type == "object") return "{}";
    return R"("")";
}

}  // namespace

std::string example_of(const module::Function& function) {
    if (!function.example.empty()) return function.example;
    const auto last = std::find_if(function.params.rbegin(), function.params.rend(),
                                   [](const module::Param& param) { return param.required; });
    std::string list = "[";
    for (auto param = function.params.begin(); param != last.base(); ++param)
        list.append(list.size() > 1 ? ", " : "").append(zero_of(*param));
    return list + ']';
}

std::vector<ModulePtr> Modules::list(const Caller& caller) const {
    require(caller, Power::read, "see modules");
    std::vector<ModulePtr> modules = catalogue_.modules();
    std::stable_sort(modules.begin(), modules.end(),
                     [](const ModulePtr& a, const ModulePtr& b) { return a->name < b->name; });
    return modules;
}

ModulePtr Modules::get(const Caller& caller, std::string_view name) const {
    for (const ModulePtr& module : list(caller)) {
        if (module->name == name && module->status != module::Status::shadowed) return module;
    }
    throw RequestError(Problem::not_found, "Module not found: " + std::string(name));
}

module::Resolved Modules::function(const Caller& caller, std::string_view name) const {
    require(caller, Power::read, "see functions");
    const auto func = parse_func(name);
    std::string why = "it must be module:function";
    if (func) {
        if (auto resolved = catalogue_.resolve(*func, why)) return *std::move(resolved);
    }
    throw RequestError(Problem::not_found, "Function not found: " + std::string(name) + ": " + why);
}

bool Modules::rescan(const Caller& caller) const {
    require(caller, Power::admin, "look for modules anew");
    const States before = states_of(catalogue_.modules());
    const bool finished = rescan_(kPatience);
    const States after = states_of(catalogue_.modules());
    write(store_, [&](store::Tx& tx) {
        store::AuditEntry entry;
        entry.actor = caller.who.name;
        entry.via = caller.via;
        entry.event = "rescanned";
        entry.kind = "module";
        entry.before = only_in(before, after);
        entry.after = finished ? only_in(after, before) : "not finished after 10 s";
        tx.audit(entry);
    });
    return finished;
}

}  // namespace foliot::service
