// Job code shares its worker's channel and ledger slot: what it may have forged must not reach those who read the
// history.
#pragma once

#include "process/frames.hpp"
#include "process/ledger.hpp"

#include <optional>

namespace foliot::runner {

/// When a run can have begun and ended, by its own clock (UTC).
struct Span {
    Micros from, to;
};

/// What can be shown to readers.
inline constexpr Span kAnyTime{3600 * kSecond, 253'402'300'799 * kSecond - 3600 * kSecond};

/// Both throw process::ProtocolError with what is wrong.
void check_time(const char* what, Micros at, Span possible);
void check_result(const process::Result& result, Span possible, std::size_t longest);

/// As much of it as can be true.
std::optional<process::LedgerFinding> believed(std::optional<process::LedgerFinding> found, Span possible);

}  // namespace foliot::runner
