// What a run that has not begun waits for, in a sentence.
#pragma once

#include "service/explain.hpp"

#include <string>
#include <string_view>

namespace foliot::service {

enum class Wait {
    time,       ///< it is not due yet
    turn,       ///< due, and about to be queued
    scheduler,  ///< nothing is started now, by all servers or this one
    job,        ///< which is paused
    run,        ///< another one of its job
    module,     ///< which cannot be used
    limit,      ///< a place under one
    worker,     ///< a free one
};
std::string_view name_of(Wait wait);

/// Of a run that is waiting, blocked or ready.
Wait wait_of(const FireCase& fire, const store::RunView& run);

/// The same; begins with a blank, to stand behind a subject.
std::string waiting_text(const FireCase& fire, const store::RunView& run);

}  // namespace foliot::service
