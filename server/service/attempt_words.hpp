// One attempt of a run in a sentence.
#pragma once

#include "service/explain.hpp"

#include <string>
#include <string_view>

namespace foliot::service {

/// The word for where a run is or how it ended: queued, running, succeeded...
std::string_view outcome_of(RunState state);

/// How the attempt went, or where it stands. `subject` begins the sentence: "It", "Attempt 2".
std::string attempt_text(const FireCase& fire, const store::RunView& run, const std::string& subject);

/// After the last attempt, one that failed: why no other one follows; "" when there is nothing to say.
std::string no_more_attempts_text(const store::RunView& last);

}  // namespace foliot::service
