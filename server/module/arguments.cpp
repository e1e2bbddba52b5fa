#include "base/error.hpp"
#include "base/json.hpp"
#include "domain/sealed.hpp"
#include "module/catalogue.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace foliot::module {
namespace {

using json::Kind;
using json::Value;

Value parse(std::string_view field, std::string_view text, Kind kind) {
    Value value;
    try {
        value = json::parse(text);
    } catch (const json::SyntaxError& error) {
        throw invalid_field(field, error.what());
    }
    if (!value.is(kind))
        throw invalid_field(field, "must be an " + std::string(json::kind_name(kind)) + ", not " +
                                       std::string(json::kind_name(value.kind)));
    return value;
}

bool has_type(std::string_view type, const Value& value) {
    if (type == "any") return true;
    if (type == "boolean") return value.is(Kind::boolean);
    if (type == "integer") return value.is(Kind::integer);
    if (type == "number") return value.is(Kind::integer) || value.is(Kind::real);
    if (type == "string") return value.is(Kind::string);
    if (type == "array") return value.is(Kind::array);
    return type == "object" && value.is(Kind::object);
}

/// Unlike a job's own fields.
RequestError bad_argument(const std::string& name, const std::string& reason) {
    return {Problem::invalid, "argument '" + name + "': " + reason, name};
}

std::string plain(double number) {
    const json::Writer::Spacing compact = json::Writer::Spacing::compact;
    if (std::nearbyint(number) == number && std::fabs(number) < 1e15)
        return std::to_string(static_cast<std::int64_t>(number));
    return json::Writer(compact).value(number).take();
}

void check_value(const Param& param, const Value& value) {
    if (value.is(Kind::null) && !param.required) return;
    if (param.secret && is_sealed(value)) return;  // it was looked at when it was sealed
    if (!has_type(param.type, value)) {
        const bool too_big =
            param.type == "integer" && value.is(Kind::real) && value.raw.find_first_of(".eE") == std::string_view::npos;
        if (too_big) throw bad_argument(param.name, "does not fit 64 bits");
        throw bad_argument(param.name,
                           "must be of type " + param.type + ", not " + std::string(json::kind_name(value.kind)));
    }
    if (!value.is(Kind::integer) && !value.is(Kind::real)) return;
    if (param.minimum && value.real < *param.minimum)
        throw bad_argument(param.name,
                           "is " + std::string(value.raw) + ", must be " + plain(*param.minimum) + " or more");
    if (param.maximum && value.real > *param.maximum)
        throw bad_argument(param.name,
                           "is " + std::string(value.raw) + ", must be " + plain(*param.maximum) + " or less");
}

std::string listed(const std::vector<Param>& params) {
    std::string out;
    for (const Param& param : params) out += (out.empty() ? "" : ", ") + param.name;
    return out.empty() ? "none" : out;
}

}  // namespace

void check_arguments(const Function& function, std::string_view args_json, std::string_view kwargs_json) {
    const Value args = parse("args", args_json, Kind::array);
    const Value kwargs = parse("kwargs", kwargs_json, Kind::object);
    if (function.pass_through) return;
    const std::vector<Param>& params = function.params;
    if (args.items.size() > params.size())
        throw invalid_field("args", std::to_string(args.items.size()) + " given, " + function.name + " takes at most " +
                                        std::to_string(params.size()) + " (" + listed(params) + ")");
    std::size_t used = 0;
    for (std::size_t i = 0; i < params.size(); ++i) {
        const Param& param = params[i];
        const Value* named = kwargs.find(param.name);
        if (named != nullptr) ++used;
        const bool positional = i < args.items.size();
        if (positional && named != nullptr) throw bad_argument(param.name, "is given twice, in args and in kwargs");
        if (positional)
            check_value(param, args.items[i]);
        else if (named != nullptr)
            check_value(param, *named);
        else if (param.required)
            throw bad_argument(param.name, "is missing; " + function.name + " needs it");
    }
    if (used == kwargs.members.size()) return;
    for (const auto& [name, value] : kwargs.members) {
        const auto same = [&name = name](const Param& param) { return param.name == name; };
        if (std::ranges::none_of(params, same))
            throw bad_argument(name, "is no parameter of " + function.name + "; it has: " + listed(params));
    }
}

}  // namespace foliot::module
