// The other end of check_load.cpp and check_behaviour.cpp: one test in this process, its findings to kAnswerFd.
#include "base/fd.hpp"
#include "cli/child.hpp"
#include "cli/console.hpp"
#include "cli/function_run.hpp"
#include "cli/module_commands.hpp"
#include "cli/module_file.hpp"
#include "worker/hygiene.hpp"
#include "worker/module_library.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>

#include <array>

namespace foliot::cli {
namespace {

constexpr Micros kQuick = 100 * kMillisecond;
constexpr std::size_t kSignals = 65;

std::size_t count_in(const char* folder) {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
    return count;
}

using Handlers = std::array<void (*)(int), kSignals>;

Handlers handlers() {
    Handlers found{};
    for (std::size_t number = 1; number < kSignals; ++number) {
        struct sigaction action {};
        if (::sigaction(static_cast<int>(number), nullptr, &action) == 0) found.at(number) = action.sa_handler;
    }
    return found;
}

/// The entry of a file that is loaded.
foliot_entry_fn entry_of(const std::string& file) {
    void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
    return reinterpret_cast<foliot_entry_fn>(library == nullptr ? nullptr : ::dlsym(library, "foliot_module_v1"));
}

std::string load_only(const std::string& file) {
    const worker::ModuleLibrary library(file);
    return {};
}

std::string same_entry(const std::string& file) {
    const worker::ModuleLibrary library(file);
    return entry_of(file)(FOLIOT_ABI_MINOR) == &library.descriptor()
               ? ""
               : "its entry gives another pointer the second time; the descriptor must be static";
}

std::string older_host(const std::string& file) {
    const worker::ModuleLibrary library(file);
    const foliot_module* module = entry_of(file)(0);
    const unsigned needs = library.descriptor().abi_minor;
    if (module == nullptr && needs == 0)
        return "its entry refuses a host of minor 0, though its descriptor needs no newer one";
    if (module != nullptr && module->abi_minor > 0)
        return "it needs minor " + std::to_string(needs) + ", but its entry does not refuse a host of minor 0";
    return {};
}

std::string quick(const std::string& file) {
    const SystemClock clock;
    const Micros before = clock.monotonic();
    const worker::ModuleLibrary library(file);
    const Micros took = clock.monotonic() - before;
    if (took <= kQuick) return {};
    return "loading it took " + std::to_string(took / kMillisecond) + " ms; do what takes time in module.config";
}

std::string grown(const std::string& file, const char* folder, const std::string& what) {
    const std::size_t before = count_in(folder);
    const worker::ModuleLibrary library(file);
    const std::size_t now = count_in(folder);
    return now > before ? "loading it " + what + ": " + std::to_string(now - before) + "; do that in module.config"
                        : "";
}

std::string no_signal_handlers(const std::string& file) {
    const Handlers before = handlers();
    const worker::ModuleLibrary library(file);
    return handlers() == before ? "" : "loading it installs signal handlers, which are the worker's";
}

/// The worker's own look at what a run leaves behind, around the function's call.
class Tidiness final : public Audience {
  public:
    void on_started() override { hygiene_.emplace(); }
    void on_returned() override { left_ = hygiene_->after_run(worker::Hygiene::Look::thorough); }

    std::string words() const { return left_.empty() ? "" : "a run leaves behind " + left_; }

  private:
    std::optional<worker::Hygiene> hygiene_;
    std::string left_;
};

std::string leaves_nothing(const std::string& file, const Options& options) {
    const RunRequest request = call_of(options, usable_module(file), options.text("run"));
    Tidiness tidiness;
    run_in_process(request, tidiness, -1);
    return tidiness.words();
}

std::string inspect(const std::string& test, const std::string& file, const Options& options) {
    if (test == "loads" || test == "prints_nothing") return load_only(file);
    if (test == "same_entry") return same_entry(file);
    if (test == "older_host") return older_host(file);
    if (test == "quick") return quick(file);
    if (test == "no_threads") return grown(file, "/proc/self/task", "starts threads");
    if (test == "no_descriptors") return grown(file, "/proc/self/fd", "opens descriptors");
    if (test == "no_signal_handlers") return no_signal_handlers(file);
    if (test == "leaves_nothing") return leaves_nothing(file, options);
    throw UsageError("there is no test '" + test + "'");
}

int run(const Options& options) {
    if (::fcntl(kAnswerFd, F_SETFD, FD_CLOEXEC) != 0)
        throw CommandError("descriptor 3 is not open: this command is for `foliot module check`");
    try {
        write_all(kAnswerFd, inspect(options.word(1), options.word(0), options));
        return kOk;
    } catch (const worker::ModuleError& error) {
        throw CommandError(error.what());
    }
}

}  // namespace

Command module_inspect() {
    return {.name = "module inspect",
            .words = {"FILE.so", "TEST"},
            .summary = "one test of `foliot module check`, in this process",
            .options = with_call_options({{"run", "FUNCTION", "the function to call"}}),
            .run = &run,
            .for_people = false};
}

}  // namespace foliot::cli
