// Until when a run must have ended, counted over all its attempts.
#pragma once

#include "domain/job.hpp"

namespace foliot::store::sqlite {

/// From when the deadline of the row `e` counts: a fire from its nominal time, a run by hand from when it was asked
/// for, a retry as its first attempt, which it carries along: history may have forgotten that one.
#define FOLIOT_SINCE "coalesce(e.since,iif(e.origin=1,e.due,e.nominal))"

/// 0: none.
inline Micros deadline_of(Micros since, const Definition& definition) {
    return definition.deadline == 0 ? 0 : since + definition.deadline;
}

}  // namespace foliot::store::sqlite
