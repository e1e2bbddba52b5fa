#include "api/ndscheduler/login_body.hpp"

#include "api/admin/fields.hpp"
#include "api/http/form.hpp"
#include "base/error.hpp"

namespace foliot::api::ndscheduler {
namespace {

std::string required(std::optional<std::string> value, const char* name) {
    if (!value) throw RequestError(Problem::invalid, std::string("Require this parameter: ") + name, name);
    return *std::move(value);
}

std::string without_outer_blanks(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n\v\f";
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(kBlanks) - first + 1));
}

/// What a form has beside the field is left alone, as are those that browsers and pages add.
std::optional<std::string> field(const FormFields& fields, const char* wanted) {
    std::optional<std::string> found;
    for (const auto& [name, value] : fields) {
        if (name != wanted) continue;
        if (found) throw invalid_field(wanted, "is given more than once");
        found = without_outer_blanks(value);
    }
    return found;
}

service::NameAndPassword of_json(const Request& request) {
    admin::Fields fields(request.body, admin::kOfStrangers);
    auto name = fields.text("username"), password = fields.text("password");
    fields.finish();
    return {required(std::move(name), "username"), required(std::move(password), "password")};
}

service::NameAndPassword of_form(const Request& request) {
    FormFields fields = request.query;
    if (has_form(request)) {
        for (auto& one : form_fields(request)) fields.push_back(std::move(one));
    } else if (!request.body.empty()) {
        throw RequestError(Problem::invalid, "the body must be a form or JSON, and its Content-Type must say so");
    }
    return {required(field(fields, "username"), "username"), required(field(fields, "password"), "password")};
}

}  // namespace

Login login_of(const Request& request) {
    if (media_type_of(request) == "application/json") return {of_json(request), true};
    return {of_form(request), false};
}

Schema login_schema() {
    return Schema::object({{"username", Schema::text()}, {"password", Schema::text()}}).named("login");
}

}  // namespace foliot::api::ndscheduler
