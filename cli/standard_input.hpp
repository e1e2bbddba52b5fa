#pragma once

#include <string>

namespace foliot::cli {

/// All of it. `option` is who wants it ("--args"). Throws UsageError when another option has had it.
std::string standard_input(const std::string& option);

}  // namespace foliot::cli
