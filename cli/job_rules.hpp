// The options by which `jobs add` sets the other fields of a job: what they mean the server says.
#pragma once

#include "base/json.hpp"
#include "cli/options.hpp"

#include <string>
#include <vector>

namespace foliot::cli {

/// A command's own options, and --description, --timeout, --max-retries, --tag, --set.
std::vector<OptionSpec> with_rule_options(std::vector<OptionSpec> own);

/// As members. Throws UsageError: no length, no number, no FIELD=VALUE, a field that has its own option or comes twice.
void write_rules(json::Writer& body, const Options& options);

/// What the server says of a field, in words of the option that sets it.
std::string in_options(std::string text);

}  // namespace foliot::cli
