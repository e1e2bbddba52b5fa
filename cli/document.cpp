#include "cli/document.hpp"

namespace foliot::cli {
namespace {

std::string text_of(const json::Value* value) {
    if (value == nullptr || value->is(json::Kind::null)) return {};
    return value->is(json::Kind::string) ? value->string : std::string(value->raw);
}

}  // namespace

std::string text_at(const json::Value& object, std::string_view name) { return text_of(object.find(name)); }

std::string text_at(const json::Value& object, std::initializer_list<std::string_view> path) {
    const json::Value* value = &object;
    for (const std::string_view name : path) {
        if (value != nullptr) value = value->find(name);
    }
    return text_of(value);
}

std::int64_t number_at(const json::Value& object, std::string_view name) {
    const json::Value* value = object.find(name);
    return value == nullptr ? 0 : value->integer;
}

const std::vector<json::Value>& items_at(const json::Value& object, std::string_view name) {
    static const std::vector<json::Value> none;
    const json::Value* value = object.find(name);
    return value == nullptr ? none : value->items;
}

}  // namespace foliot::cli
