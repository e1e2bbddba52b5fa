// `foliot jobs show`: a job, what became of its last fire, and its last executions.
#include "cli/execution_table.hpp"
#include "cli/job_words.hpp"
#include "cli/overview.hpp"
#include "cli/server_commands.hpp"
#include "cli/table.hpp"

#include <iostream>

namespace foliot::cli {
namespace {

constexpr std::size_t kExecutions = 5;

std::string rules_of(const json::Value& job) {
    std::string text;
    for (const char* name :
         {"max_instances", "overlap", "max_queued", "misfire_policy", "misfire_grace_time", "timeout", "deadline",
          "jitter", "max_retries", "retry_delay", "priority", "isolation", "limits", "max_runs"}) {
        const std::string value = text_at(job, name);
        if (!value.empty() && value != "{}") text += (text.empty() ? "" : ", ") + std::string(name) + " " + value;
    }
    return text;
}

std::string tags_of(const json::Value& job) {
    std::string text;
    for (const json::Value& tag : items_at(job, "tags")) text += (text.empty() ? "" : ", ") + tag.string;
    return text;
}

void show(const Server& server, const json::Value& job, const Times& times) {
    const std::string id = text_at(job, "job_id");
    const json::Value* args = job.find("pub_args");
    const json::Value* kwargs = job.find("kwargs");
    const std::string call = args != nullptr && kwargs != nullptr ? call_words(*args, *kwargs) : "";
    Fields fields;
    fields.add("id", id);
    if (text_at(job, "name") != id) fields.add("name", text_at(job, "name"));
    fields.add("description", text_at(job, "description"));
    fields.add("calls", func_of(text_at(job, "job_class_string")) + "(" + call + ")");
    fields.add("state", text_at(job, "state"));
    fields.add("when", trigger_words(job, times));
    fields.add("fires", next_fires(server, id, times).text);
    fields.add("last fire", last_fire(server, id, times));
    fields.add("tags", tags_of(job));
    fields.add("rules", rules_of(job));
    std::cout << fields.text();
}

int run(const Options& options) {
    const Server server(options);
    const std::string& id = options.word(0);
    const Document job = server.get(path_of("/api/v1/jobs/{}", id));
    if (options.has("json")) {
        std::cout << job.text() << '\n';
        return kOk;
    }
    const Times times(options);
    show(server, job.value(), times);
    const auto last = server.list("/api/v1/executions" + query_text({{"job_id", id}, {"time_range_start", "0"}}),
                                  "executions", kExecutions);
    if (last.items.empty()) return kOk;
    std::cout << '\n';
    print(execution_table(last, times));
    return kOk;
}

}  // namespace

Command jobs_show() {
    return {.name = "jobs show",
            .words = {"ID"},
            .summary = "a job, its next fires, what became of the last, and its last executions",
            .options = with_server_options({}),
            .details = kEnding,
            .run = &run};
}

}  // namespace foliot::cli
