// foliot-worker: loads one module and runs its functions for the server, or describes it. See options.hpp and
// exit_codes.hpp.
#include "base/error.hpp"
#include "base/fd.hpp"
#include "call.hpp"
#include "channel.hpp"
#include "control.hpp"
#include "describe.hpp"
#include "exit_codes.hpp"
#include "folders.hpp"
#include "job_loop.hpp"
#include "limits.hpp"
#include "module_library.hpp"
#include "options.hpp"
#include "process/frames.hpp"
#include "process/ledger.hpp"
#include "process/spawn.hpp"
#include "run.hpp"
#include "server_clock.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace foliot::worker {
namespace {

/// Handlers instead of SIG_IGN: programs that a job starts get the default back. Writing to a closed pipe is an error
/// here. SIGTERM goes to the whole group and is for them: the worker stays to hear how they end. The mask is emptied
/// because Poco's start-up code blocks signals, which children would inherit.
void set_up_signals() {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    action.sa_flags = SA_RESTART;
    for (const int number : {SIGPIPE, SIGTERM}) ::sigaction(number, &action, nullptr);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void limit(decltype(RLIMIT_CORE) what, rlim_t value) {
    const rlimit both{value, value};
    ::setrlimit(what, &both);
}

void limit_description() {
    constexpr rlim_t kCpuSeconds = 5;
    limit(RLIMIT_CPU, kCpuSeconds);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // those reserve terabytes
    constexpr rlim_t kMemory = rlim_t{1} << 30U;
    limit(RLIMIT_AS, kMemory);
#endif
}

void set_up_process() {
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    process::become_subreaper();
    offer_to_oom_killer();
    limit(RLIMIT_CORE, 0);
    ::umask(077);
}

/// Programs that a job starts must not hold the server's channels.
void keep_from_children(int fd) {
    if (::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) throw UsageError("descriptor " + std::to_string(fd) + " is not open");
}

int fail(int code, const std::string& reason) {
    std::fprintf(stderr, "foliot-worker: %s\n", reason.c_str());
    return code;
}

int describe_module(const Options& options) {
    keep_from_children(kControlFd);
    limit_description();
    const ModuleLibrary library(options.module);
    const std::string frame = process::encode(process::Describe{describe(library)});
    return write_all(kControlFd, frame) ? kDone : kServerGone;
}

/// The other jobs of this user may not look into this process, which has their secrets. When all of /proc/self that
/// needs an owner has been used.
void keep_others_out(const Options& options) {
    if (options.user) ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/// Does it, and says on stderr what kept it from being done.
int told(const std::function<int()>& act) {
    try {
        return act();
    } catch (const UsageError& e) {
        return fail(kUsage, e.what());
    } catch (const ModuleError& e) {
        return fail(e.code(), e.what());
    } catch (const process::ProtocolError& e) {
        return fail(kProtocolError, std::string("the server broke the protocol: ") + e.what());
    } catch (const std::exception& e) {
        return fail(kInternal, e.what());
    }
}

/// By default without static destructors, which are a module's and may hang. Coverage and leak checks need them.
[[noreturn]] void end_process(int code) {
    std::fflush(nullptr);
    if (code == kDone && std::getenv("FOLIOT_WORKER_FULL_EXIT") != nullptr) std::exit(code);
    ::_exit(code);
}

int run_jobs(const Options& options) {
    keep_from_children(kControlFd);
    keep_from_children(kLogFd);
    keep_from_children(kOrdersFd);
    keep_from_children(kLedgerFd);
    const process::OwnSlot slot{Fd(kLedgerFd)};
    if (options.user) make_folders(options.work_dir);
    if (::chdir(options.work_dir.c_str()) != 0) throw_errno("enter " + options.work_dir);

    ServerClock clock;
    Channel channel(kControlFd);
    Channel log(kLogFd);
    foliot_run run(channel, log, clock);
    Control control(kOrdersFd, channel, run, clock);
    const std::optional<std::string> config = control.await_config();
    if (!config) return kServerGone;
    control.start();  // before any code of the module's, which may hang: the server's end must end this process
    // From here on another thread uses what lies on this stack: whatever happens, the process ends before it unwinds.
    limit_process(options.limits);
    end_process(told([&] {
        keep_others_out(options);
        const ModuleLibrary library(options.module);
        const foliot_module& module = library.descriptor();
        init_module(module, run, *config, options.module, options.work_dir + "/init");
        channel.send(process::encode(process::Hello{process::kProtocolVersion, static_cast<std::int32_t>(::getpid()),
                                                    module.version, library.build_id()}));
        JobLoop(options, module, control, channel, run, *slot, clock).run();
        if (module.deinit != nullptr) module.deinit();
        if (options.user) remove_folder(options.work_dir, {});
        return kDone;
    }));
}

int run(const std::vector<std::string>& arguments) {
    return told([&]() -> int {
        const Options options = parse_options(arguments);
        if (options.user) process::become_user(*options.user);
        set_up_process();
        switch (options.act) {
            case Options::Act::describe: return describe_module(options);
            case Options::Act::remove: return remove_folder(options.folder, options.kept) ? kDone : kInternal;
            case Options::Act::check_folder: return check_folder(options.folder);
            case Options::Act::run_jobs: break;
        }
        return run_jobs(options);
    });
}

}  // namespace
}  // namespace foliot::worker

int main(int argc, char** argv) {
    foliot::worker::set_up_signals();
    const int code = foliot::worker::run({argv + 1, argv + argc});
    std::fflush(nullptr);
    ::_exit(code);  // a module that could not be used keeps its destructors to itself
}
