// How Kragle's clients are told what went wrong: {"code": N, "msg": text} (contract: Kragle, errors).
#pragma once

#include "api/http/router.hpp"

namespace foliot::api::kragle {

/// The field of every error of a `config` object: its code is another one.
inline constexpr const char* kConfig = "config";

/// The field of what is wrong with the names of a query's parameters.
inline constexpr const char* kQuery = "?";

const Dialect& dialect();

}  // namespace foliot::api::kragle
