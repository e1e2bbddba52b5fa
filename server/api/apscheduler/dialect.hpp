// The Flask-APScheduler dialect's errors: {"error_message": text}; bad input is 500, as its clients know it.
#pragma once

#include "api/http/router.hpp"

namespace foliot::api::apscheduler {

/// The one instance; lives as long as the program.
const Dialect& dialect();

}  // namespace foliot::api::apscheduler
