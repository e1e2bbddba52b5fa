// What a job's request comes to: redirects followed as far as wished, the answer judged, told as a result.
#pragma once

#include "settings.hpp"
#include "status_set.hpp"
#include "transfer.hpp"

#include <foliot/context.hpp>
#include <foliot/json.hpp>

#include <string>
#include <vector>

namespace http {

struct Request {
    Outgoing outgoing;
    int follow_redirects = 0;  ///< at most so many
    StatusSet accept;
    std::vector<std::string>
        secrets;  ///< values that no result, error or log line may hold, nor what secrets_in() finds
};

/// Returns the result when the status is one of those accepted. Otherwise throws what says how the run ends: Failure,
/// RetryAfter, PermanentFailure where the policy refuses, Cancelled.
foliot::Object perform(foliot::Context& context, Request request, const Settings& settings);

}  // namespace http
