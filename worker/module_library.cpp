#include "module_library.hpp"

#include "build_id.hpp"

#include <Poco/Exception.h>
#include <Poco/SharedLibrary.h>
#include <unistd.h>

#include <cerrno>
#include <exception>

namespace foliot::worker {
namespace {

constexpr std::size_t kMaxFunctions = 10'000;

/// The loader would say so, too, but not who is meant.
void expect_readable(const std::string& file) {
    if (::access(file.c_str(), R_OK) == 0 || errno != EACCES) return;
    throw ModuleError(kLoadError, "user " + std::to_string(::getuid()) + ", as whom jobs run, cannot read " + file +
                                      ": let everybody read it and enter the folders above it");
}

foliot_entry_fn load(const std::string& file) {
    expect_readable(file);
    try {
        auto* library =
            new Poco::SharedLibrary(file, Poco::SharedLibrary::SHLIB_LOCAL);  // lives as long as the process
        if (!library->hasSymbol("foliot_module_v1")) {
            throw ModuleError(
                kNoEntry, file + " has no symbol foliot_module_v1: it is no module, or one for another major version");
        }
        return reinterpret_cast<foliot_entry_fn>(library->getSymbol("foliot_module_v1"));
    } catch (const Poco::Exception& e) {
        throw ModuleError(kLoadError, "cannot load " + file + ": " + e.displayText());
    }
}

const foliot_module* call_entry(foliot_entry_fn entry, const std::string& file) {
    const foliot_module* module = nullptr;
    try {
        module = entry(FOLIOT_ABI_MINOR);
    } catch (const std::exception& e) {
        throw ModuleError(kEntryThrew, "the entry of " + file + " threw: " + e.what());
    } catch (...) {
        throw ModuleError(kEntryThrew, "the entry of " + file + " threw something that is no std::exception");
    }
    if (module == nullptr) {
        throw ModuleError(kEntryNull, file + " needs a host newer than ABI " + std::to_string(FOLIOT_ABI_MAJOR) + "." +
                                          std::to_string(FOLIOT_ABI_MINOR));
    }
    return module;
}

void check_function(const foliot_job* job, std::size_t index, const std::string& file) {
    const std::string where = "function " + std::to_string(index) + " of " + file;
    if (job == nullptr) throw ModuleError(kBadDescriptor, where + " is null");
    if (!FOLIOT_HAS(job, foliot_job, run)) throw ModuleError(kBadDescriptor, where + ": struct_size is too small");
    if (job->name == nullptr) throw ModuleError(kBadDescriptor, where + " has no name");
    if (job->run == nullptr) throw ModuleError(kBadDescriptor, where + " has no code");
}

void check(const foliot_module& module, const std::string& file) {
    if (!FOLIOT_HAS(&module, foliot_module, abi_minor)) {
        throw ModuleError(kBadDescriptor,
                          "descriptor of " + file + ": struct_size is " + std::to_string(module.struct_size));
    }
    if (module.abi_major != FOLIOT_ABI_MAJOR || module.abi_minor > FOLIOT_ABI_MINOR) {
        throw ModuleError(kAbiTooNew, file + " needs ABI " + std::to_string(module.abi_major) + "." +
                                          std::to_string(module.abi_minor) + ", this host has " +
                                          std::to_string(FOLIOT_ABI_MAJOR) + "." + std::to_string(FOLIOT_ABI_MINOR));
    }
    if (!FOLIOT_HAS(&module, foliot_module, deinit)) {
        throw ModuleError(kBadDescriptor,
                          "descriptor of " + file + ": struct_size is " + std::to_string(module.struct_size));
    }
    if (module.name == nullptr || module.version == nullptr) {
        throw ModuleError(kBadDescriptor, "descriptor of " + file + " has no name or no version");
    }
    if (module.job_count > kMaxFunctions || (module.job_count > 0 && module.jobs == nullptr)) {
        throw ModuleError(kBadDescriptor, "descriptor of " + file + ": impossible list of functions");
    }
    for (std::size_t i = 0; i < module.job_count; ++i) check_function(module.jobs[i], i, file);
}

}  // namespace

ModuleLibrary::ModuleLibrary(const std::string& file) {
    const foliot_entry_fn entry = load(file);
    module_ = call_entry(entry, file);
    check(*module_, file);
    build_id_ = build_id_at(reinterpret_cast<const void*>(entry));
}

}  // namespace foliot::worker
