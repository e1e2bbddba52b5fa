// `foliot executions list`, and the table that others show, too.
#include "base/time_text.hpp"
#include "cli/execution_table.hpp"
#include "cli/overview.hpp"
#include "cli/server_commands.hpp"

#include <iostream>

namespace foliot::cli {
namespace {

constexpr std::size_t kUsual = 50;

std::string run_time(const json::Value& execution) {
    const json::Value* seconds = execution.find("run_time");
    if (seconds == nullptr || seconds->is(json::Kind::null)) return "-";
    return length_text(static_cast<Micros>(seconds->real * static_cast<double>(kSecond)));
}

/// The first line of what went wrong, else why it is in its state.
std::string why(const json::Value& execution) {
    const std::string reason = text_at(execution, "reason"), error = text_at(execution, "error");
    const std::string first = error.substr(0, error.find('\n'));
    return reason.empty() || first.empty() ? reason + first : reason + ": " + first;
}

std::string since(const Options& options) {
    if (!options.has("since")) return "0";
    const SystemClock clock;
    const std::string text = options.text("since");
    const auto length = length_in(text);
    return iso_time(length ? clock.now() - *length : Times(options).moment("since", text, clock.now()).at);
}

std::string states_of(const Options& options) {
    if (options.has("bad") && options.has("state"))
        throw UsageError("--bad names states, and so does --state: give one of them");
    return options.has("bad") ? kBadEnds : options.filled("state");
}

int run(const Options& options) {
    const Server server(options);
    const std::string path = "/api/v1/executions" + query_text({{"job_id", options.filled("job")},
                                                                {"state", states_of(options)},
                                                                {"q", options.filled("search")},
                                                                {"time_range_start", since(options)}});
    const Server::List list = server.list(path, "executions", options.number("limit", kUsual));
    if (options.has("json"))
        std::cout << list_json(list, "executions");
    else
        print(execution_table(list, Times(options)));
    if (list.more) std::cerr << "foliot: these are the newest " << list.items.size() << "; --limit 0 shows all\n";
    return kOk;
}

}  // namespace

Table execution_table(const Server::List& list, const Times& times) {
    Table table({"ID", cut("JOB"), cut("STATE"), "DUE", "TOOK", "TRY", cut("WHY")});
    for (const json::Value* execution : list.items) {
        table.add({text_at(*execution, "execution_id"), text_at(*execution, {"job", "job_id"}),
                   text_at(*execution, "state"), times.shown(text_at(*execution, "due_time")), run_time(*execution),
                   text_at(*execution, "attempt"), why(*execution)});
    }
    return table;
}

Command executions_list() {
    return {
        .name = "executions list",
        .words = {},
        .summary = "runs, those that changed last first",
        .options = with_server_options({{"job", "ID", "only those of a job"},
                                        {"state", "STATE",
                                         "only those: scheduled, running, stopping, succeeded, failed,\n"
                                         "timeout, stopped, missed, skipped, 'scheduled error';\n"
                                         "several with commas between them"},
                                        {"bad", "", "only failed, timeout, missed, 'scheduled error'"},
                                        {"since", "TIME", "only those made since then, or for so long: 2h, 3d"},
                                        {"search", "TEXT", "only those with it in id, name, function or description"},
                                        {"limit", "N", "so many of the newest; 50 by default, 0: all"}}),
        .details = kEnding,
        .run = &run};
}

}  // namespace foliot::cli
