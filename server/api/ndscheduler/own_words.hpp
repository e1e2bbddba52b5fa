// What lower rooms say of a job, in the words of this dialect.
#pragma once

#include "base/error.hpp"

#include <string_view>

namespace foliot::api::ndscheduler {

/// "Job not found: ID", and the dialect's names of fields.
RequestError in_own_words(const RequestError& error, std::string_view job_id);

/// What `act()` gives; what it throws is told in own words.
template <class Act>
auto worded(std::string_view job_id, const Act& act) {
    try {
        return act();
    } catch (const RequestError& error) {
        throw in_own_words(error, job_id);
    }
}

}  // namespace foliot::api::ndscheduler
