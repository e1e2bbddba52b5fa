// The header Retry-After: seconds, or a date.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace http {

/// How long to wait from `now`, at least a second and at most an hour: the job should neither be hammering nor be put
/// to sleep for years by who answers it. Nothing when it cannot be read.
std::optional<std::chrono::seconds> retry_after(const std::string& text, std::chrono::sys_seconds now);

}  // namespace http
