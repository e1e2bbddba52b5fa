// `foliot functions resume`.
#include "base/json.hpp"
#include "cli/server.hpp"
#include "cli/server_commands.hpp"
#include "cli/shown.hpp"

#include <iostream>

namespace foliot::cli {
namespace {

int resume(const Options& options) {
    const Server server(options);
    const std::string& func = options.word(0);
    server.send("POST", path_of("/api/v1/functions/{}/resume", func));
    if (options.has("json"))
        std::cout << json::Writer().begin_object().field("func", func).end_object().take() << '\n';
    else
        std::cout << shown(func) << " is not held back any more\n";
    return kOk;
}

}  // namespace

Command functions_resume() {
    return {.name = "functions resume",
            .words = {"FUNCTION"},
            .summary = "run a function again that crashed too often",
            .options = with_server_options({}),
            .details =
                std::string("What has failed meanwhile and has retries left is tried again by itself.\n\n") + kEnding,
            .run = &resume};
}

}  // namespace foliot::cli
