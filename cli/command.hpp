// The table of what `foliot` can do.
#pragma once

#include "cli/exit_codes.hpp"
#include "cli/options.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace foliot::cli {

/// What was asked for cannot be done. what() says what is wrong and what to do.
class CommandError : public std::runtime_error {
  public:
    explicit CommandError(const std::string& text, ExitCode code = kImpossible)
        : std::runtime_error(text), code_(code) {}
    ExitCode code() const noexcept { return code_; }

  private:
    ExitCode code_;
};

struct Command {
    std::string name;                ///< as it is typed: "module new"
    std::vector<std::string> words;  ///< what it must be given, in order, in capitals
    std::string summary;             ///< one line
    std::vector<OptionSpec> options{};
    std::string details{};  ///< for its --help; whole lines
    int (*run)(const Options&) = nullptr;
    bool for_people = true;  ///< false: it is our own, and not in the help
};

const std::vector<Command>& commands();

std::string help_of(const Command& command);
/// Of all commands whose name begins with `group`.
std::string overview(const std::string& group = {});

/// Runs what `arguments` (without the program's name) ask for; says on standard error what went wrong. An exit status:
/// kImpossible also when standard output did not take all that was printed there.
int run(const std::vector<std::string>& arguments);

}  // namespace foliot::cli
