// `foliot jobs list`.
#include "base/time_text.hpp"
#include "cli/job_words.hpp"
#include "cli/overview.hpp"
#include "cli/server_commands.hpp"
#include "cli/table.hpp"

#include <algorithm>
#include <iostream>
#include <limits>

namespace foliot::cli {
namespace {

Micros next_of(const json::Value& job) {
    const auto next = parse_time(text_at(job, "next_run_time"));
    return next ? next->at : std::numeric_limits<Micros>::max();
}

void show(Server::List& list, const Times& times) {
    std::ranges::stable_sort(list.items, {}, [](const json::Value* job) { return next_of(*job); });
    Table table({"ID", cut("FUNCTION"), cut("STATE"), "NEXT RUN", cut("WHEN")});
    for (const json::Value* job : list.items) {
        const std::string next = text_at(*job, "next_run_time");
        table.add({text_at(*job, "job_id"), func_of(text_at(*job, "job_class_string")), text_at(*job, "state"),
                   next.empty() ? "-" : times.shown(next), trigger_words(*job, times)});
    }
    print(table);
}

int run(const Options& options) {
    const Server server(options);
    const std::string path = "/api/v1/jobs" + query_text({{"state", options.text("state")},
                                                          {"func", options.text("func")},
                                                          {"tag", options.text("tag")},
                                                          {"q", options.text("search")}});
    Server::List list = server.list(path, "jobs", options.number("limit", 0));
    if (options.has("json"))
        std::cout << list_json(list, "jobs");
    else
        show(list, Times(options));
    if (list.more) std::cerr << "foliot: there are more jobs than --limit\n";
    return kOk;
}

}  // namespace

Command jobs_list() {
    return {
        .name = "jobs list",
        .words = {},
        .summary = "the jobs, those that run next first",
        .options = with_server_options({{"state", "STATE", "only those: active, paused or broken"},
                                        {"func", "FUNC", "only those of a function, module:function, or of a module"},
                                        {"tag", "TAG", "only those with this tag"},
                                        {"search", "TEXT", "only those with it in id, name, function or description"},
                                        {"limit", "N", "so many at most; by default all"}}),
        .details = kEnding,
        .run = &run};
}

}  // namespace foliot::cli
