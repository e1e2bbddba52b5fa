// What `foliot doctor` looks at, one file a kind.
#pragma once

#include "cli/overview.hpp"
#include "cli/times.hpp"

#include <string>
#include <vector>

namespace foliot::cli {

/// What was found: `wrong` ones keep something from running, the others are good to know.
struct Finding {
    enum class Kind { good, note, wrong } kind = Kind::good;
    std::string about, text;
    std::string advice;  ///< what to do; "": nothing
};

class Findings {
  public:
    void good(std::string about, std::string text) { add(Finding::Kind::good, std::move(about), std::move(text), {}); }
    void note(std::string about, std::string text, std::string advice = {}) {
        add(Finding::Kind::note, std::move(about), std::move(text), std::move(advice));
    }
    void wrong(std::string about, std::string text, std::string advice) {
        add(Finding::Kind::wrong, std::move(about), std::move(text), std::move(advice));
    }
    const std::vector<Finding>& all() const { return all_; }
    bool healthy() const;

  private:
    void add(Finding::Kind kind, std::string about, std::string text, std::string advice) {
        all_.push_back({kind, std::move(about), std::move(text), std::move(advice)});
    }
    std::vector<Finding> all_;
};

/// Reachable, ready, which version, its clock and disk, who asks. False: nothing more can be asked.
bool examine_server(const Server& server, Findings& findings);
void examine_modules(const Server& server, const Times& times, Findings& findings);
void examine_jobs(const Server& server, const Times& times, Findings& findings);
void examine_runs(const Server& server, const Times& times, Findings& findings);
/// As root where the server of the packages runs: its unit, its data folder, the warnings in its log.
void examine_machine(const Options& options, Findings& findings);

}  // namespace foliot::cli
