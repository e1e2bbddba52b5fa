#include "service/privileged_jobs.hpp"

#include "base/log.hpp"
#include "service/unit.hpp"
#include "service/words.hpp"

#include <exception>
#include <map>
#include <sstream>
#include <vector>

namespace foliot::service {
namespace {

constexpr std::size_t kJobsARead = 1'000;
constexpr std::size_t kMostNamed = 5;
constexpr const char* kGood = "privileged_modules_good";

using Modules = std::set<std::string>;

struct Found {
    std::int64_t jobs = 0;
    std::string first;  ///< ids
};
using FoundByModule = std::map<std::string, Found>;

Modules modules_of(const std::string& words) {
    std::istringstream text(words);
    Modules modules;
    for (std::string module; text >> module;) modules.insert(module);
    return modules;
}

std::string words_of(const Modules& modules) {
    std::string words;
    for (const std::string& module : modules) words += (words.empty() ? "" : " ") + module;
    return words;
}

/// Walks over the jobs, a page a snapshot.
class Walk {
  public:
    Walk(store::Store& store, const Modules& modules) : store_(store), modules_(modules) {}

    FoundByModule run() {
        for (std::optional<std::int64_t> after = 0; after;) {
            read(store_, [&](store::Snapshot& seen) {
                const auto page = seen.authors(kJobsARead, *after);
                for (const store::JobAuthor& job : page.items) look(seen, job);
                after = page.next;
            });
        }
        return std::move(found_);
    }

  private:
    void look(store::Snapshot& seen, const store::JobAuthor& job) {
        const std::string module = job.func.substr(0, job.func.find(':'));
        if (!modules_.contains(module) || is_admin(seen, job.account)) return;
        Found& found = found_[module];
        if (++found.jobs <= static_cast<std::int64_t>(kMostNamed))
            found.first += (found.first.empty() ? "" : ", ") + job.id;
    }
    bool is_admin(store::Snapshot& seen, std::int64_t id) {
        const auto known = admins_.find(id);
        if (known != admins_.end()) return known->second;
        const auto account = seen.accounts().account(id);
        return admins_[id] = account && account->role == Role::admin;
    }

    store::Store& store_;
    const Modules& modules_;
    FoundByModule found_;
    std::map<std::int64_t, bool> admins_;
};

void say(const FoundByModule& found) {
    for (const auto& [module, jobs] : found) {
        const bool all = jobs.jobs <= static_cast<std::int64_t>(kMostNamed);
        log::warning("privileged-jobs-by-others",
                     counted(jobs.jobs, "job") + " of the privileged module '" + module +
                         "' last saved by users who are no Admins (" + jobs.first + (all ? "" : ", ...") +
                         "): they go on as they are; save them as an Admin if they are good, or delete them");
    }
}

void look_and_say(store::Store& store, const Modules& privileged) {
    std::string before;
    read(store, [&](store::Snapshot& seen) { before = seen.setting(kGood); });
    Modules unknown = privileged, good;
    for (const std::string& module : modules_of(before)) {
        if (unknown.erase(module) == 1) good.insert(module);
    }
    if (!unknown.empty()) {
        const FoundByModule found = Walk(store, unknown).run();
        say(found);
        for (const std::string& module : unknown) {
            if (!found.contains(module)) good.insert(module);
        }
    }
    if (words_of(good) == before) return;
    write(store, [&](store::Tx& tx) {
        const bool doubted_meanwhile = tx.settings().get(kGood).value_or("") != before;
        if (!doubted_meanwhile) tx.settings().set(kGood, words_of(good));
    });
}

}  // namespace

void warn_of_jobs_by_others(store::Store& store, const std::set<std::string>& privileged_modules) {
    try {
        look_and_say(store, privileged_modules);
    } catch (const std::exception& e) {
        log::warning("privileged-jobs-unknown",
                     std::string("who saved the jobs of privileged modules cannot be told now: ") + e.what());
    }
}

/// No name of a module, and another one each time: a look that goes on sees that it came too late.
void doubt_privileged_jobs(store::Tx& tx) { tx.settings().set(kGood, "doubted:" + std::to_string(tx.now())); }

}  // namespace foliot::service
