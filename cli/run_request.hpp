// One run of a module's function from the command line.
#pragma once

#include "domain/execution.hpp"
#include "module/catalogue.hpp"

#include <memory>
#include <string>
#include <vector>

namespace foliot::cli {

struct RunRequest {
    std::shared_ptr<const module::Module> module;
    const module::Function* function = nullptr;  ///< of the module
    std::string args = "[]", kwargs = "{}";      ///< JSON
    std::string config{};                        ///< of the module: a JSON object, or empty
    Micros timeout = 0;                          ///< 0: none
    Micros grace = 5 * kSecond;
};

struct RunReport {
    Verdict verdict;
    Micros started = 0, ended = 0;  ///< UTC; 0: the function was never called
    Micros stopping = 0;            ///< how long it took from being asked to end to its end; 0: it was not asked
};

/// Hears of a run while it goes on; this one takes no notice. Called on one thread at a time.
class Audience {
  public:
    virtual ~Audience() = default;
    virtual void on_output(Stream /*stream*/, std::string_view /*bytes*/) {}
    virtual void on_log(Micros /*at*/, std::string_view /*line*/) {}  ///< "LEVEL text fields"
    virtual void on_progress(std::optional<double> /*fraction*/, std::string_view /*note*/) {}
    virtual void on_started() {}
    /// In process only: the function has returned, and nothing is cleaned up yet. On its thread.
    virtual void on_returned() {}
};

/// By a worker of its own, as the server does it: protocol, verdicts, the limits that the module declares (but on
/// output, which its author wants to see). `interrupts`: readable when the run is to
/// be stopped; -1: never. Throws CommandError when there is no worker to be had.
RunReport run_by_worker(const RunRequest& request, Audience& audience, int interrupts);

/// In this process, on this thread, which is what a debugger wants: what the function crashes takes all with it.
/// The module stays loaded. Throws CommandError when it cannot be loaded or configured.
RunReport run_in_process(const RunRequest& request, Audience& audience, int interrupts);

}  // namespace foliot::cli
