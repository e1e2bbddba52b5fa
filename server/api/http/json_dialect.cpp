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

Response JsonDialect::answer(int status, std::string_view text) const {
    json::Writer writer(json::Writer::Spacing::python, json::Charset::ascii);
    writer.begin_object().field(style_.member, shortened(text)).end_object();
    Response response;
    response.status = status;
    response.content_type = style_.content_type;
    response.body = writer.take();
    return response;
}

Schema JsonDialect::error_schema() const {
    return Schema::object({{std::string(style_.member), Schema::text(1)}}).named(std::string(style_.name) + "-error");
}

Response JsonDialect::error(const RequestError& error) const {
    return answer(style_.status_of(error.problem()), error.what());
}

Response JsonDialect::not_found(std::string_view path) const {
    return answer(404, "There is nothing at " + std::string(path));
}

Response JsonDialect::method_not_allowed(std::string_view path) const {
    return answer(405, "The method is not allowed for " + std::string(path));
}

Response JsonDialect::internal_error(std::string_view request_id) const {
    return answer(500, "Internal error; the server's log says more under " + std::string(request_id));
}

}  // namespace foliot::api
