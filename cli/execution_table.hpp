#pragma once

#include "cli/server.hpp"
#include "cli/table.hpp"
#include "cli/times.hpp"

namespace foliot::cli {

/// Executions, in the order of the list.
Table execution_table(const Server::List& list, const Times& times);

}  // namespace foliot::cli
