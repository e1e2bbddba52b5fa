// `foliot scheduler pause`, `resume`, `start`, `drain` and `undrain`.
#include "cli/overview.hpp"
#include "cli/server_commands.hpp"
#include "cli/shown.hpp"

#include <iostream>

namespace foliot::cli {
namespace {

int change(const Options& options, const std::string& action) {
    const Server server(options);
    server.send("POST", "/api/v1/scheduler/" + action);
    const Readiness ready = readiness(server);
    if (action == "start" && ready.engine == "stopped")
        throw CommandError("the scheduler stays stopped: " + ready.reason);
    std::cout << (options.has("json") ? ready.text : "the scheduler is " + shown(ready.words())) << '\n';
    return kOk;
}

Command changing(const char* name, const char* summary, const char* details, int (*run)(const Options&)) {
    return {.name = name,
            .words = {},
            .summary = summary,
            .options = with_server_options({}),
            .details = std::string(details) + "\n" + kEnding,
            .run = run};
}

}  // namespace

Command scheduler_pause() {
    return changing("scheduler pause", "let nothing fire until it is resumed",
                    "What runs goes on, and runs by hand start. It stays so over restarts.\n"
                    "What comes due meanwhile is late when things go on.\n",
                    [](const Options& options) { return change(options, "pause"); });
}

Command scheduler_resume() {
    return changing("scheduler resume", "go on after a pause", "What is due is late then: misfire rules decide.\n",
                    [](const Options& options) { return change(options, "resume"); });
}

Command scheduler_start() {
    return changing("scheduler start", "go on after the scheduler was shut down", "For Admins.\n",
                    [](const Options& options) { return change(options, "start"); });
}

Command scheduler_drain() {
    return changing("scheduler drain", "let this server start nothing more, before an upgrade say",
                    "For Admins. What runs goes on to its end; until undrain or the next start of the server.\n",
                    [](const Options& options) { return change(options, "drain"); });
}

Command scheduler_undrain() {
    return changing("scheduler undrain", "let this server start work again", "For Admins.\n",
                    [](const Options& options) { return change(options, "undrain"); });
}

}  // namespace foliot::cli
