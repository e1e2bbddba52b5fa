// The options by which a job, or a run of one, is told its arguments.
#pragma once

#include "cli/server.hpp"

#include <string>
#include <vector>

namespace foliot::cli {

/// A command's own options, and --args, --kwargs, --arg.
std::vector<OptionSpec> with_argument_options(std::vector<OptionSpec> own);
bool has_arguments(const Options& options);

struct Arguments {
    std::string args, kwargs;  ///< JSON: an array, an object; "": not given
};

/// --arg's values are read by the types that the function declares. Throws UsageError for what is no JSON of its kind,
/// CommandError for a function that the server does not have.
Arguments arguments_of(const Server& server, const Options& options, const std::string& func);

/// As members "pub_args" and "kwargs": both when any is given, for the API leaves the other one as it was.
void write_arguments(json::Writer& body, const Arguments& arguments);

}  // namespace foliot::cli
