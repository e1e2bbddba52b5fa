#include "api/admin/dialect.hpp"

#include "api/http/json_dialect.hpp"

namespace foliot::api::admin {

const Dialect& dialect() {
    static const JsonDialect instance({.name = "foliot", .member = "error", .status_of = usual_status});
    return instance;
}

}  // namespace foliot::api::admin
