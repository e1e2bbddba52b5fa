#include "api/admin/fields.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace foliot::api::admin {
namespace {

using json::Kind;
using json::Value;

Value read(std::string_view body, const json::Limits& limits) {
    try {
        return json::parse(body, limits);
    } catch (const json::SyntaxError& e) {
        throw RequestError(Problem::malformed, std::string("the body is no JSON that can be taken: ") + e.what(),
                           kBody);
    }
}

}  // namespace

void refuse_kind(std::string_view name, std::string_view wanted, const Value& found) {
    throw invalid_field(name, "must be " + std::string(wanted) + ", not " + std::string(json::kind_name(found.kind)));
}

Fields::Fields(std::string_view body, const json::Limits& limits) : object_(read(body, limits)) {
    if (object_.is(Kind::object)) return;
    throw RequestError(Problem::invalid,
                       "the body must be an object, not " + std::string(json::kind_name(object_.kind)));
}

const Value* Fields::take(std::string_view name) {
    taken_.emplace_back(name);
    return object_.find(name);
}

std::optional<std::string> Fields::text(std::string_view name) {
    const Value* value = take(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is(Kind::string)) refuse_kind(name, "text", *value);
    return value->string;
}

std::optional<std::optional<std::string>> Fields::text_or_null(std::string_view name) {
    const Value* value = take(name);
    if (value == nullptr) return std::nullopt;
    if (value->is(Kind::null)) return std::optional<std::string>();
    if (!value->is(Kind::string)) refuse_kind(name, "text or null", *value);
    return value->string;
}

std::optional<bool> Fields::flag(std::string_view name) {
    const Value* value = take(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is(Kind::boolean)) refuse_kind(name, "true or false", *value);
    return value->boolean;
}

std::optional<std::int64_t> Fields::integer(std::string_view name) {
    const Value* value = take(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is(Kind::integer)) refuse_kind(name, "an integer", *value);
    return value->integer;
}

void Fields::finish() const {
    for (const auto& [name, value] : object_.members) {
        if (std::find(taken_.begin(), taken_.end(), name) == taken_.end()) throw invalid_field(name, "is unknown");
    }
}

}  // namespace foliot::api::admin
