// The fields of an HTML form.
#pragma once

#include "api/http/router.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace foliot::api {

using FormFields = std::vector<std::pair<std::string, std::string>>;

/// "multipart/form-data" of "Multipart/Form-Data; boundary=x": in lower case, without its parameters.
std::string media_type_of(const Request& request);

/// Is the body application/x-www-form-urlencoded or multipart/form-data?
bool has_form(const Request& request);

/// Its texts, those of one name together; files are left out. Throws RequestError (malformed).
FormFields form_fields(const Request& request);

}  // namespace foliot::api
