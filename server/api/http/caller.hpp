// Who makes a request, as the services want to know it.
#pragma once

#include "api/http/router.hpp"
#include "service/caller.hpp"

namespace foliot::api {

/// With what a POST's Idempotency-Key asks for. Throws RequestError (malformed) naming it when it can be no key: up to
/// 255 printable ASCII characters, quoted or not (draft-ietf-httpapi-idempotency-key-header).
service::Caller caller_in(const Request& request, const Dialect& dialect);

}  // namespace foliot::api
