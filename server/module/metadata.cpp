#include "module/metadata.hpp"

#include "base/json.hpp"
#include "base/log.hpp"
#include "module/elf_note.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <set>

namespace foliot::module {
namespace {

using json::Kind;
using json::Value;

constexpr std::size_t kMaxFunctions = 4096;
constexpr std::size_t kMaxParams = 256;
constexpr std::size_t kMaxParamName = 128;
constexpr std::int64_t kMaxRetries = 1'000'000;
constexpr std::int64_t kMaxLength = std::int64_t{366} * 24 * 3600 * kSecond;  // no retry delay or timeout beyond a year
constexpr std::array<std::string_view, 7> kTypes{"boolean", "integer", "number", "string", "array", "object", "any"};

/// An object of the description and where it stands, for the words of an error.
class Reader {
  public:
    Reader(const Value& object, std::string where) : object_(object), where_(std::move(where)) {
        if (!object.is(Kind::object)) fail("must be an object");
    }

    [[noreturn]] void fail(const std::string& what) const { throw MetadataError(where_ + " " + what); }

    const Value* find(std::string_view key, Kind kind) const {
        const Value* value = object_.find(key);
        if (value == nullptr || value->is(Kind::null)) return nullptr;
        if (!value->is(kind)) fail("has a '" + std::string(key) + "' that is no " + std::string(json::kind_name(kind)));
        return value;
    }
    const Value& need(std::string_view key, Kind kind) const {
        const Value* value = find(key, kind);
        if (value == nullptr) fail("has no '" + std::string(key) + "'");
        return *value;
    }
    const Value* member(std::string_view key) const { return object_.find(key); }
    std::string text(std::string_view key) const {
        const Value* value = find(key, Kind::string);
        return value == nullptr ? std::string() : value->string;
    }
    bool flag(std::string_view key, bool otherwise) const {
        const Value* value = find(key, Kind::boolean);
        return value == nullptr ? otherwise : value->boolean;
    }
    std::optional<std::int64_t> whole(std::string_view key, std::int64_t least, std::int64_t most) const {
        const Value* value = find(key, Kind::integer);
        if (value == nullptr) return std::nullopt;
        if (value->integer < least || value->integer > most)
            fail("has a '" + std::string(key) + "' outside " + std::to_string(least) + ".." + std::to_string(most));
        return value->integer;
    }
    std::optional<double> number(std::string_view key) const {
        const Value* value = object_.find(key);
        if (value == nullptr || value->is(Kind::null)) return std::nullopt;
        if (!value->is(Kind::integer) && !value->is(Kind::real))
            fail("has a '" + std::string(key) + "' that is no number");
        return value->real;
    }

