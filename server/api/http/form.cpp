#include "api/http/form.hpp"

#include "api/http/message.hpp"
#include "base/utf8.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTMLForm.h>
#include <Poco/Net/HTTPRequest.h>

#include <algorithm>
#include <sstream>

namespace foliot::api {

namespace {

constexpr std::string_view kEncoded = "application/x-www-form-urlencoded", kMultipart = "multipart/form-data";

[[noreturn]] void refuse(const std::string& why) {
    throw RequestError(Problem::malformed, "the form cannot be read: " + why);
}

/// Poco takes bytes of any kind.
void check_text(const std::string& text) {
    if (text.find('\0') != std::string::npos) refuse("it holds a NUL");
    if (!utf8::is_valid(text)) refuse("it is no UTF-8");
}

FormFields read_multipart(const Request& request) {
    Poco::Net::HTTPRequest head(Poco::Net::HTTPRequest::HTTP_POST, "/", Poco::Net::HTTPRequest::HTTP_1_1);
    const std::string_view type = request.header("content-type");
    head.setContentType(std::string(kMultipart).append(type.substr(std::min(type.find(';'), type.size()))));
    std::istringstream body(request.body);
    FormFields fields;
    try {
        const Poco::Net::HTMLForm form(head, body);
        fields.assign(form.begin(), form.end());
    } catch (const Poco::Exception& error) {
        refuse(error.displayText());
    }
    for (const auto& [name, value] : fields) {
        check_text(name);
        check_text(value);
    }
    return fields;
}

}  // namespace

std::string media_type_of(const Request& request) {
    const std::string_view type = request.header("content-type");
    return lower(trim(type.substr(0, type.find(';'))));
}

bool has_form(const Request& request) {
    const std::string type = media_type_of(request);
    return type == kEncoded || type == kMultipart;
}

FormFields form_fields(const Request& request) {
    if (media_type_of(request) == kMultipart) return read_multipart(request);
    auto fields = parse_query("?" + request.body);
    if (!fields) refuse("it is not well-formed percent-encoded UTF-8");
    return *std::move(fields);
}

}  // namespace foliot::api
