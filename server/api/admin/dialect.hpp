// Foliot's own dialect: {"error": text} with the statuses of RFC 9110. The fallback for paths that no other dialect
// claims.
#pragma once

#include "api/http/caller.hpp"

namespace foliot::api::admin {

/// The one instance; lives as long as the program.
const Dialect& dialect();

inline service::Caller caller_of(const Request& request) { return caller_in(request, dialect()); }

}  // namespace foliot::api::admin
