#include "call.hpp"

#include "host.hpp"
#include "module_library.hpp"
#include "process/frames.hpp"

#include <exception>
#include <new>

namespace foliot::worker {

std::int32_t call_function(const foliot_job& job, foliot_run& run) {
    try {
        return job.run(&job, &host(), &run);
    } catch (const std::bad_alloc& e) {
        run.set_error("out_of_memory", e.what());
    } catch (const std::exception& e) {
        run.set_error("abi_violation", std::string("an exception left the function: ") + e.what());
    } catch (...) {
        run.set_error("abi_violation", "an exception left the function that is no std::exception");
    }
    return FOLIOT_FAILED;
}

void init_module(const foliot_module& module, foliot_run& run, const std::string& config, const std::string& file,
                 const std::string& work_dir) {
    if (module.init == nullptr) return;
    process::Start start;
    start.kwargs = config;
    run.prepare(0, std::move(start), work_dir);
    std::int32_t outcome = FOLIOT_FAILED;
    try {
        outcome = module.init(&host(), &run);
    } catch (...) {
        run.set_error("abi_violation", "an exception left init");
    }
    process::Result result;
    run.finish(outcome, result);
    run.remove_work_dir();
    if (outcome != FOLIOT_OK) {
        throw ModuleError(kInitFailed, "init of " + file + " failed: " + result.error_code + ": " + result.error_text);
    }
}

}  // namespace foliot::worker
