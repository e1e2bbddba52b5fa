// What is asked of a server to see how it does: for `status` and `doctor`.
#pragma once

#include "cli/server.hpp"

#include <optional>
#include <string>

namespace foliot::cli {

/// So many, or more than were counted.
struct Count {
    std::size_t number = 0;
    bool more = false;
    std::string text() const { return (more ? "more than " : "") + std::to_string(number); }
};

/// Items of a list, counted up to a thousand.
Count count(const Server& server, const std::string& path, const std::string& member);

/// Executions in these states ("a,b"), made since then (ISO 8601; "0": ever).
std::string executions_path(const std::string& states, const std::string& since);

/// GET /readyz: its status does not matter. Throws Unreachable.
struct Readiness {
    std::string text;    ///< as it came: JSON
    std::string status;  ///< ok, draining, unavailable
    std::string engine;  ///< running, paused, stopped; "" unless ok
    std::string reason;
    bool starts_work() const { return status == "ok" && engine == "running"; }
    std::string words() const;  ///< "paused"; "unavailable: the disk is full"
};
Readiness readiness(const Server& server);

/// What the server says of a run.
struct RunExplanation {
    std::string text;
    std::string waits_for;  ///< one word, as docs/rest-reference.md has them; "": it does not wait
};
/// Empty when it cannot say: the run is gone, or the server is of an older release.
RunExplanation explanation_of(const Server& server, const std::string& execution_id);

inline constexpr const char* kBadEnds = "failed,timeout,scheduled error,missed";

/// "module:function" of how this API writes it, with a dot.
std::string func_of(const std::string& dotted);

/// "4.2 GiB"
std::string bytes_text(std::int64_t bytes);

}  // namespace foliot::cli
