// Modules and jobs that cannot run, jobs that are paused, runs that wait.
#include "base/time_text.hpp"
#include "cli/doctor.hpp"
#include "cli/job_words.hpp"

#include <algorithm>

namespace foliot::cli {
namespace {

using json::Value;

constexpr std::size_t kMostTold = 5;  // of a kind, one by one
constexpr std::size_t kMostCounted = 1'000;
constexpr Micros kWaitsLong = 5 * kSecond;

std::string named(const Server::List& list) {
    std::string text;
    for (std::size_t i = 0; i < std::min(list.items.size(), kMostTold); ++i)
        text += (i == 0 ? "" : ", ") + text_at(*list.items[i], "job_id");
    if (list.items.size() > kMostTold || list.more) text += ", ...";
    return text;
}

void examine_paused(const Server& server, std::size_t all, Findings& findings) {
    const Server::List paused = server.list("/api/v1/jobs?state=paused", "jobs", kMostCounted);
    if (paused.items.empty()) return;
    const std::string text =
        std::to_string(paused.items.size()) + (paused.more ? " and more" : "") + " paused: " + named(paused);
    const std::string advice = "to let one fire again: foliot jobs resume ID";
    if (paused.items.size() == all && !paused.more)
        findings.wrong("jobs", "all are paused: " + named(paused), advice);
    else
        findings.note("jobs", text, advice);
}

void examine_broken(const Server& server, Findings& findings) {
    const Server::List broken = server.list("/api/v1/jobs?state=broken", "jobs", kMostCounted);
    for (std::size_t i = 0; i < std::min(broken.items.size(), kMostTold); ++i) {
        const std::string id = text_at(*broken.items[i], "job_id");
        std::string advice = "foliot jobs show " + id;
        advice.append(" says why; give it another trigger, or: foliot jobs resume ").append(id);
        findings.wrong("job " + id, "it is broken: its trigger cannot be evaluated", std::move(advice));
    }
}

void tell_next(const Server::List& jobs, const Times& times, Findings& findings) {
    const Value* first = nullptr;
    Micros earliest = 0;
    for (const Value* job : jobs.items) {
        const auto next = parse_time(text_at(*job, "next_run_time"));
        if (!next || (first != nullptr && next->at >= earliest)) continue;
        first = job;
        earliest = next->at;
    }
    if (first != nullptr) return findings.good("next", text_at(*first, "job_id") + " at " + times.shown(earliest));
    findings.note("next", "no job will fire", "");
}

struct Waiting {
    const Value* oldest = nullptr;
    std::size_t number = 0;
    Micros due = 0;
};

/// Those that could have begun for a while.
Waiting waiting_long(const Server::List& scheduled, Micros now) {
    Waiting waiting;
    for (const Value* run : scheduled.items) {
        const auto due = parse_time(text_at(*run, "due_time"));
        if (!due || due->at > now - kWaitsLong) continue;
        ++waiting.number;
        if (waiting.oldest != nullptr && due->at >= waiting.due) continue;
        waiting.oldest = run;
        waiting.due = due->at;
    }
    return waiting;
}

std::string reason_of(const Server& server, const Value& run) {
    if (text_at(run, "origin") != "fire") return text_at(run, "reason");
    try {
        const std::string path = path_of("/api/v1/jobs/{}/explain", text_at(run, {"job", "job_id"}));
        return text_at(server.get(path + query_text({{"time", text_at(run, "nominal_time")}})).value(), "explanation");
    } catch (const Rejected&) {
        return text_at(run, "reason");
    }
}

}  // namespace

void examine_modules(const Server& server, Findings& findings) {
    const Document answer = server.get("/api/v1/modules");
    std::size_t good = 0;
    for (const Value& module : items_at(answer.value(), "modules")) {
        const std::string name = text_at(module, "name"), status = text_at(module, "status");
        good += status == "ok";
        if (status != "ok")
            findings.wrong("module " + name, status + ": " + text_at(module, "problem"),
                           "its runs wait until its file is good: mend or remove " + text_at(module, "path"));
        for (const Value& function : items_at(module, "broken")) {
            const std::string func = name + ":" + function.string;
            findings.wrong("function " + func, "crashed too often and is not run",
                           "install another version of its module, or POST /api/v1/functions/" + func + "/resume");
        }
    }
    const auto& unfit = items_at(answer.value(), "jobs_that_cannot_run");
    for (std::size_t i = 0; i < std::min(unfit.size(), kMostTold); ++i)
        findings.wrong("job " + text_at(unfit[i], "job_id"), text_at(unfit[i], "problem"),
                       "install what it needs, or change it: foliot jobs add ID FUNC --replace");
    if (unfit.size() > kMostTold)
        findings.wrong("jobs", std::to_string(unfit.size()) + " cannot run", "foliot modules names them");
    if (items_at(answer.value(), "modules").empty())
        findings.wrong("modules", "there are none, so nothing can run",
                       "install the package foliot-modules, or your own");
    else
        findings.good("modules", std::to_string(good) + " can be used");
}

void examine_jobs(const Server& server, const Times& times, Findings& findings) {
    const Server::List jobs = server.list("/api/v1/jobs", "jobs", kMostCounted);
    if (jobs.items.empty())
        return findings.note("jobs", "there are none, so nothing fires", "foliot jobs add --help tells how to add one");
    findings.good("jobs", std::to_string(jobs.items.size()) + (jobs.more ? " and more" : ""));
    examine_paused(server, jobs.items.size() + (jobs.more ? 1 : 0), findings);
    examine_broken(server, findings);
    tell_next(jobs, times, findings);
}

void examine_runs(const Server& server, const Times& times, Findings& findings) {
    const Document about = server.get("/api/v1/server");
    const auto now = parse_time(text_at(about.value(), "time"));
    const Server::List running = server.list(executions_path("running,stopping", "0"), "executions", kMostCounted);
    const Server::List scheduled = server.list(executions_path("scheduled", "0"), "executions", kMostCounted);
    const Waiting waiting = waiting_long(scheduled, now ? now->at : 0);
    const Value* workers = about.value().find("workers");
    const std::size_t most = workers == nullptr ? 0 : static_cast<std::size_t>(number_at(*workers, "max"));
    const std::string busy = std::to_string(running.items.size()) + " running, " +
                             std::to_string(scheduled.items.size()) + (scheduled.more ? " and more" : "") + " waiting";
    if (waiting.oldest == nullptr) return findings.good("runs", busy);
    const std::string oldest = "the oldest is execution " + text_at(*waiting.oldest, "execution_id") + " of " +
                               text_at(*waiting.oldest, {"job", "job_id"}) + ", due " + times.shown(waiting.due);
    if (most > 0 && running.items.size() >= most)
        return findings.wrong(
            "workers",
            "all " + std::to_string(most) + " are busy and " + std::to_string(waiting.number) + " runs wait; " + oldest,
            "see what runs so long: foliot executions list --state running; end it: foliot executions\n"
            "stop ID; or raise workers.max");
    const std::string why = reason_of(server, *waiting.oldest);
    findings.wrong("runs", std::to_string(waiting.number) + " wait; " + oldest + (why.empty() ? "" : "\n") + why,
                   "foliot executions list --state scheduled shows them");
}

}  // namespace foliot::cli
