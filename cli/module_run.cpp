// `foliot module run`: one run of one function, with no server.
#include "cli/console.hpp"
#include "cli/function_run.hpp"
#include "cli/interrupt.hpp"
#include "cli/module_commands.hpp"
#include "cli/module_file.hpp"

namespace foliot::cli {
namespace {

constexpr const char* kDetails =
    "TARGET is FILE.so:function. Output and log lines are shown as they come, then how it ended.\n"
    "Ctrl-C stops the run as a server would: it is asked to end, after the grace its process\n"
    "group gets SIGTERM, half a second later SIGKILL (after the same grace if that is shorter).\n"
    "The limits that the module declares hold, but the one on output.\n"
    "\n"
    "Ends with 0 only when the run succeeded; 1: it failed, in whatever way; 2: the command line or\n"
    "the arguments are wrong; 3: the module cannot be used; 130: it was stopped by Ctrl-C.\n"
    "\n"
    "To debug a function: gdb --args foliot module run FILE.so:function --in-process\n"
    "It is asked to end at the first Ctrl-C then, and the second ends the command; no limit holds.\n";

int exit_code(const Verdict& verdict) {
    if (verdict.state == RunState::succeeded) return kOk;
    if (verdict.state == RunState::error) return kImpossible;
    return verdict.reason == "stopped" ? kStopped : kFailed;
}

RunRequest request_of(const Options& options) {
    const std::string& target = options.word(0);
    const std::size_t colon = target.rfind(':');
    if (colon == std::string::npos || colon == 0) throw UsageError("'" + target + "' is no FILE.so:function");
    RunRequest request = call_of(options, usable_module(target.substr(0, colon)), target.substr(colon + 1));
    request.timeout = options.length("timeout", 0);
    return request;
}

int run(const Options& options) {
    const int interrupted = interrupts();
    const RunRequest request = request_of(options);
    Console console(options.has("json"));
    const auto run_it = options.has("in-process") ? &run_in_process : &run_by_worker;
    const RunReport report = run_it(request, console, interrupted);
    console.show(request, report);
    return exit_code(report.verdict);
}

}  // namespace

Command module_run() {
    return {.name = "module run",
            .words = {"TARGET"},
            .summary = "run one function of a module, with no server",
            .options = with_call_options(
                {{"timeout", "SECONDS", "stop it after that time; by default it has as long as it takes"},
                 {"in-process", "", "in this very process instead of a worker: for debuggers"},
                 {"json", "", "tell how it ended as JSON on standard output, all else on standard error"}}),
            .details = kDetails,
            .run = &run};
}

}  // namespace foliot::cli
