// Calling a module's code: nothing it throws gets further.
#pragma once

#include "run.hpp"

#include <foliot/abi.h>

#include <cstdint>
#include <string>

namespace foliot::worker {

/// [job thread] The function's outcome, as it returned it; FOLIOT_FAILED when an exception came out, which is the run's
/// error then.
std::int32_t call_function(const foliot_job& job, foliot_run& run);

/// [job thread] Calls the module's init, if it has one, with its configuration (a JSON object). `file` is for the words
/// of an error. Throws ModuleError when the module cannot be used.
void init_module(const foliot_module& module, foliot_run& run, const std::string& config, const std::string& file,
                 const std::string& work_dir);

}  // namespace foliot::worker
