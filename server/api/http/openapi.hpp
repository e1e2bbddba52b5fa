// The router's table as an OpenAPI 3.1 document.
#pragma once

#include "api/http/router.hpp"

#include <string>
#include <string_view>

namespace foliot::api {

/// JSON. Of each route also `x-foliot-role` ("anonymous", "guest", "viewer", ...) and `x-foliot-scope`, which the
/// credentials must have both. HEAD (where there is GET) and OPTIONS are answered everywhere and not listed.
std::string openapi_document(const Router& router, std::string_view version);

/// Serves it under /openapi.json. The last route to be added: the document is made here.
void add_openapi_route(Router& router, std::string_view version, const Dialect& dialect);

}  // namespace foliot::api
