#include "contract/openapi.hpp"

#include "base/time_text.hpp"

#include <algorithm>
#include <stdexcept>

namespace foliot::testing {
namespace {

using json::Kind;
using json::Value;

std::vector<std::string> segments(std::string path) {
    path.resize(std::min(path.find('?'), path.size()));
    if (path.size() > 1 && path.ends_with('/')) path.pop_back();
    std::vector<std::string> found;
    for (std::size_t at = 1; at <= path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        found.push_back(path.substr(at, end - at));
        at = end + 1;
    }
    return found;
}

/// How many segments are literally the same; -1 when the path does not fit.
int likeness(const std::string& pattern, const std::string& path) {
    const auto wanted = segments(pattern), given = segments(path);
    if (wanted.size() != given.size()) return -1;
    int same = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i].starts_with('{')) continue;
        if (wanted[i] != given[i]) return -1;
        ++same;
    }
    return same;
}

std::string text_at(const Value& object, std::string_view name) {
    const Value* found = object.find(name);
    return found == nullptr ? "" : found->string;
}

bool has_type(const Value& value, std::string_view type) {
    if (type == "number") return value.is(Kind::integer) || value.is(Kind::real);
    return json::kind_name(value.kind) == type;
}

std::size_t characters(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

const Value* OpenApi::Operation::body() const {
    const Value* body = value->find("requestBody");
    return body == nullptr ? nullptr : body->find("content")->find("application/json")->find("schema");
}

OpenApi::OpenApi(std::string text) : text_(std::move(text)), document_(json::parse(text_)) {
    for (const auto& [path, methods] : document_.find("paths")->members) {
        for (const auto& [method, value] : methods.members) {
            std::string upper = method;
            std::transform(upper.begin(), upper.end(), upper.begin(),
                           [](char c) { return static_cast<char>(c - 'a' + 'A'); });
            operations_.push_back(
                {upper, path, text_at(value, "x-foliot-role"), text_at(value, "x-foliot-scope"), &value});
        }
    }
}

const OpenApi::Operation* OpenApi::find(const std::string& method, const std::string& path) const {
    const Operation* best = nullptr;
    int most = -1;
    for (const Operation& operation : operations_) {
        if (operation.method != (method == "HEAD" ? "GET" : method)) continue;
        const int same = likeness(operation.path, path);
        if (same > most) {
            most = same;
            best = &operation;
        }
    }
    return best;
}

std::string OpenApi::problem_of_answer(const Operation& operation, const Reply& reply) const {
    const std::string name = operation.method + " " + operation.path;
    const Value* answer = operation.value->find("responses")->find(std::to_string(reply.status));
    if (answer == nullptr) return name + " never answers " + std::to_string(reply.status) + ": " + reply.body;
    const Value* content = answer->find("content");
    if (content == nullptr) return reply.body.empty() ? "" : name + " has a body: " + reply.body;
    const auto sent = reply.headers.find("content-type");
    const std::string type = sent == reply.headers.end() ? "" : sent->second.substr(0, sent->second.find(';'));
    const Value* media = content->find(type);
    if (media == nullptr) return name + " never is '" + type + "'";
    if (type != "application/json") return "";
    const std::string wrong = violation(*media->find("schema"), json::parse(reply.body));
    return wrong.empty() ? "" : name + ": " + wrong + " in " + reply.body;
}

const Value& OpenApi::resolved(const Value& schema) const {
    const Value* reference = schema.find("$ref");
    if (reference == nullptr) return schema;
    const std::string name = reference->string.substr(std::string_view("#/components/schemas/").size());
    const Value* named = document_.find("components")->find("schemas")->find(name);
    if (named == nullptr) throw std::runtime_error("there is no schema " + name);
    return resolved(*named);
}

std::string OpenApi::violation(const Value& given, const Value& value, const std::string& where) const {
    const Value& schema = resolved(given);
    if (const Value* choices = schema.find("anyOf")) {
        std::string all;
        for (const Value& choice : choices->items) {
            const std::string wrong = violation(choice, value, where);
            if (wrong.empty()) return "";
            all += "; " + wrong;
        }
        return all.substr(2);
    }
    const std::string type = text_at(schema, "type");
    if (!type.empty() && !has_type(value, type)) {
        return where + " is " + std::string(json::kind_name(value.kind)) + ", not " + type;
    }
    if (const Value* words = schema.find("enum")) {
        const bool known = std::any_of(words->items.begin(), words->items.end(),
                                       [&](const Value& word) { return word.string == value.string; });
        if (!known) return where + " is '" + value.string + "'";
    }
    if (const Value* least = schema.find("minimum"); least != nullptr && value.real < least->real)
        return where + " is too small";
    if (const Value* most = schema.find("maximum"); most != nullptr && value.real > most->real)
        return where + " is too large";
    if (const Value* least = schema.find("minLength"))
        if (characters(value.string) < static_cast<std::size_t>(least->integer)) return where + " is too short";
    if (const Value* most = schema.find("maxLength"))
        if (characters(value.string) > static_cast<std::size_t>(most->integer)) return where + " is too long";
    if (text_at(schema, "format") == "date-time" && !parse_time(value.string)) return where + " is no time";
    if (const Value* items = schema.find("items")) {
        for (std::size_t i = 0; i < value.items.size(); ++i) {
            const auto wrong = violation(*items, value.items[i], where + "[" + std::to_string(i) + "]");
            if (!wrong.empty()) return wrong;
        }
    }
    const Value* properties = schema.find("properties");
    if (properties == nullptr) return "";
    for (const Value& name : schema.find("required")->items) {
        if (value.find(name.string) == nullptr) return where + " has no " + name.string;
    }
    for (const auto& [name, member] : value.members) {
        const Value* property = properties->find(name);
        if (property == nullptr && schema.find("additionalProperties")->boolean) continue;
        if (property == nullptr) return where + "." + name + " is unknown";
        if (auto wrong = violation(*property, member, where + "." + name); !wrong.empty()) return wrong;
    }
    return "";
}

}  // namespace foliot::testing
