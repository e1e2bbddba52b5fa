// `foliot jobs run`: a run now, and what becomes of it.
#include "cli/interrupt.hpp"
#include "cli/job_arguments.hpp"
#include "cli/run_output.hpp"
#include "cli/server_commands.hpp"
#include "cli/shown.hpp"

#include <poll.h>
#include <unistd.h>

#include <iostream>

namespace foliot::cli {
namespace {

constexpr int kLookEvery = 100;            // ms
constexpr Micros kLongWait = 3 * kSecond;  // after which it is said that there is one

/// Looks at the execution until `enough` of it; at Ctrl-C throws CommandError (kStopped).
template <class Enough>
Document await(const Server& server, const std::string& id, const Enough& enough) {
    for (;;) {
        Document execution = server.get(path_of("/api/v1/executions/{}", id));
        if (enough(execution.value())) return execution;
        pollfd interrupted{interrupts(), POLLIN, 0};
        ::poll(&interrupted, 1, kLookEvery);
        throw_if_interrupted();
    }
}

/// Nothing is heard of one that waits, so it is said.
void await_start(const Server& server, const std::string& id) {
    const SystemClock clock;
    Micros tell_at = clock.monotonic() + kLongWait;
    await(server, id, [&](const json::Value& execution) {
        if (text_at(execution, "state") != "scheduled") return true;
        if (tell_at != 0 && clock.monotonic() >= tell_at) {
            std::cerr << "foliot: execution " << id << " has not begun yet; foliot doctor says why\n";
            tell_at = 0;
        }
        return false;
    });
}

int follow(const Server& server, const std::string& id, const Options& options) {
    const bool as_json = options.has("json");
    const int fd = as_json ? STDERR_FILENO : STDOUT_FILENO;
    OutputPrinter printer(fd, Times(options), options.has("raw") || ::isatty(fd) == 0);
    return watch(id, [&] {
        await_start(server, id);
        follow_output(server, id, "", printer, false);
        const Document execution = await(server, id, has_ended);  // which is stored a moment after its output
        if (as_json)
            std::cout << execution.text() << '\n';
        else
            std::cerr << "foliot: execution " << id << ' ' << shown(ending_words(execution.value()), Breaks::keep)
                      << '\n';
        return text_at(execution.value(), "state") == "succeeded" ? kOk : kFailed;
    });
}

int run(const Options& options) {
    const Server server(options);
    const std::string& id = options.word(0);
    json::Writer body;
    body.begin_object().field("job_id", id);
    if (has_arguments(options)) {
        const Document job = server.get(path_of("/api/v1/jobs/{}", id));
        write_arguments(body, arguments_of(server, options, text_at(job.value(), "job_class_string")));
    }
    const Document made = server.send("POST", "/api/v1/executions", body.end_object().take());
    const std::string execution = text_at(made.value(), "execution_id");
    if (options.has("follow")) return follow(server, execution, options);
    std::cout << (options.has("json") ? made.text() : execution) << '\n';
    return kOk;
}

}  // namespace

Command jobs_run() {
    return {.name = "jobs run",
            .words = {"ID"},
            .summary = "run a job now",
            .options = with_server_options(
                with_argument_options({{"follow", "", "show what it writes, then how it ended"},
                                       {"raw", "", "with --follow: to a terminal as it was written"}})),
            .details =
                "Prints the id of the execution. Arguments given here are for this run alone.\n"
                "With --follow how it ended is told on standard error; with --json, too, what it writes goes to\n"
                "standard error and its end as JSON to standard output. Ctrl-C ends the watching, not the run.\n"
                "\n"
                "Ends with 0: it is queued, or with --follow: it succeeded; 1: with --follow: it ended in another\n"
                "way; 2: the command line is wrong; 3: it could not be done, with the reason on standard error;\n"
                "130: stopped by Ctrl-C.\n",
            .run = &run};
}

}  // namespace foliot::cli
