// How executions end, as numbers: final states and reasons, of which there is a bounded set whatever job code says.
#pragma once

#include "domain/execution.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace foliot {

inline constexpr int kFirstFinal = static_cast<int>(RunState::succeeded);
inline constexpr std::size_t kFinalStates = static_cast<std::size_t>(RunState::skipped) - kFirstFinal + 1;

/// The last one stands for all that have no place here: "crashed:SIGSEGV" has one, as "crashed"; what a job made up has
/// none.
inline constexpr std::array<std::string_view, 40> kReasons{"",
                                                           "exception",
                                                           "failure",
                                                           "retry_after",
                                                           "permanent",
                                                           "bad_arguments",
                                                           "crashed",
                                                           "exited",
                                                           "breaker",
                                                           "out_of_memory",
                                                           "cpu_limit",
                                                           "file_size_limit",
                                                           "interrupted",
                                                           "lost",
                                                           "result_lost",
                                                           "protocol_error",
                                                           "snoozed_too_often",
                                                           "abi_violation",
                                                           "invalid_result",
                                                           "result_too_large",
                                                           "no_function",
                                                           "timeout",
                                                           "deadline",
                                                           "stopped",
                                                           "deleted",
                                                           "replaced",
                                                           "snoozed",
                                                           "cancelled",
                                                           "unresolved",
                                                           "secret",
                                                           "load_error",
                                                           "spawn_failed",
                                                           "misfire",
                                                           "module_unavailable",
                                                           "cap",
                                                           "overlap",
                                                           "queue_full",
                                                           "paused",
                                                           "edited",
                                                           "other"};

constexpr std::size_t number_of_reason(std::string_view reason) {
    const std::string_view name = reason.substr(0, reason.find(':'));
    std::size_t at = 0;
    while (at + 1 < kReasons.size() && kReasons[at] != name) ++at;
    return at;
}

}  // namespace foliot
