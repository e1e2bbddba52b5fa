// `foliot jobs list`.
#include "base/time_text.hpp"
#include "cli/job_words.hpp"
#include "cli/overview.hpp"
#include "cli/server_commands.hpp"
#include "cli/table.hpp"

#include <functional>
#include <iostream>
#include <iterator>
#include <limits>
#include <map>
#include <utility>

namespace foliot::cli {
namespace {

Micros next_of(const json::Value& job) {
    const auto next = parse_time(text_at(job, "next_run_time"));
    return next ? next->at : std::numeric_limits<Micros>::max();
}

/// What is kept of a job: a table's cells, or its JSON.
using Kept = std::vector<std::string>;

/// Those that run next, by that; of the same time in the order in which they were made. Holds no more than it shows.
class Earliest {
  public:
    explicit Earliest(std::size_t limit) : limit_(limit) {}
    void add(Micros next, const std::function<Kept()>& keep) {
        const bool full = limit_ != 0 && jobs_.size() == limit_;
        more_ = more_ || full;
        if (full && jobs_.rbegin()->first <= next) return;
        if (full) jobs_.erase(std::prev(jobs_.end()));
        jobs_.emplace(next, keep());
    }
    const std::multimap<Micros, Kept>& jobs() const { return jobs_; }
    bool more() const { return more_; }

  private:
    const std::size_t limit_;
    std::multimap<Micros, Kept> jobs_;
    bool more_ = false;
};

Kept cells_of(const json::Value& job, const Times& times) {
    const std::string next = text_at(job, "next_run_time");
    return {text_at(job, "job_id"), func_of(text_at(job, "job_class_string")), text_at(job, "state"),
            next.empty() ? "-" : times.shown(next), trigger_words(job, times)};
}

void print_table(const Earliest& earliest) {
    Table table({"ID", cut("FUNCTION"), cut("STATE"), "NEXT RUN", cut("WHEN")});
    for (const auto& [next, cells] : earliest.jobs()) table.add(cells);
    print(table);
}

void print_json(const Earliest& earliest) {
    const char* separator = "";
    std::cout << R"({"jobs": [)";
    for (const auto& [next, texts] : earliest.jobs()) std::cout << std::exchange(separator, ", ") << texts.front();
    std::cout << (earliest.more() ? R"(], "truncated": true})" : "]}") << '\n';
}

int run(const Options& options) {
    const Server server(options);
    const Times times(options);
    const bool as_json = options.has("json");
    const std::string path = "/api/v1/jobs" + query_text({{"state", options.filled("state")},
                                                          {"func", options.filled("func")},
                                                          {"tag", options.filled("tag")},
                                                          {"q", options.filled("search")}});
    Earliest earliest(options.number("limit", 0));
    server.each(path, "jobs", [&](const json::Value& job) {
        earliest.add(next_of(job), [&] { return as_json ? Kept{std::string(job.raw)} : cells_of(job, times); });
    });
    (as_json ? print_json : print_table)(earliest);
    if (earliest.more()) std::cerr << "foliot: there are more jobs than --limit\n";
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
                                        {"limit", "N", "so many of those at most; by default all"}}),
        .details = kEnding,
        .run = &run};
}

}  // namespace foliot::cli
