// A module in this process: loaded once, checked, never unloaded (its code may be referenced from threads, atexit
// handlers and static objects for as long as the process lives).
#pragma once

#include "exit_codes.hpp"

#include <foliot/abi.h>

#include <stdexcept>
#include <string>

namespace foliot::worker {

/// The module cannot be used. what() is for people.
class ModuleError : public std::runtime_error {
  public:
    ModuleError(ExitCode code, const std::string& text) : std::runtime_error(text), code_(code) {}
    ExitCode code() const noexcept { return code_; }

  private:
    ExitCode code_;
};

class ModuleLibrary {
  public:
    /// Loads the file with its own symbol scope, calls its entry and checks the descriptor. Throws ModuleError.
    /// LD_BIND_NOW must be in the environment, else a missing function ends the process at its first call.
    explicit ModuleLibrary(const std::string& file);

    const foliot_module& descriptor() const { return *module_; }
    const std::string& build_id() const { return build_id_; }  ///< hex; empty when the file has none

  private:
    const foliot_module* module_ = nullptr;
    std::string build_id_;
};

}  // namespace foliot::worker
