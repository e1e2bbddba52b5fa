#include "api/http/schema.hpp"

#include "base/json.hpp"

#include <stdexcept>

namespace foliot::api {
namespace {

constexpr std::string_view kComponents = "#/components/schemas/";

json::Writer typed(std::string_view type) {
    json::Writer writer;
    writer.begin_object().field("type", type);
    return writer;
}

}  // namespace

Schema Schema::any() { return Schema("{}"); }
Schema Schema::boolean() { return Schema(R"({"type":"boolean"})"); }
Schema Schema::null() { return Schema(R"({"type":"null"})"); }
Schema Schema::instant() { return Schema(R"({"type":"string","format":"date-time"})"); }
Schema Schema::free_object() { return Schema(R"({"type":"object"})"); }

Schema Schema::text(std::size_t least, std::optional<std::size_t> most) {
    json::Writer writer = typed("string");
    if (least > 0) writer.field("minLength", static_cast<std::int64_t>(least));
    if (most) writer.field("maxLength", static_cast<std::int64_t>(*most));
    return Schema(writer.end_object().take());
}

/// A text of so many characters has at least as many bytes, so the limit is one of characters too.
Schema Schema::bytes(std::size_t least, std::size_t most) {
    return text(least, most).described("at most " + std::to_string(most) + " bytes");
}

Schema Schema::word(std::initializer_list<std::string_view> words) {
    json::Writer writer = typed("string");
    writer.key("enum").begin_array();
    for (const std::string_view word : words) writer.value(word);
    return Schema(writer.end_array().end_object().take());
}

Schema Schema::whole(std::optional<std::int64_t> least, std::optional<std::int64_t> most) {
    json::Writer writer = typed("integer");
    if (least) writer.field("minimum", *least);
    if (most) writer.field("maximum", *most);
    return Schema(writer.end_object().take());
}

Schema Schema::number(std::optional<double> least, std::optional<double> most) {
    json::Writer writer = typed("number");
    if (least) writer.field("minimum", *least);
    if (most) writer.field("maximum", *most);
    return Schema(writer.end_object().take());
}

Schema Schema::list(const Schema& item) {
    json::Writer writer = typed("array");
    Schema list(writer.raw_field("items", item.json_).end_object().take());
    list.adopt(item);
    return list;
}

Schema Schema::either(const std::vector<Schema>& choices) {
    json::Writer writer;
    writer.begin_object().key("anyOf").begin_array();
    for (const Schema& choice : choices) writer.raw(choice.json_);
    Schema either(writer.end_array().end_object().take());
    for (const Schema& choice : choices) either.adopt(choice);
    return either;
}

Schema Schema::object(const std::vector<Property>& properties) { return members(properties, false); }
Schema Schema::open_object(const std::vector<Property>& properties) { return members(properties, true); }

Schema Schema::members(const std::vector<Property>& properties, bool others) {
    json::Writer writer = typed("object");
    writer.key("properties").begin_object();
    for (const Property& property : properties) writer.raw_field(property.name, property.schema.json_);
    writer.end_object().key("required").begin_array();
    for (const Property& property : properties) {
        if (property.required) writer.value(property.name);
    }
    Schema object(writer.end_array().field("additionalProperties", others).end_object().take());
    for (const Property& property : properties) object.adopt(property.schema);
    return object;
}

Schema Schema::named(const std::string& name) const {
    json::Writer writer;
    Schema reference(writer.begin_object().field("$ref", std::string(kComponents) + name).end_object().take());
    reference.adopt(*this);
    if (!reference.references_.emplace(name, json_).second) throw std::logic_error("schema is named twice: " + name);
    return reference;
}

Schema Schema::with_examples(std::initializer_list<std::string_view> jsons) const {
    json::Writer writer;
    writer.begin_array();
    for (const std::string_view json : jsons) writer.raw(json);
    Schema shown = *this;
    shown.json_.pop_back();
    shown.json_ += (shown.json_.size() > 1 ? R"(,"examples":)" : R"("examples":)") + writer.end_array().take() + "}";
    return shown;
}

Schema Schema::described(std::string_view text) const {
    Schema described = *this;
    described.json_.pop_back();
    described.json_ +=
        (described.json_.size() > 1 ? "," : "") + std::string(R"("description":)") + json::quote(text) + "}";
    return described;
}

void Schema::adopt(const Schema& other) {
    for (const auto& [name, json] : other.references_) {
        const auto [known, added] = references_.emplace(name, json);
        if (!added && known->second != json) throw std::logic_error("two schemas are named " + name);
    }
}

}  // namespace foliot::api
