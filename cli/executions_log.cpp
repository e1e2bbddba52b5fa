// `foliot executions log`: what a run wrote.
#include "cli/run_output.hpp"
#include "cli/server_commands.hpp"

#include <unistd.h>

#include <iostream>

namespace foliot::cli {
namespace {

void show_now(const Server& server, const std::string& id, const Options& options, OutputPrinter& printer) {
    const Document log = server.get(path_of("/api/v1/executions/{}/log", id) +
                                    query_text({{"format", "json"}, {"stream", options.text("stream")}}));
    if (options.has("json")) {
        printer.print_line(log.text());
        return;
    }
    for (const json::Value& piece : items_at(log.value(), "output")) printer.print(piece);
    printer.end();
}

int run(const Options& options) {
    const Server server(options);
    const std::string& id = options.word(0);
    (void)options.filled("stream");
    OutputPrinter printer(STDOUT_FILENO, Times(options), options.has("raw") || ::isatty(STDOUT_FILENO) == 0);
    if (!options.has("follow")) {
        show_now(server, id, options, printer);
        return kOk;
    }
    return watch(id, [&] {
        follow_output(server, id, options.text("stream"), printer, options.has("json"));
        return kOk;
    });
}

}  // namespace

Command executions_log() {
    return {.name = "executions log",
            .words = {"ID"},
            .summary = "what a run printed and logged",
            .options = with_server_options({{"follow", "", "go on with what it writes, until it ends"},
                                            {"stream", "NAME", "only stdout, stderr or log"},
                                            {"raw", "",
                                             "to a terminal as it was written, control characters too;\n"
                                             "to anything else it always goes so"}}),
            .details = std::string("As JSON with --follow: a line for each piece.\n\n") + kEnding,
            .run = &run};
}

}  // namespace foliot::cli
