#include "domain/resource_limits.hpp"

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/stored_object.hpp"

#include <algorithm>
#include <limits>

namespace foliot {
namespace {

using Unit = LimitField::Unit;

constexpr std::int64_t kKiB = 1 << 10, kMiB = 1 << 20, kMost = std::int64_t{1} << 50;
constexpr std::int64_t kYear = 366LL * 86'400 * kSecond;

std::string number(double value) { return json::Writer().value(value).take(); }

std::string in_unit(std::int64_t value, std::int64_t unit, const char* name) {
    const bool whole = value % unit == 0;
    const std::string digits =
        whole ? std::to_string(value / unit) : number(static_cast<double>(value) / static_cast<double>(unit));
    return digits + ' ' + name;
}

std::string shown(const LimitField& field, std::int64_t value) {
    switch (field.unit) {
        case Unit::micros: return in_unit(value, kSecond, "s");
        case Unit::bytes:
            if (value % kMiB == 0) return in_unit(value, kMiB, "MiB");
            return value % kKiB == 0 ? in_unit(value, kKiB, "KiB") : in_unit(value, 1, "bytes");
        case Unit::count:
        case Unit::niceness: break;
    }
    return std::to_string(value);
}

std::string bound(const LimitField& field, std::int64_t value) {
    if (field.unit != Unit::micros) return std::to_string(value);
    return value % kSecond == 0 ? std::to_string(value / kSecond)
                                : number(static_cast<double>(value) / static_cast<double>(kSecond));
}

/// On a scale on which more is more for each of them.
std::int64_t given_by(const LimitField& field, std::optional<std::int64_t> value) {
    if (field.unit == Unit::niceness) return -value.value_or(0);
    const bool none = !value || (*value == 0 && field.may_be_none);
    return none ? std::numeric_limits<std::int64_t>::max() : *value;
}

/// Where the configuration has it.
std::string key_of(const LimitField& field) {
    return field.name == "output" ? "workers.max_output" : "defaults." + std::string(field.name);
}

std::string title(const LimitField& field) {
    if (field.name == "cpu") return "limit on processor time";
    if (field.name == "open_files") return "limit on open files";
    if (field.name == "file_size") return "limit on the size of a file";
    return field.unit == Unit::niceness ? "niceness" : std::string(field.name) + " limit";
}

}  // namespace

constinit const std::array<LimitField, kLimits> kLimitFields{{
    {"memory", &ResourceLimits::memory, Unit::bytes, 8 * kMiB, kMost, true},
    {"cpu", &ResourceLimits::cpu, Unit::micros, kMillisecond, kYear, true},
    {"open_files", &ResourceLimits::open_files, Unit::count, 8, 1'000'000, true},
    {"file_size", &ResourceLimits::file_size, Unit::bytes, 1, kMost, true},
    {"output", &ResourceLimits::output, Unit::bytes, 4 * kKiB, kMostOutput, false},
    {"nice", &ResourceLimits::nice, Unit::niceness, 0, 19, false},
}};

std::string LimitField::range() const {
    return (may_be_none ? "0 (none) or from " : "from ") + bound(*this, least) + " to " + bound(*this, most) +
           (unit == Unit::micros  ? " seconds"
            : unit == Unit::bytes ? " bytes"
                                  : "");
}

const LimitField* limit_named(std::string_view name) {
    const auto found = std::find_if(kLimitFields.begin(), kLimitFields.end(),
                                    [&](const LimitField& field) { return field.name == name; });
    return found == kLimitFields.end() ? nullptr : &*found;
}

bool gives_more(const LimitField& field, std::optional<std::int64_t> a, std::optional<std::int64_t> b) {
    return given_by(field, a) > given_by(field, b);
}

std::string to_json(const ResourceLimits& limits) {
    json::Writer out;
    out.begin_object();
    for (const LimitField& field : kLimitFields) {
        if (const auto& value = limits.*field.value) out.field(field.name, *value);
    }
    return out.end_object().take();
}

ResourceLimits limits_from_json(std::string_view object) {
    const json::Value value = json::parse(object);
    json::StoredObject stored(value, "limits");
    ResourceLimits limits;
    for (const LimitField& field : kLimitFields) limits.*field.value = stored.integer(field.name, 0, field.most);
    stored.finish();
    return limits;
}

ResourceLimits LimitsInForce::usual() const {
    ResourceLimits usual = configured;
    for (const LimitField& field : kLimitFields) {
        if (gives_more(field, configured.*field.value, declared.*field.value))
            usual.*field.value = declared.*field.value;
    }
    return usual;
}

ResourceLimits LimitsInForce::values() const {
    ResourceLimits values = usual();
    for (const LimitField& field : kLimitFields) {
        auto& value = values.*field.value;
        if (wished.*field.value) value = wished.*field.value;
        if (value == 0) value.reset();
    }
    return values;
}

std::string LimitsInForce::words(std::string_view name) const {
    const LimitField* field = limit_named(name);
    const auto value = field == nullptr ? std::nullopt : values().*field->value;
    if (!value) return {};
    const std::string own = "limits." + std::string(name);
    const std::string text = title(*field) + " of " + shown(*field, *value);
    if (wished.*field->value) return text + " (the job's own " + own + ", which an Admin may raise)";
    const bool is_nice = field->unit == Unit::niceness;
    const std::string instead = "an Admin may give the job a " + std::string(is_nice ? "lower " : "higher ") + own;
    const bool lowered = gives_more(*field, configured.*field->value, declared.*field->value);
    return text + (lowered ? " (declared by the function's module; " : " (" + key_of(*field) + "; ") + instead + ")";
}

}  // namespace foliot
