#include "base/stored_object.hpp"

namespace foliot::json {

StoredObject::StoredObject(const Value& object, std::string what) : object_(object), what_(std::move(what)) {
    if (!object.is(Kind::object)) corrupt("an object was expected, found " + std::string(kind_name(object.kind)));
}

const Value* StoredObject::find(std::string_view name) {
    const Value* value = object_.find(name);
    if (value != nullptr) ++taken_;
    return value;
}

const Value* StoredObject::find(std::string_view name, Kind kind) {
    const Value* value = find(name);
    if (value != nullptr && !value->is(kind)) {
        corrupt("'" + std::string(name) + "' is " + std::string(kind_name(value->kind)) + ", not " +
                std::string(kind_name(kind)));
    }
    return value;
}

std::optional<std::string> StoredObject::text(std::string_view name) {
    const Value* value = find(name, Kind::string);
    return value != nullptr ? std::optional(value->string) : std::nullopt;
}

std::optional<std::int64_t> StoredObject::integer(std::string_view name) {
    const Value* value = find(name, Kind::integer);
    return value != nullptr ? std::optional(value->integer) : std::nullopt;
}

std::optional<std::int64_t> StoredObject::integer(std::string_view name, std::int64_t low, std::int64_t high) {
    const auto n = integer(name);
    if (n && (*n < low || *n > high))
        corrupt("'" + std::string(name) + "' is " + std::to_string(*n) + ", out of range");
    return n;
}

std::optional<bool> StoredObject::boolean(std::string_view name) {
    const Value* value = find(name, Kind::boolean);
    return value != nullptr ? std::optional(value->boolean) : std::nullopt;
}

std::optional<double> StoredObject::number(std::string_view name) {
    const Value* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is(Kind::real) && !value->is(Kind::integer)) corrupt("'" + std::string(name) + "' is no number");
    return value->real;
}

void StoredObject::finish() const {
    if (taken_ != object_.members.size()) corrupt("unknown members in " + std::string(object_.raw));
}

void StoredObject::corrupt(const std::string& problem) const {
    throw std::runtime_error("stored " + what_ + ": " + problem);
}

}  // namespace foliot::json
