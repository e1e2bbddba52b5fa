// When a job shall fire, as the options of `jobs add` say it.
#pragma once

#include "cli/options.hpp"

#include <string>

namespace foliot::cli {

struct GivenTrigger {
    std::string json;     ///< as the API takes it; "": nothing is said
    bool is_now = false;  ///< it has only this one fire, at once
    std::string note;     ///< what a change of the clock does to --at; "": nothing
};

/// By --cron, --every, --at or --schedule, and --timezone. Throws UsageError, for a time that is past, too.
GivenTrigger given_trigger(const Options& options);

/// Seconds. Throws UsageError that names the option.
double seconds_of(const Options& options, const std::string& name);

}  // namespace foliot::cli
