// Modules and jobs that cannot run, jobs that are paused, runs that wait.
#include "base/time_text.hpp"
#include "cli/doctor.hpp"
#include "cli/job_words.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace foliot::cli {
namespace {

using json::Value;

constexpr std::size_t kMostTold = 5;  // of a kind, one by one
constexpr std::size_t kMostCounted = 1'000;
constexpr std::size_t kMostAsked = 20;  // jobs whose runs wait, why they do
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
    const Value* run = nullptr;
    Micros due = 0;
};

/// Those that could have begun for a while: the first of each job, for the others wait for it; the oldest first.
struct WaitingLong {
    std::size_t number = 0;  ///< of them all
    std::vector<Waiting> first;
};

WaitingLong waiting_long(const Server::List& scheduled, Micros now) {
    WaitingLong waiting;
    std::map<std::string, Waiting> by_job;
    for (const Value* run : scheduled.items) {
        const auto due = parse_time(text_at(*run, "due_time"));
        if (!due || due->at > now - kWaitsLong) continue;
        ++waiting.number;
        Waiting& first = by_job[text_at(*run, {"job", "job_id"})];
        if (first.run == nullptr || due->at < first.due) first = {run, due->at};
    }
    for (const auto& [job, first] : by_job) waiting.first.push_back(first);
    std::ranges::sort(waiting.first, {}, &Waiting::due);
    return waiting;
}

RunExplanation why(const Server& server, const Value& run) {
    RunExplanation told = explanation_of(server, text_at(run, "execution_id"));
    if (told.text.empty()) told.text = text_at(run, "reason");
    return told;
}

/// A job whose run waits for an earlier one of it is in order; another wait is told first.
struct Held {
    const Waiting* waiting = nullptr;
    RunExplanation why;
};

Held what_is_held(const Server& server, const WaitingLong& waiting) {
    Held held;
    for (std::size_t i = 0; i < std::min(waiting.first.size(), kMostAsked); ++i) {
        RunExplanation told = why(server, *waiting.first[i].run);
        const bool in_order = told.waits_for == "run";
        if (held.waiting != nullptr && in_order) continue;
        held = {&waiting.first[i], std::move(told)};
        if (!in_order) break;
    }
    return held;
}

}  // namespace

void examine_modules(const Server& server, const Times& times, Findings& findings) {
    const Document answer = server.get("/api/v1/modules");
    std::size_t good = 0;
    for (const Value& module : items_at(answer.value(), "modules")) {
        const std::string name = text_at(module, "name"), status = text_at(module, "status");
        good += status == "ok";
        if (status != "ok")
            findings.wrong("module " + name, status + ": " + times.within(text_at(module, "problem")),
                           "its runs wait until its file is good: mend or remove " + text_at(module, "path"));
        for (const Value& function : items_at(module, "broken")) {
            const std::string func = name + ":" + function.string;
            findings.wrong("function " + func, "crashed too often and is not run",
                           "install another version of its module, or foliot functions resume " + func);
        }
    }
    const auto& unfit = items_at(answer.value(), "jobs_that_cannot_run");
    for (std::size_t i = 0; i < std::min(unfit.size(), kMostTold); ++i)
        findings.wrong("job " + text_at(unfit[i], "job_id"), times.within(text_at(unfit[i], "problem")),
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
    const WaitingLong waiting = waiting_long(scheduled, now ? now->at : 0);
    const Value* workers = about.value().find("workers");
    const std::size_t most = workers == nullptr ? 0 : static_cast<std::size_t>(number_at(*workers, "max"));
    const std::string busy = std::to_string(running.items.size()) + " running, " +
                             std::to_string(scheduled.items.size()) + (scheduled.more ? " and more" : "") + " waiting";
    if (waiting.first.empty()) return findings.good("runs", busy);
    const Held held = what_is_held(server, waiting);
    const Value& run = *held.waiting->run;
    const std::string oldest = (held.waiting == &waiting.first.front() ? "the oldest is" : "one is") +
                               std::string(" execution ") + text_at(run, "execution_id") + " of " +
                               text_at(run, {"job", "job_id"}) + ", due " + times.shown(held.waiting->due);
    if (held.why.waits_for == "worker" && most > 0 && running.items.size() >= most)
        return findings.wrong(
            "workers",
            "all " + std::to_string(most) + " are busy and " + std::to_string(waiting.number) + " runs wait; " + oldest,
            "see what runs so long: foliot executions list --state running; end it: foliot executions\n"
            "stop ID; or raise workers.max");
    const std::string text = std::to_string(waiting.number) + " wait; " + oldest + (held.why.text.empty() ? "" : "\n") +
                             times.within(held.why.text);
    const std::string advice = "foliot executions list --state scheduled shows them";
    const bool all_in_order = held.why.waits_for == "run" && waiting.first.size() <= kMostAsked;
    if (all_in_order)
        findings.note("runs", text, advice);
    else
        findings.wrong("runs", text, advice);
}

}  // namespace foliot::cli
