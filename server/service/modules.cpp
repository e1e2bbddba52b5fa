#include "service/modules.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "service/unit.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace foliot::service {
namespace {

/// So long a request waits for modules to be looked at; one that hangs is given up earlier.
constexpr Micros kPatience = 15 * kSecond;

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

constexpr double kWhole = 9e15;  ///< all whole numbers up to it are doubles

double nearest_to_zero(const module::Param& param) {
    if (param.minimum.value_or(0) > 0) return *param.minimum;
    return param.maximum.value_or(0) < 0 ? std::floor(*param.maximum) : 0;
}

std::string plain_number(double value) {
    const bool is_whole = std::nearbyint(value) == value && std::fabs(value) <= kWhole;
    json::Writer writer;
    return (is_whole ? writer.value(static_cast<std::int64_t>(value)) : writer.value(value)).take();
}

std::string zero_of(const module::Param& param) {
    if (!param.otherwise.empty()) return param.otherwise;
    if (param.type == "integer") return plain_number(std::clamp(std::ceil(nearest_to_zero(param)), -kWhole, kWhole));
    if (param.type == "number") return plain_number(nearest_to_zero(param));
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

std::vector<Misfit> Modules::misfits(const Caller& caller) const {
    require(caller, Power::read, "see jobs");
    return misfits_.list();
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

std::optional<engine::Breaker::Tripped> Modules::broken(const FuncRef& func) const {
    auto tripped = breaker_.tripped(func.text());
    std::string why;
    if (const auto present = tripped ? catalogue_.resolve(func, why) : std::nullopt)
        if (present->module->identity != tripped->identity) return std::nullopt;
    return tripped;
}

/// One whose module is gone can be resumed, too.
void Modules::resume(const Caller& caller, std::string_view name) const {
    require(caller, Power::run, "resume functions");
    const auto func = parse_func(name);
    const auto broken = func ? breaker_.resume(func->text()) : std::nullopt;
    if (!broken) {
        function(caller, name);  // is there such a one?
        return;
    }
    try {
        write(store_, [&](store::Tx& tx) {
            tx.settings().set(engine::kBreakersSetting, breaker_.text());
            store::AuditEntry entry;
            entry.actor = caller.who.name;
            entry.via = caller.via;
            entry.event = "resumed";
            entry.kind = "function";
            entry.ref = entry.name = broken->func;
            entry.before = broken->why;
            tx.audit(entry);
        });
    } catch (const RequestError&) {
        breaker_.trip(*broken);
        throw;
    }
    log::info("function-resumed", caller.who.name + " resumed " + broken->func);
}

bool Modules::look() const {
    try {
        return rescan_(kPatience);
    } catch (const std::exception& e) {
        throw RequestError(Problem::unavailable, e.what());
    }
}

bool Modules::rescan(const Caller& caller) const {
    require(caller, Power::admin, "look for modules anew");
    const States before = states_of(catalogue_.modules());
    const bool finished = look();
    const States after = states_of(catalogue_.modules());
    write(store_, [&](store::Tx& tx) {
        store::AuditEntry entry;
        entry.actor = caller.who.name;
        entry.via = caller.via;
        entry.event = "rescanned";
        entry.kind = "module";
        entry.before = only_in(before, after);
        entry.after = finished ? only_in(after, before) : "goes on: what it finds is in the log";
        tx.audit(entry);
    });
    return finished;
}

}  // namespace foliot::service
