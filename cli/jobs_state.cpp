// `foliot jobs pause`, `resume` and `remove`.
#include "cli/job_words.hpp"
#include "cli/server_commands.hpp"
#include "cli/shown.hpp"
#include "cli/table.hpp"

#include <iostream>

namespace foliot::cli {
namespace {

Document change(const Server& server, const Options& options, const char* method) {
    return server.send(method, path_of("/api/v1/jobs/{}", options.word(0)));
}

int tell(const Options& options, const Document& answer, const std::string& words) {
    std::cout << (options.has("json") ? answer.text() : words) << '\n';
    return kOk;
}

int pause(const Options& options) {
    const Server server(options);
    const Document answer = change(server, options, "PATCH");
    return tell(options, answer,
                shown(options.word(0)) + " is paused; to go on: foliot jobs resume " + shown(options.word(0)));
}

/// One whose last fire came while it was paused has ended by being resumed.
int resume(const Options& options) {
    const Server server(options);
    const std::string& id = options.word(0);
    const Document answer = change(server, options, "OPTIONS");
    const Fires fires = next_fires(server, id, Times(options));
    Fields fields;
    fields.add(fires.over ? "ended" : "resumed", id);
    fields.add("fires", fires.text);
    fields.add("last fire", fires.last);
    std::cout << (options.has("json") ? answer.text() + "\n" : fields.text());
    return fires.over ? kFailed : kOk;
}

int remove(const Options& options) {
    const Server server(options);
    const Document answer = change(server, options, "DELETE");
    return tell(options, answer, shown(options.word(0)) + " is removed; what runs of it goes on, its executions stay");
}

Command changing(const char* name, const char* summary, const char* details, int (*run)(const Options&)) {
    return {.name = name,
            .words = {"ID"},
            .summary = summary,
            .options = with_server_options({}),
            .details = std::string(details) + "\n" + kEnding,
            .run = run};
}

}  // namespace

Command jobs_pause() {
    return changing("jobs pause", "let a job fire no more until it is resumed",
                    "What runs goes on. Fires that come meanwhile are skipped, not made up for.\n", &pause);
}

Command jobs_resume() {
    return changing(
        "jobs resume", "let a paused or broken job fire again",
        "Shows when it fires next. Ends with 1 when it never does, for its last fire came while it was paused.\n",
        &resume);
}

Command jobs_remove() {
    return changing("jobs remove", "remove a job; its executions stay",
                    "What runs goes on; what waits of it is stopped.\n", &remove);
}

}  // namespace foliot::cli
