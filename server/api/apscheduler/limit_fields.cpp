#include "api/apscheduler/limit_fields.hpp"

#include "api/apscheduler/values.hpp"
#include "base/error.hpp"

#include <functional>

namespace foliot::api::apscheduler {
namespace {

using json::Kind;
using json::Value;
using Unit = LimitField::Unit;

std::int64_t limit_of(std::string_view name, const LimitField& field, const Value& value) {
    try {
        return field.unit == Unit::micros ? length_of(field.name, value) : whole_of(field.name, value);
    } catch (const RequestError& e) {
        throw invalid_field(name, e.what());
    }
}

std::string known_names() {
    std::string names;
    for (const LimitField& field : kLimitFields) names += (names.empty() ? "" : ", ") + std::string(field.name);
    return names;
}

Schema schema_of(const LimitField& field) {
    const std::int64_t least = field.may_be_none ? 0 : field.least;
    if (field.unit == Unit::micros)
        return Schema::number(0, static_cast<double>(field.most) / static_cast<double>(kSecond));
    return Schema::whole(least, field.most);
}

Schema members(const std::function<Schema(const LimitField&)>& of) {
    std::vector<Schema::Property> properties;
    properties.reserve(std::size(kLimitFields));
    for (const LimitField& field : kLimitFields) properties.push_back({std::string(field.name), of(field), false});
    return Schema::object(properties);
}

}  // namespace

ResourceLimits limits_of(std::string_view name, const Value& value) {
    ResourceLimits limits;
    if (value.is(Kind::null)) return limits;
    if (!value.is(Kind::object))
        throw invalid_field(name, "must be an object, not " + std::string(json::kind_name(value.kind)));
    for (const auto& [member, given] : value.members) {
        const LimitField* field = limit_named(member);
        if (field == nullptr) throw invalid_field(name, "there is no limit '" + member + "', only " + known_names());
        if (!given.is(Kind::null)) limits.*field->value = limit_of(name, *field, given);
    }
    return limits;
}

Schema limits_schema() {
    return members([](const LimitField& field) { return schema_of(field).or_null().described(field.range()); })
        .or_null()
        .described("what is not there is the function's, else the configuration's; Operators cannot raise it");
}

void write_limits(json::Writer& writer, const ResourceLimits& limits) {
    writer.begin_object();
    for (const LimitField& field : kLimitFields) {
        const auto& value = limits.*field.value;
        if (!value) continue;
        if (field.unit == Unit::micros && *value % kSecond != 0) {
            writer.field(field.name, static_cast<double>(*value) / static_cast<double>(kSecond));
        } else {
            writer.field(field.name, field.unit == Unit::micros ? *value / kSecond : *value);
        }
    }
    writer.end_object();
}

Schema shown_limits_schema() { return members(schema_of); }

}  // namespace foliot::api::apscheduler