  private:
    const Value& object_;
    std::string where_;
};

Param parse_param(const Reader& from) {
    Param param;
    param.name = from.need("name", Kind::string).string;
    param.type = from.need("type", Kind::string).string;
    param.required = from.flag("required", true);
    param.minimum = from.number("minimum");
    param.maximum = from.number("maximum");
    param.help = from.text("help");
    param.secret = from.flag("secret", false);
    if (const Value* value = from.member("default"); value != nullptr && !param.secret) param.otherwise = value->raw;
    if (param.name.empty() || param.name.size() > kMaxParamName)
        from.fail("has a name of " + std::to_string(param.name.size()) + " bytes");
    if (std::ranges::find(kTypes, param.type) == kTypes.end()) from.fail("has an unknown type '" + param.type + "'");
    if (param.minimum && param.maximum && *param.minimum > *param.maximum) from.fail("has a minimum above its maximum");
    return param;
}

std::vector<Param> parse_params(const Reader& meta, const std::string& where) {
    std::vector<Param> params;
    const Value* list = meta.find("params", Kind::array);
    if (list == nullptr) return params;
    if (list->items.size() > kMaxParams) meta.fail("has more than " + std::to_string(kMaxParams) + " parameters");
    std::set<std::string, std::less<>> names;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        const Reader reader(list->items[i], where + ", parameter " + std::to_string(i + 1));
        params.push_back(parse_param(reader));
        if (!names.insert(params.back().name).second) reader.fail("repeats the name '" + params.back().name + "'");
    }
    return params;
}

void parse_retry(const Reader& meta, Function& function) {
    if (const auto retries = meta.whole("max_retries", 0, kMaxRetries)) {
        function.retry.max_retries = static_cast<int>(*retries);
    }
    function.retry.delay = meta.whole("first_delay_us", 0, kMaxLength);
    function.retry.factor = meta.number("backoff");
    const auto& factor = function.retry.factor;
    if (factor && (*factor < 1.0 || *factor > 1000.0)) meta.fail("has a 'backoff' outside 1..1000");
    function.retry.max_delay = meta.whole("max_delay_us", 0, kMaxLength);
    function.timeout = meta.whole("timeout_us", 0, kMaxLength);
}

/// The function's own, else those of its module.
void parse_limits(const Reader& meta, const std::string& where, ResourceLimits& limits) {
    const Value* given = meta.find("limits", Kind::object);
    if (given == nullptr) return;
    const Reader reader(*given, "'limits' of " + where);
    for (const LimitField& field : kLimitFields) {
        const std::string key = std::string(field.name) + (field.unit == LimitField::Unit::micros ? "_us" : "");
        const auto value = reader.whole(key, 0, field.most);
        if (value && !field.allows(*value))
            reader.fail("has a '" + key + "' that is neither 0 nor at least " + std::to_string(field.least));
        if (value) limits.*field.value = value;
    }
}

/// One that does not fit would mislead whoever tries it; the function is as good without.
void check_example(Function& function, const std::string& where) {
    if (function.example.empty()) return;
    try {
        const bool is_list = json::parse(function.example).is(Kind::array);
        check_arguments(function, is_list ? function.example : "[]", is_list ? "{}" : function.example);
    } catch (const std::runtime_error& error) {
        log::warning("example-unfit",
                     where + " has an example that does not fit it, which is left out: " + error.what());
        function.example.clear();
    }
}

Function parse_function(const Value& value, std::size_t position, const ResourceLimits& limits) {
    const Reader outer(value, "function " + std::to_string(position + 1));
    Function function;
    function.limits = limits;
    function.name = outer.need("name", Kind::string).string;
    if (!valid_function_name(function.name))
        outer.fail("has no proper name: it must match [A-Za-z_][A-Za-z0-9_]{0,63}");
    const std::string where = "function '" + function.name + "'";
    const Reader reader(value, where);
    const auto index = reader.whole("index", 0, std::numeric_limits<std::uint32_t>::max());
    if (!index) reader.fail("has no 'index'");
    function.index = static_cast<std::uint32_t>(*index);
    const Value* meta_value = reader.find("meta", Kind::object);
    if (meta_value == nullptr) return function;
    const Reader meta(*meta_value, where);
    function.title = meta.text("title");
    function.help = meta.text("help");
    function.pass_through = meta.flag("pass_through", false);
    function.params = parse_params(meta, where);
    function.example = meta.text("example");
    check_example(function, where);
    parse_retry(meta, function);
    parse_limits(meta, where, function.limits);
    return function;
}

void check_identity(const Reader& module, std::string_view name, std::string_view version) {
    const auto must_be = [&](std::string_view key, std::string_view expected, std::string_view source) {
        const std::string found = module.need(key, Kind::string).string;
        if (found != expected)
            module.fail("says its " + std::string(key) + " is '" + found + "', but " + std::string(source) + " '" +
                        std::string(expected) + "'");
    };
    must_be("name", name, "its file is named");
    must_be("version", version, "its ELF note says");
    const Value& abi = module.need("abi", Kind::array);
    const bool two = abi.items.size() == 2 && abi.items[0].is(Kind::integer) && abi.items[1].is(Kind::integer);
    if (!two || abi.items[0].integer != kAbiMajor || abi.items[1].integer > kAbiMinor)
        module.fail("has an interface version other than its ELF note says");
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::vector<Function> parse_metadata(std::string_view text, std::string_view name, std::string_view version) {
    Value document;
    try {
        document = json::parse(text);
    } catch (const json::SyntaxError& error) {
        throw MetadataError(std::string("the description is no JSON: ") + error.what());
    }
    const Reader module(document, "the module");
    check_identity(module, name, version);
    const Value& list = module.need("functions", Kind::array);
    if (list.items.size() > kMaxFunctions) module.fail("has more than " + std::to_string(kMaxFunctions) + " functions");
    ResourceLimits limits;
    if (const Value* meta = module.find("meta", Kind::object))
        parse_limits(Reader(*meta, "the module"), "the module", limits);
    std::vector<Function> functions;
    std::set<std::string, std::less<>> names;
    std::set<std::uint32_t> indexes;
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        functions.push_back(parse_function(list.items[i], i, limits));
        if (!names.insert(functions.back().name).second)
            module.fail("has two functions named '" + functions.back().name + "'");
        if (!indexes.insert(functions.back().index).second)
            module.fail("has two functions of index " + std::to_string(functions.back().index));
    }
    return functions;
}

std::string declared_version(std::string_view json) {
    try {
        const Value module = json::parse(json);
        const Value* version = module.find("version");
        return version == nullptr ? "" : version->string;
    } catch (const json::SyntaxError& error) {
        throw MetadataError(std::string("the description is no JSON: ") + error.what());
    }
}

bool valid_function_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && is_letter(name.front()) &&
           std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c); });
}

bool valid_module_name(std::string_view name) {
    if (name.empty() || name.size() > 128) return false;
    bool part_begins = true;
    for (const char c : name) {
        const bool dot = c == '.';
        if (part_begins ? !is_letter(c) : !(dot || c == '-' || is_letter(c) || is_digit(c))) return false;
        part_begins = dot;
    }
    return !part_begins;
}

}  // namespace foliot::module
