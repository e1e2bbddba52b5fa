#include "runner/checks.hpp"

#include "base/json.hpp"

#include <foliot/abi.h>

#include <algorithm>

namespace foliot::runner {

namespace {

constexpr Micros kSlack = 3600 * kSecond;  ///< a smaller lie harms nobody but who tells it

void check_json(const std::string& text) {
    if (text.empty() || text == "null") return;
    try {
        json::parse(text);
    } catch (const json::SyntaxError& e) {
        throw process::ProtocolError(std::string("the result is no JSON: ") + e.what());
    }
}

}  // namespace

void check_time(const char* what, Micros at, Span possible) {
    if (at >= possible.from - kSlack && at <= possible.to + kSlack) return;
    throw process::ProtocolError(std::string(what) + " " + std::to_string(at) + " is not between " +
                                 std::to_string(possible.from) + " and " + std::to_string(possible.to));
}

void check_result(const process::Result& result, Span possible, std::size_t longest) {
    if (result.outcome < FOLIOT_OK || result.outcome > FOLIOT_CANCELLED)
        throw process::ProtocolError("there is no outcome " + std::to_string(result.outcome));
    if (result.result.size() > longest) throw process::ProtocolError("the result is too large");
    check_json(result.result);
    if (result.started == 0) {
        if (result.outcome == FOLIOT_OK) throw process::ProtocolError("a run that never began has succeeded");
        if (result.ended != 0) check_time("the end", result.ended, possible);
        return;
    }
    check_time("the start", result.started, possible);
    check_time("the end", result.ended, possible);
    if (result.ended < result.started) throw process::ProtocolError("the end is before the start");
}

std::optional<process::LedgerFinding> believed(std::optional<process::LedgerFinding> found, Span possible) {
    if (!found) return found;
    if (found->phase > process::LedgerPhase::ended) found->phase = process::LedgerPhase::started;
    if (found->phase == process::LedgerPhase::none) return found;
    found->started = std::clamp(found->started, possible.from, std::max(possible.from, possible.to));
    if (found->phase == process::LedgerPhase::ended)
        found->ended = std::clamp(found->ended, found->started, std::max(found->started, possible.to));
    return found;
}

}  // namespace foliot::runner
