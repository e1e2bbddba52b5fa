// A run as it is shown on a terminal, or to a program that reads its end as JSON.
#pragma once

#include "base/fd.hpp"
#include "cli/run_request.hpp"

#include <string>

namespace foliot::cli {

/// What the run prints goes where it prints it, its log and progress to standard error. `end_as_json`: standard output
/// is for the last line alone, so the rest all goes to standard error, also what is printed in this very process.
class Console final : public Audience {
  public:
    explicit Console(bool end_as_json);
    void on_output(Stream stream, std::string_view bytes) override;
    void on_log(Micros at, std::string_view line) override;
    void on_progress(std::optional<double> fraction, std::string_view note) override;

    /// How it ended.
    void show(const RunRequest& request, const RunReport& report);

  private:
    void show_as_json(const RunRequest& request, const RunReport& report);
    Fd json_out_;  ///< what was standard output; none: the end is not told as JSON
    std::string last_progress_;
};

}  // namespace foliot::cli
