// Until when a run must have ended, counted over all its attempts.
#pragma once

#include "store/sqlite/work.hpp"

namespace foliot::store::sqlite {

/// Of a stored run; 0: none. A fire counts from its nominal time, a run by hand from when it was asked for, a retry as
/// its first attempt.
Micros deadline_of(Work& work, RunId run, const Definition& definition);
/// Of a fire that is not stored yet.
inline Micros deadline_of(Micros nominal, const Definition& definition) {
    return definition.deadline == 0 ? 0 : nominal + definition.deadline;
}

}  // namespace foliot::store::sqlite
