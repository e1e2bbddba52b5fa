#pragma once

#include "module_library.hpp"

#include <string>

namespace foliot::worker {

/// {"name","version","abi":[major,minor],"build_id","meta":{},"functions":[{"name","index","meta":{}}]}
/// Throws ModuleError when the metadata is no JSON object or the whole does not fit into a frame.
std::string describe(const ModuleLibrary& library);

}  // namespace foliot::worker
