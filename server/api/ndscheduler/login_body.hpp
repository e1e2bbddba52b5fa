// What POST /login takes: a form, a query or JSON.
#pragma once

#include "api/http/router.hpp"
#include "service/authorization.hpp"

namespace foliot::api::ndscheduler {

struct Login {
    service::NameAndPassword given;
    bool as_json = false;
};

/// Of a form and the query, without outer blanks; of JSON, as they are. Throws RequestError: malformed for what cannot
/// be read, else invalid naming the field that is missing or there twice.
Login login_of(const Request& request);

Schema login_schema();

}  // namespace foliot::api::ndscheduler
