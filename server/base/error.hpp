// Errors that reach a caller of the API. Bugs assert; what is expected is a value; the rest throws one of these,
// or std::runtime_error with found, wanted and where in its text.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace foliot {

/// What went wrong with a request, in words that every dialect maps to its own status and body.
enum class Problem {
    malformed,        ///< the body cannot be read at all (not JSON, bad UTF-8, too deep)
    invalid,          ///< a field is missing, has the wrong type, an impossible value, or is unknown
    unauthenticated,  ///< no valid credentials
    forbidden,        ///< valid credentials, not enough power
    not_found,        ///< the resource does not exist
    conflict,         ///< exists already, or changed since it was read
    wrong_state,      ///< right request at the wrong time (scheduler already running, queue full...)
    too_large,        ///< over a limit on size
    throttled,        ///< too many attempts; later
    unavailable,      ///< the store cannot take it now; nothing was changed
};

/// A request that was refused. Nothing was changed. `field` names the offending input field, if there is one.
class RequestError : public std::runtime_error {
  public:
    RequestError(Problem problem, const std::string& text, std::string field = {})
        : std::runtime_error(text), problem_(problem), field_(std::move(field)) {}

    Problem problem() const noexcept { return problem_; }
    const std::string& field() const noexcept { return field_; }
    /// Seconds after which it is worth trying again; 0: nobody knows.
    int retry_after() const noexcept { return retry_after_; }
    void set_retry_after(int seconds) noexcept { retry_after_ = seconds; }

  private:
    Problem problem_;
    std::string field_;
    int retry_after_ = 0;
};

/// Problem::throttled.
RequestError throttled(const std::string& text, int retry_after);

/// Problem::invalid for `field`; the text names it: "field 'hour': ...".
RequestError invalid_field(std::string_view field, std::string_view reason);

/// "what: strerror(code)" as std::system_error; for system calls that failed.
[[noreturn]] void throw_errno(const std::string& what);
[[noreturn]] void throw_errno(const std::string& what, int code);

}  // namespace foliot
