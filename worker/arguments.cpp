#include "arguments.hpp"

namespace foliot::worker {
namespace {

foliot_value text_value(const std::string& text) {
    foliot_value v{};
    v.kind = FOLIOT_STRING;
    v.count = static_cast<std::uint32_t>(text.size());
    v.as.s = text.data();
    return v;
}

}  // namespace

void Arguments::clear() {
    arrays_.clear();
    parsed_ = {};
    root_ = {};
    root_.kind = shape_ == Shape::list ? FOLIOT_LIST : FOLIOT_MAP;
}

void Arguments::read(std::string text) {
    if (root_.count > 0) clear();
    if (text.empty() || text == (shape_ == Shape::list ? "[]" : "{}")) return;
    text_ = std::move(text);
    json::Value parsed = json::parse(text_);
    const json::Kind wanted = shape_ == Shape::list ? json::Kind::array : json::Kind::object;
    if (!parsed.is(wanted)) throw json::SyntaxError("wanted " + std::string(json::kind_name(wanted)));
    parsed_ = std::move(parsed);
    root_ = convert(parsed_);
}

foliot_value Arguments::convert(const json::Value& value) {
    foliot_value v{};
    switch (value.kind) {
        case json::Kind::null: v.kind = FOLIOT_NULL; break;
        case json::Kind::boolean:
            v.kind = FOLIOT_BOOL;
            v.as.i = value.boolean ? 1 : 0;
            break;
        case json::Kind::integer:
            v.kind = FOLIOT_INT;
            v.as.i = value.integer;
            break;
        case json::Kind::real:
            v.kind = FOLIOT_REAL;
            v.as.d = value.real;
            break;
        case json::Kind::string: return text_value(value.string);
        case json::Kind::array: {
            auto& items = arrays_.emplace_back();
            for (const json::Value& item : value.items) items.push_back(convert(item));
            v.kind = FOLIOT_LIST;
            v.count = static_cast<std::uint32_t>(items.size());
            v.as.items = items.data();
            break;
        }
        case json::Kind::object: {
            auto& items = arrays_.emplace_back();
            for (const auto& [key, member] : value.members) {
                items.push_back(text_value(key));
                items.push_back(convert(member));
            }
            v.kind = FOLIOT_MAP;
            v.count = static_cast<std::uint32_t>(value.members.size());
            v.as.items = items.data();
            break;
        }
    }
    return v;
}

}  // namespace foliot::worker
