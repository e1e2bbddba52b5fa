// Foliot's own dialect: {"error": text} with the statuses of RFC 9110. The fallback for paths that no other dialect
// claims.
#pragma once

#include "api/http/router.hpp"
#include "service/caller.hpp"

namespace foliot::api::admin {

/// The one instance; lives as long as the program.
const Dialect& dialect();

inline service::Caller caller_of(const Request& request) { return {request.principal, dialect().name()}; }

}  // namespace foliot::api::admin
