// Does the server answer, start work, know who asks, and have time and space?
#include "base/time_text.hpp"
#include "cli/doctor.hpp"

#include <cstdlib>

namespace foliot::cli {
namespace {

constexpr std::int64_t kLittleSpace = 256L << 20;
constexpr Micros kSkew = 5 * kSecond;

void examine_readiness(const Readiness& ready, Findings& findings) {
    if (ready.starts_work()) return findings.good("scheduler", "running");
    std::string advice = "the reason says what to do; foliotd's log says since when";
    if (ready.status == "draining") advice = "to go on: foliot scheduler undrain, or start the server again";
    if (ready.engine == "paused") advice = "to go on: foliot scheduler resume";
    if (ready.engine == "stopped" && ready.reason.empty()) advice = "to go on: foliot scheduler start";
    if (ready.engine == "stopped" && !ready.reason.empty()) advice = "name this host in scheduler.allowed_hosts";
    const bool only_paused = ready.engine == "paused" && ready.status != "draining";
    findings.wrong("scheduler", (only_paused ? "nothing fires, " : "it starts nothing, ") + ready.words(), advice);
}

void examine_clock(const json::Value& about, Findings& findings) {
    const auto theirs = parse_time(text_at(about, "time"));
    const SystemClock clock;
    const Micros ours = clock.now();
    if (!theirs) return;
    if (std::llabs(theirs->at - ours) < kSkew) return findings.good("clock", "as here");
    findings.wrong("clock",
                   "the server's is " + length_text(std::llabs(theirs->at - ours)) +
                       (theirs->at > ours ? " ahead of" : " behind") + " the one here",
                   "see which is wrong (timedatectl) and have both kept right by NTP");
}

void examine_disk(const json::Value& about, Findings& findings) {
    if (text_at(about, "disk_free").empty()) return;
    const std::int64_t free = number_at(about, "disk_free");
    if (free >= kLittleSpace) return findings.good("disk", bytes_text(free) + " free");
    findings.wrong("disk", "only " + bytes_text(free) + " are free where the server's data folder is",
                   "make space: when it is full nothing is started");
}

void examine_version(const json::Value& about, Findings& findings) {
    const std::string version = text_at(about, "version");
    const std::string text = "foliot " + version + " on " + text_at(about, "hostname");
    if (version == FOLIOT_VERSION) return findings.good("version", text);
    findings.note("version", text + "; this command is " FOLIOT_VERSION, "have both from the same release");
}

/// The weaker of role and scope decides.
std::string what_they_may(const std::string& role, const std::string& scope) {
    if (role == "viewer" || scope == "read") return "may look, and run and change nothing";
    if (scope == "run") return "may run, stop and pause, and change nothing else";
    if (role == "operator" || scope == "write")
        return "may run and change jobs, not administer the server and its users";
    return "may do everything";
}

void examine_caller(const Server& server, const json::Value& about, Findings& findings) {
    const std::string role = text_at(about, "role"), scope = text_at(about, "scope");
    const std::string text = text_at(about, "user") + ", role " + role + ", scope " + scope +
                             (server.token_source().empty() ? "" : ", by " + server.token_source()) + ": " +
                             what_they_may(role, scope);
    const bool may_run = role != "viewer" && scope != "read";
    if (may_run) return findings.good("you", text);
    findings.note("you", text, "an Admin can make a token with more scope, or put the user into another group");
}

}  // namespace

bool examine_server(const Server& server, Findings& findings) {
    const Readiness ready = readiness(server);
    findings.good("server", server.url() + " answers");
    examine_readiness(ready, findings);
    try {
        const Document about = server.get("/api/v1/server");
        examine_version(about.value(), findings);
        examine_caller(server, about.value(), findings);
        examine_clock(about.value(), findings);
        examine_disk(about.value(), findings);
        return true;
    } catch (const Rejected& error) {
        const bool older = error.status() == 404;
        findings.wrong(older ? "version" : "you", error.what(), older ? "the server is older than this command" : "");
        return older;
    }
}

}  // namespace foliot::cli
