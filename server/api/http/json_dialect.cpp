#include "api/http/json_dialect.hpp"

#include "base/json.hpp"

namespace foliot::api {
namespace {

/// Texts of errors quote what was sent, which may be long.
std::string shortened(std::string_view text) {
    constexpr std::size_t kMost = 800;
    if (text.size() <= kMost) return std::string(text);
    std::size_t end = kMost;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // not within a character
    return std::string(text.substr(0, end)) + "...";
}

}  // namespace

int usual_status(Problem problem) {
    switch (problem) {
        case Problem::malformed:
        case Problem::invalid: return 400;
        case Problem::unauthenticated: return 401;
        case Problem::forbidden: return 403;
        case Problem::not_found: return 404;
        case Problem::conflict:
        case Problem::wrong_state: return 409;
        case Problem::too_large: return 413;
        case Problem::throttled: return 429;
        case Problem::unavailable: break;
    }
    return 503;
}

Response JsonDialect::answer(int status, const RequestError& error) const {
    json::Writer writer(json::Writer::Spacing::python, json::Charset::ascii);
    writer.begin_object();
    if (style_.code_of != nullptr) writer.field("code", style_.code_of(error));
    writer.field(style_.member, shortened(error.what())).end_object();
    Response response;
    response.status = status;
    response.content_type = style_.content_type;
    response.body = writer.take();
    return response;
}

Schema JsonDialect::error_schema() const {
    std::vector<Schema::Property> members{{std::string(style_.member), Schema::text(1)}};
    if (style_.code_of != nullptr) members.push_back({"code", Schema::whole()});
    return Schema::object(members).named(std::string(style_.name) + "-error");
}

Response JsonDialect::error(const RequestError& error) const {
    return answer(style_.status_of(error.problem()), error);
}

Response JsonDialect::not_found(std::string_view path) const {
    return answer(404, {Problem::not_found, "There is nothing at " + std::string(path)});
}

Response JsonDialect::method_not_allowed(std::string_view /*method*/, std::string_view path) const {
    return answer(405, {Problem::wrong_state, "The method is not allowed for " + std::string(path)});
}

Response JsonDialect::internal_error(std::string_view request_id) const {
    return answer(
        500, {Problem::unavailable, "Internal error; the server's log says more under " + std::string(request_id)});
}

}  // namespace foliot::api
