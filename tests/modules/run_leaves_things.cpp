// Changes of its process what `what` names, and leaves it so; answers with how it found the process.
#include <foliot/job.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <clocale>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

struct Args {
    std::string what;
    static constexpr auto schema() { return foliot::fields(foliot::field("what", &Args::what)); }
};

static void handle_signal(int number) {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    sigaction(number, &action, nullptr);
}

static void block_signal() {
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR2);
    sigprocmask(SIG_BLOCK, &mask, nullptr);
}

static void set_alarm() {
    const itimerval later{.it_interval = {}, .it_value = {.tv_sec = 3600, .tv_usec = 0}};
    setitimer(ITIMER_REAL, &later, nullptr);
}

static void make_timer() {
    sigevent nothing{};
    nothing.sigev_notify = SIGEV_NONE;
    timer_t timer{};
    timer_create(CLOCK_MONOTONIC, &nothing, &timer);
}

static void lower_limit() {
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    --files.rlim_cur;
    setrlimit(RLIMIT_NOFILE, &files);
}

static std::string run(foliot::Context&, const Args& args) {
    static const std::map<std::string, void (*)()> acts{
        {"nothing", [] {}},
        {"action", [] { handle_signal(SIGUSR1); }},
        {"handler", [] { handle_signal(SIGTERM); }},
        {"ignoring", [] { signal(SIGUSR2, SIG_IGN); }},
        {"mask", &block_signal},
        {"directory", [] { std::filesystem::current_path("/"); }},
        {"umask", [] { umask(0); }},
        {"alarm", &set_alarm},
        {"timer", &make_timer},
        {"environment", [] { setenv("FOLIOT_TEST_LEFT", "1", 1); }},
        {"locale", [] { std::setlocale(LC_ALL, "C.UTF-8"); }},
        {"limit", &lower_limit},
        {"niceness", [] { setpriority(PRIO_PROCESS, 0, 5); }},
        {"descriptor", [] { open("/dev/null", O_RDONLY | O_CLOEXEC); }},
    };
    acts.at(args.what)();
    return std::filesystem::current_path().string();
}

FOLIOT_MODULE("run_leaves_things", "1.0.0", module) { module.job<run>("run"); }
