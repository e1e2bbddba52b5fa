// What a run that has not begun waits for, in a sentence.
#pragma once

#include "service/explain.hpp"

#include <string>

namespace foliot::service {

/// Of a run that is waiting, blocked or ready; begins with a blank, to stand behind a subject.
std::string waiting_text(const FireCase& fire, const store::RunView& run);

}  // namespace foliot::service
