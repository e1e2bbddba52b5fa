// `foliot executions show`, `stop` and `retry`.
#include "cli/job_words.hpp"
#include "cli/overview.hpp"
#include "cli/run_output.hpp"
#include "cli/server_commands.hpp"
#include "cli/shown.hpp"
#include "cli/table.hpp"

#include <cmath>
#include <iostream>

namespace foliot::cli {
namespace {

std::string progress_of(const json::Value& execution) {
    const json::Value* progress = execution.find("progress");
    if (progress == nullptr || !progress->is(json::Kind::object)) return {};
    const json::Value* fraction = progress->find("fraction");
    std::string text = text_at(*progress, "note");
    if (fraction != nullptr && !fraction->is(json::Kind::null))
        text = std::to_string(std::lround(fraction->real * 100)) + " %" + (text.empty() ? "" : ", ") + text;
    return text;
}

/// What one that has not begun waits for.
std::string waits_for(const Server& server, const json::Value& execution, const Times& times) {
    if (text_at(execution, "state") != "scheduled") return {};
    return times.within(explanation_of(server, text_at(execution, "execution_id")).text);
}

std::string call_of(const json::Value& execution) {
    const json::Value* job = execution.find("job");
    const json::Value* args = job == nullptr ? nullptr : job->find("pub_args");
    const json::Value* kwargs = execution.find("kwargs");
    const std::string call = args != nullptr && kwargs != nullptr ? call_words(*args, *kwargs) : "";
    return func_of(text_at(execution, {"job", "job_class_string"})) + "(" + call + ")";
}

void show(const Server& server, const json::Value& execution, const Times& times) {
    const auto time = [&](const char* name) {
        const std::string iso = text_at(execution, name);
        return iso.empty() ? iso : times.shown(iso);
    };
    Fields fields;
    fields.add("id", text_at(execution, "execution_id"));
    fields.add("job", text_at(execution, {"job", "job_id"}));
    fields.add("calls", call_of(execution));
    fields.add("state", has_ended(execution) ? ending_words(execution) : text_at(execution, "state"));
    fields.add("waits", waits_for(server, execution, times));
    fields.add("progress", progress_of(execution));
    fields.add("of", time("nominal_time") + ", " + text_at(execution, "origin") + ", attempt " +
                         text_at(execution, "attempt"));
    if (number_at(execution, "fires") > 1) fields.add("fires", text_at(execution, "fires"));
    fields.add("retry of", text_at(execution, "parent_id"));
    fields.add("due", time("due_time"));
    fields.add("started", time("started_time"));
    fields.add("ended", time("ended_time"));
    fields.add("where", text_at(execution, "description"));
    fields.add("module", text_at(execution, "module_version"));
    if (text_at(execution, "error") != text_at(execution, "result")) fields.add("result", text_at(execution, "result"));
    std::cout << fields.text();
}

int run(const Options& options) {
    const Server server(options);
    const Document execution = server.get(path_of("/api/v1/executions/{}", options.word(0)));
    if (options.has("json"))
        std::cout << execution.text() << '\n';
    else
        show(server, execution.value(), Times(options));
    return kOk;
}

int stop(const Options& options) {
    const Server server(options);
    const Document execution = server.send("DELETE", path_of("/api/v1/executions/{}", options.word(0)));
    if (options.has("json"))
        std::cout << execution.text() << '\n';
    else if (has_ended(execution.value()))
        std::cout << shown(options.word(0)) << " is stopped\n";
    else
        std::cout << shown(options.word(0)) << " is asked to end; when it does not it is killed soon\n";
    return kOk;
}

int retry(const Options& options) {
    const Server server(options);
    const Document next = server.send("POST", path_of("/api/v1/executions/{}/retry", options.word(0)));
    std::cout << (options.has("json") ? next.text() : text_at(next.value(), "execution_id")) << '\n';
    return kOk;
}

}  // namespace

Command executions_show() {
    return {.name = "executions show",
            .words = {"ID"},
            .summary = "one run: how it ended and why, or what it waits for",
            .options = with_server_options({}),
            .details = kEnding,
            .run = &run};
}

Command executions_stop() {
    return {
        .name = "executions stop",
        .words = {"ID"},
        .summary = "end a run, or keep one that waits from starting",
        .options = with_server_options({}),
        .details = std::string("It is asked to end and, when it does not within workers.grace, killed.\n\n") + kEnding,
        .run = &stop};
}

Command executions_retry() {
    return {.name = "executions retry",
            .words = {"ID"},
            .summary = "try a run that failed again, now",
            .options = with_server_options({}),
            .details =
                std::string("Prints the id of the next attempt. A retry that waits is brought forward.\n\n") + kEnding,
            .run = &retry};
}

}  // namespace foliot::cli
