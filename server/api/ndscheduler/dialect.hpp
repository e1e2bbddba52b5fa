// The ndscheduler dialect's errors: {"error": text}; unknown ids and bad input alike are 400, as its clients know them.
#pragma once

#include "api/http/router.hpp"

namespace foliot::api::ndscheduler {

inline constexpr std::string_view kJson = "application/json; charset=UTF-8";

/// The one instance; lives as long as the program.
const Dialect& dialect();

}  // namespace foliot::api::ndscheduler
