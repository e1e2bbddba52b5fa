// What root sees on the server's own machine.
#include "cli/child.hpp"
#include "cli/doctor.hpp"
#include "cli/interrupt.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace foliot::cli {
namespace {

namespace fs = std::filesystem;

constexpr Micros kLimit = 10 * kSecond;
constexpr const char* kUnit = "foliot.service";

/// What a program of the system says; nothing: it is not there.
std::optional<std::string> said_by(const fs::path& program, const std::vector<std::string>& arguments) {
    if (::access(program.c_str(), X_OK) != 0) return std::nullopt;
    ChildReport report = run_child(program, arguments, kLimit, {{}, interrupts()});
    while (report.out.ends_with('\n')) report.out.pop_back();
    return report.out;
}

void examine_unit(Findings& findings) {
    if (!fs::exists("/run/systemd/system")) return;
    const auto state = said_by("/usr/bin/systemctl", {"is-active", kUnit});
    if (!state) return;
    if (*state == "active") return findings.good("unit", std::string(kUnit) + " is active");
    findings.wrong("unit", std::string(kUnit) + " is " + (state->empty() ? "not there" : *state),
                   "systemctl start foliot; systemctl status foliot says why it ended");
}

void examine_log(Findings& findings) {
    const auto lines =
        said_by("/usr/bin/journalctl", {"--unit", kUnit, "--priority", "warning", "--since", "-1day", "--lines", "5",
                                        "--output", "short-iso", "--no-pager", "--quiet"});
    if (lines && !lines->empty())
        findings.note("log", "its last warnings of the last day:\n" + *lines, "docs/operating.md explains each line");
}

void examine_data_dir(const fs::path& folder, Findings& findings) {
    struct stat found {};
    if (::stat(folder.c_str(), &found) != 0)
        return findings.wrong("data", folder.string() + " is not there",
                              "start the server: it makes it; or name it by --data-dir");
    if (!fs::exists(folder / "server.lock"))
        return findings.wrong("data", folder.string() + " is not the data folder of a server",
                              "name it by --data-dir (data_dir in the server's configuration)");
    if ((found.st_mode & 077U) != 0)
        return findings.wrong("data", folder.string() + " is open to others, and holds tokens and keys",
                              "chmod 0700 " + folder.string());
    findings.good("data", folder.string());
}

}  // namespace

/// Another server than the packages' has no unit and no log that is known here.
void examine_machine(const Options& options, Findings& findings) {
    const char* url = std::getenv("FOLIOT_URL");
    const bool elsewhere = options.has("url") || (url != nullptr && *url != 0);
    if (::geteuid() != 0 || (elsewhere && !options.has("data-dir"))) return;
    examine_data_dir(local_server(options.text("data-dir")).data_dir, findings);
    if (options.has("data-dir")) return;
    examine_unit(findings);
    examine_log(findings);
}

}  // namespace foliot::cli
