// What the log tells of requests.
#pragma once

#include "api/http/log_budget.hpp"
#include "base/clock.hpp"

#include <string_view>

namespace foliot::api {

/// A request that has its answer. What is not known is empty.
struct Answered {
    std::string_view id;
    int status = 0;
    Micros took = 0;
    std::string_view method{}, path{}, user{}, peer{};
    std::string_view why{};  ///< of a refusal
};

/// A line at info for each request that changes something. Those that failed have one as long as there are not too
/// many of them: a crowd of strangers must not fill the disk, nor hide what users meet. Everything else at debug.
/// Thread-safe.
class RequestLog {
  public:
    explicit RequestLog(const Clock& clock) : clock_(clock) {}
    void note(const Answered& request);

  private:
    const Clock& clock_;
    LogBudget of_users_{60, kSecond};
    LogBudget of_strangers_{60, kSecond};
};

}  // namespace foliot::api
