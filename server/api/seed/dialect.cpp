#include "api/seed/dialect.hpp"

#include "api/http/json_dialect.hpp"
#include "api/http/message.hpp"
#include "base/ascii.hpp"
#include "base/json.hpp"

#include <algorithm>

namespace foliot::api::seed {
namespace {

constexpr const char* kForbidden = "You do not have permission to perform this action.";
constexpr const char* kWorded = "detail";  // the field of an error that is told in its own words

Response answer(int status, std::string body) {
    Response response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

Response detail(int status, std::string_view text) {
    return answer(status, json::Writer().begin_object().field("detail", text).end_object().take());
}

Response field_lists(int status, const FieldErrors::List& errors) {
    json::Writer writer;
    writer.begin_object();
    for (const auto& [field, text] : errors) writer.key(field).begin_array().value(text).end_array();
    return answer(status, writer.end_object().take());
}

/// The services name the field in the text, too.
std::string without_field(const RequestError& error) {
    std::string text = error.what();
    const std::string begin = "field '" + error.field() + "': ";
    return text.starts_with(begin) ? text.substr(begin.size()) : text;
}

/// What a header of one of the known schemes lacks; "" when nothing does.
std::string lack_of(std::string_view scheme, std::string_view credentials) {
    const std::string text = "Invalid " + std::string(scheme) + " header. ";
    if (credentials.empty()) return text + "No credentials provided.";
    if (credentials.find(' ') == std::string_view::npos) return {};
    return text + (scheme == "basic" ? "Credentials" : "Token") + " string should not contain spaces.";
}

std::string words_for(std::string_view authorization) {
    const std::size_t end = std::min(authorization.find(' '), authorization.size());
    const std::string scheme = lower(authorization.substr(0, end));
    const std::string_view credentials = trim(authorization.substr(end));
    const bool basic = scheme == "basic";
    if (!basic && scheme != "token" && scheme != "bearer") return "Authentication credentials were not provided.";
    std::string lack = lack_of(basic ? "basic" : "token", credentials);
    if (!lack.empty()) return lack;
    return basic ? "Invalid username/password." : "Invalid token.";
}

class SeedDialect final : public Dialect {
  public:
    std::string_view name() const override { return "seed"; }
    int status_of(Problem problem) const override { return usual_status(problem); }

    Response error(const RequestError& error) const override {
        if (const auto* fields = dynamic_cast<const FieldErrors*>(&error)) return field_lists(400, fields->list());
        if (dynamic_cast<const UnsupportedType*>(&error) != nullptr) return detail(415, error.what());
        const int status = status_of(error.problem());
        switch (error.problem()) {
            case Problem::malformed: return detail(status, error.what());
            case Problem::not_found: return detail(status, error.field() == kWorded ? error.what() : "Not found.");
            case Problem::forbidden:  // a field says what would be permitted
                return detail(status, error.field().empty() ? kForbidden : error.what());
            case Problem::invalid:
            case Problem::too_large:
                if (!error.field().empty()) return field_lists(status, {{error.field(), without_field(error)}});
                if (error.problem() == Problem::invalid) return field_lists(status, {{kNoField, error.what()}});
                break;
            default: break;
        }
        return detail(status, error.what());
    }
    Response unauthenticated(std::string_view authorization) const override {
        return detail(401, words_for(authorization));
    }
    Schema error_schema() const override {
        return Schema::either({Schema::object({{"detail", Schema::text(1)}}),
                               Schema::free_object().described("a list of texts for each field")})
            .named("seed-error");
    }
    Response not_found(std::string_view /*path*/) const override { return detail(404, "Not found."); }
    Response method_not_allowed(std::string_view method, std::string_view /*path*/) const override {
        return detail(405, "Method \"" + std::string(method) + "\" not allowed.");
    }
    Response internal_error(std::string_view request_id) const override {
        return detail(500, "Internal error; the server's log says more under " + std::string(request_id));
    }
    std::string challenge() const override { return "Basic realm=\"api\""; }
};

}  // namespace

FieldErrors::FieldErrors(List list)
    : RequestError(Problem::invalid, list.front().first + ": " + list.front().second, list.front().first),
      list_(std::move(list)) {}

UnsupportedType::UnsupportedType(const std::string& media_type)
    : RequestError(Problem::invalid, "Unsupported media type \"" + media_type + "\" in request.") {}

RequestError not_found() { return {Problem::not_found, "Not found."}; }

RequestError not_found(const std::string& text) { return {Problem::not_found, text, kWorded}; }

const Dialect& dialect() {
    static const SeedDialect instance;
    return instance;
}

}  // namespace foliot::api::seed
