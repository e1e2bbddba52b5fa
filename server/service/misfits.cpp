#include "service/misfits.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "service/unit.hpp"
#include "service/words.hpp"

#include <exception>
#include <map>
#include <optional>
#include <utility>

namespace foliot::service {
namespace {

constexpr std::size_t kJobsARead = 500;
constexpr std::size_t kMostNamed = 5;
constexpr std::size_t kMostProblems = 20;  // in the log: texts may name values, and so differ for each job

/// Nothing when the job can run.
std::optional<Misfit> misfit(const module::Catalogue& catalogue, const Job& job) {
    const Definition& definition = job.definition;
    std::string why;
    const auto found = catalogue.resolve(definition.func, why);
    if (found) {
        try {
            module::check_arguments(*found->function, definition.args, definition.kwargs);
            return std::nullopt;
        } catch (const RequestError& error) {
            why = "its arguments do not fit (any more): " + std::string(error.what());
        }
    }
    return Misfit{job.state.id, definition.func.text(), why};
}

struct Group {
    std::int64_t jobs = 0;
    std::string first;  ///< ids
};

}  // namespace

std::string Misfits::modules_now() const {
    std::string all;
    for (const auto& module : catalogue_.modules())
        all.append(module->name).append(" ").append(module->identity).append(module::status_name(module->status)) +=
            '\n';
    return all;
}

void Misfits::look() {
    try {
        std::string now = modules_now();
        if (now == looked_at_) return;
        walk();
        looked_at_ = std::move(now);
    } catch (const std::exception& e) {
        log::warning("jobs-not-looked-at",
                     std::string("which jobs fit the modules as they are cannot be told now: ") + e.what());
    }
}

/// A page a snapshot.
void Misfits::walk() {
    std::map<std::string, Group> by_problem;
    std::vector<std::string> found;
    std::int64_t others = 0;
    for (std::optional<std::int64_t> after = 0; after;) {
        store::Page<Job> page;
        read(store_, [&](store::Snapshot& seen) { page = seen.jobs({.limit = kJobsARead, .after = *after}); });
        for (const Job& job : page.items) {
            const auto bad = misfit(catalogue_, job);
            if (!bad) continue;
            if (found.size() < kMost) found.push_back(bad->job_id);
            const std::string problem = bad->func + ": " + bad->problem;
            if (by_problem.size() >= kMostProblems && !by_problem.contains(problem)) {
                ++others;
                continue;
            }
            Group& group = by_problem[problem];
            if (++group.jobs <= static_cast<std::int64_t>(kMostNamed))
                group.first += (group.first.empty() ? "" : ", ") + bad->job_id;
        }
        after = page.next;
    }
    for (const auto& [problem, group] : by_problem) {
        const bool all = group.jobs <= static_cast<std::int64_t>(kMostNamed);
        log::warning("jobs-unfit", counted(group.jobs, "job") + " cannot run as they are (" + group.first +
                                       (all ? "" : ", ...") + "): " + problem);
    }
    if (others > 0)
        log::warning("jobs-unfit", counted(others, "job") + " more cannot run as they are, for other reasons");
    const std::lock_guard lock(mutex_);
    found_ = std::move(found);
}

std::vector<Misfit> Misfits::list() const {
    std::vector<std::string> ids;
    {
        const std::lock_guard lock(mutex_);
        ids = found_;
    }
    std::vector<Misfit> still;
    if (ids.empty()) return still;
    read(store_, [&](store::Snapshot& seen) {
        for (const std::string& id : ids) {
            const auto job = seen.job(id);
            if (!job) continue;
            if (auto bad = misfit(catalogue_, *job)) still.push_back(*std::move(bad));
        }
    });
    return still;
}

}  // namespace foliot::service
