#include "api/seed/fields.hpp"

#include "api/http/form.hpp"
#include "api/http/message.hpp"
#include "service/words.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace foliot::api::seed {
namespace {

using json::Kind;
using json::Value;

constexpr std::string_view kForm = "application/x-www-form-urlencoded", kMultipart = "multipart/form-data";

/// As Python names it.
std::string_view type_name(Kind kind) {
    switch (kind) {
        case Kind::null: return "NoneType";
        case Kind::boolean: return "bool";
        case Kind::integer: return "int";
        case Kind::real: return "float";
        case Kind::string: return "str";
        case Kind::array: return "list";
        case Kind::object: break;
    }
    return "dict";
}

/// Of one name the last counts, as in JSON.
std::string json_of(const FormFields& fields) {
    json::Writer writer;
    writer.begin_object();
    for (const auto& [name, value] : fields) writer.field(name, value);
    return writer.end_object().take();
}

Value parse(std::string_view body) {
    try {
        return json::parse(body);
    } catch (const json::SyntaxError& e) {
        throw RequestError(Problem::malformed, std::string("JSON parse error - ") + e.what());
    }
}

std::string_view without_outer_blanks(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n\v\f";
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// 2.0 and "3" are whole numbers, too.
std::optional<std::int64_t> whole(const Value& value) {
    if (value.is(Kind::integer)) return value.integer;
    if (!value.is(Kind::real) && !value.is(Kind::string)) return std::nullopt;
    std::string_view text = value.is(Kind::string) ? without_outer_blanks(value.string) : value.raw;
    if (const auto point = text.find('.'); point != std::string_view::npos) {
        const bool zeros = text.find_first_not_of('0', point + 1) == std::string_view::npos;
        if (!zeros || point + 1 == text.size()) return std::nullopt;
        text = text.substr(0, point);
    }
    if (text.starts_with('+')) text.remove_prefix(1);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (end != text.data() + text.size() || text.empty()) return std::nullopt;
    if (error == std::errc::result_out_of_range) return text.front() == '-' ? INT64_MIN : INT64_MAX;
    return error == std::errc() ? std::optional(number) : std::nullopt;
}

std::optional<bool> truth(const Value& value) {
    constexpr std::array<std::string_view, 13> kTrue{"t",    "T",    "y",  "Y",  "yes", "YES", "true",
                                                     "True", "TRUE", "on", "On", "ON",  "1"};
    constexpr std::array<std::string_view, 13> kFalse{"f",     "F",     "n",   "N",   "no",  "NO", "false",
                                                      "False", "FALSE", "off", "Off", "OFF", "0"};
    if (value.is(Kind::boolean)) return value.boolean;
    if ((value.is(Kind::integer) || value.is(Kind::real)) && (value.real == 0 || value.real == 1))
        return value.real == 1;
    if (!value.is(Kind::string)) return std::nullopt;
    if (std::find(kTrue.begin(), kTrue.end(), value.string) != kTrue.end()) return true;
    if (std::find(kFalse.begin(), kFalse.end(), value.string) != kFalse.end()) return false;
    return std::nullopt;
}

}  // namespace

Fields::Fields(const Request& request) : body_(request.body) {
    const std::string type = media_type_of(request);
    is_form_ = has_form(request);
    if (is_form_) {
        body_ = json_of(form_fields(request));
    } else if (!type.empty() && type != "application/json" && !body_.empty()) {
        throw UnsupportedType(std::string(trim(request.header("content-type"))));
    }
    if (body_.empty()) body_ = "{}";
    object_ = parse(body_);
    if (object_.is(Kind::null)) throw FieldErrors(kNoField, "No data provided");
    if (object_.is(Kind::object)) return;
    throw FieldErrors(kNoField,
                      "Invalid data. Expected a dictionary, but got " + std::string(type_name(object_.kind)) + ".");
}

void Fields::require(std::string_view name) {
    if (!has(name)) refuse(name, "This field is required.");
}

std::optional<std::string> Fields::text_of(std::string_view name, const Value& value, std::size_t most, Blank blank) {
    const bool number = value.is(Kind::integer) || value.is(Kind::real);
    if (!number && !value.is(Kind::string)) {
        refuse(name, "Not a valid string.");
        return std::nullopt;
    }
    const std::string_view text = number ? value.raw : without_outer_blanks(value.string);
    if (text.empty() && blank == Blank::refused) {
        refuse(name, "This field may not be blank.");
    } else if (service::characters(text) > most) {
        refuse(name, "Ensure this field has no more than " + std::to_string(most) + " characters.");
    } else {
        return std::string(text);
    }
    return std::nullopt;
}

std::optional<std::string> Fields::text(std::string_view name, std::size_t most, Blank blank) {
    const Value* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is(Kind::null)) return text_of(name, *value, most, blank);
    refuse(name, "This field may not be null.");
    return std::nullopt;
}

std::optional<std::optional<std::string>> Fields::text_or_null(std::string_view name, std::size_t most) {
    const Value* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (value->is(Kind::null)) return std::optional<std::string>();
    auto text = text_of(name, *value, most, Blank::taken);
    if (!text) return std::nullopt;
    return text;
}

std::optional<std::optional<std::int64_t>> Fields::whole_or_null(std::string_view name, std::int64_t least,
                                                                 std::int64_t most) {
    const Value* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (value->is(Kind::null) || (is_form_ && value->string.empty())) return std::optional<std::int64_t>();
    const auto number = whole(*value);
    if (!number) {
        refuse(name, "A valid integer is required.");
    } else if (*number > most) {
        refuse(name, "Ensure this value is less than or equal to " + std::to_string(most) + ".");
    } else if (*number < least) {
        refuse(name, "Ensure this value is greater than or equal to " + std::to_string(least) + ".");
    } else {
        return number;
    }
    return std::nullopt;
}

std::optional<bool> Fields::flag(std::string_view name) {
    const Value* value = find(name);
    if (value == nullptr) return std::nullopt;
    const auto flag = truth(*value);
    if (!flag) refuse(name, value->is(Kind::null) ? "This field may not be null." : "Must be a valid boolean.");
    return flag;
}

std::optional<std::string> Fields::json_text(std::string_view name) {
    const Value* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!is_form_) return std::string(value->raw);
    try {
        return std::string(json::parse(value->string).raw);
    } catch (const json::SyntaxError&) {
        refuse(name, "Value must be valid JSON.");
        return std::nullopt;
    }
}

void Fields::refuse(std::string_view name, std::string text) { errors_.emplace_back(name, std::move(text)); }

bool Fields::refused(std::string_view name) const {
    return std::any_of(errors_.begin(), errors_.end(), [name](const auto& error) { return error.first == name; });
}

void Fields::check() const {
    if (!errors_.empty()) throw FieldErrors(errors_);
}

Operation taking(const Schema& body, Operation operation) {
    operation.body = body;
    operation.body_types = {"application/json", std::string(kForm), std::string(kMultipart)};
    operation.answers.push_back({415, "A body that is neither JSON nor a form", dialect().error_schema()});
    return operation;
}

}  // namespace foliot::api::seed
