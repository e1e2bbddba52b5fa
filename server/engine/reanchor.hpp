// After a step back of the clock that was accepted: jobs whose accounts lie in the future start anew from now.
#pragma once

#include "store/store.hpp"

namespace foliot::engine {

/// Moves cursor, anchor and next fire of every unfinished job that accounts for fires after now, 500 a unit, with an
/// audit row each, but not of one whose next run was set by hand to beyond the clock before the step; then, in one last
/// unit, brings what waits (retries, snoozes) forward by `back` and writes `note`: what went before it may be done
/// again, and that unit ends it. A date that has fired stays as it is; a nominal that a job had before the step may
/// come again. Throws StoreUnavailable, CommitUnknown: call it again.
void reanchor(store::Store& store, Micros back, const std::optional<store::AuditEntry>& note = {});

/// The trigger from now on: an interval that began by the clock that was ahead, and would stay silent until it is
/// reached again, keeps its beat but begins within one interval from now.
trigger::Trigger rebased(const trigger::Trigger& trigger, Micros cursor, Micros now);

}  // namespace foliot::engine
