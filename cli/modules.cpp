// `foliot modules`: what the server can run.
#include "cli/overview.hpp"
#include "cli/server_commands.hpp"
#include "cli/table.hpp"
#include "cli/times.hpp"

#include <iostream>

namespace foliot::cli {
namespace {

using json::Value;

std::string names(const std::vector<Value>& all) {
    std::string text;
    for (const Value& one : all) text += (text.empty() ? "" : ", ") + one.string;
    return text;
}

void show_modules(const Value& answer, const Times& times) {
    Table table({"MODULE", "VERSION", cut("STATUS"), cut("FUNCTIONS")});
    for (const Value& module : items_at(answer, "modules"))
        table.add({text_at(module, "name"), text_at(module, "version"), text_at(module, "status"),
                   names(items_at(module, "functions"))});
    print(table);
    Fields problems;
    for (const Value& module : items_at(answer, "modules")) {
        problems.add(text_at(module, "name"), times.within(text_at(module, "problem")));
        for (const Value& name : items_at(module, "broken"))
            problems.add(text_at(module, "name"), name.string + " crashed too often and is not run; see foliot doctor");
    }
    for (const Value& job : items_at(answer, "jobs_that_cannot_run"))
        problems.add("job " + text_at(job, "job_id"), times.within(text_at(job, "problem")));
    if (!problems.text().empty()) std::cout << '\n' << problems.text();
}

/// "name, rows=100"
std::string parameters(const Value& function) {
    if (text_at(function, "takes_anything") == "true") return "(anything)";
    std::string text;
    for (const Value& one : items_at(function, "arguments")) {
        const Value* otherwise = one.find("default");
        text += (text.empty() ? "" : ", ") + text_at(one, "type") + " " + text_at(one, "name");
        if (otherwise != nullptr)
            text += "=" + std::string(otherwise->raw);
        else if (text_at(one, "required") == "false")
            text += "=";
    }
    return "(" + text + ")";
}

void show_functions(const Value& answer) {
    Table table({"FUNCTION", cut("ARGUMENTS"), cut("TITLE")});
    for (const Value& function : items_at(answer, "functions"))
        table.add({text_at(function, "func"), parameters(function), text_at(function, "title")});
    print(table);
}

int run(const Options& options) {
    const Server server(options);
    const bool functions = options.has("functions");
    const Document answer = server.get(functions ? "/api/v1/functions" : "/api/v1/modules");
    if (options.has("json"))
        std::cout << answer.text() << '\n';
    else if (functions)
        show_functions(answer.value());
    else
        show_modules(answer.value(), Times(options));
    return kOk;
}

}  // namespace

Command modules() {
    return {.name = "modules",
            .words = {},
            .summary = "what the server can run, and what is wrong with what it cannot",
            .options = with_server_options({{"functions", "", "each function, and what it takes"}}),
            .details = kEnding,
            .run = &run};
}

}  // namespace foliot::cli
