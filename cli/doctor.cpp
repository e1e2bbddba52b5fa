// `foliot doctor`: why is nothing running?
#include "cli/doctor.hpp"

#include "cli/server_commands.hpp"
#include "cli/shown.hpp"

#include <algorithm>
#include <iostream>

namespace foliot::cli {
namespace {

void indent(const std::string& text) {
    std::string line = "        ";
    for (const char c : text) {
        line += c;
        if (c == '\n') line += "        ";
    }
    std::cout << line << '\n';
}

void show(const Findings& findings) {
    for (const Finding& finding : findings.all()) {
        const char* mark = finding.kind == Finding::Kind::wrong  ? "WRONG   "
                           : finding.kind == Finding::Kind::note ? "note    "
                                                                 : "ok      ";
        std::cout << mark << shown(finding.about) << ": " << shown(finding.text, Breaks::keep) << '\n';
        if (!finding.advice.empty()) indent(shown(finding.advice, Breaks::keep));
    }
    std::cout << (findings.healthy() ? "Nothing is wrong.\n" : "Something is wrong: see above.\n");
}

void show_json(const Findings& findings) {
    json::Writer out;
    out.begin_object().field("healthy", findings.healthy()).key("findings").begin_array();
    for (const Finding& finding : findings.all()) {
        const char* kind = finding.kind == Finding::Kind::wrong  ? "wrong"
                           : finding.kind == Finding::Kind::note ? "note"
                                                                 : "ok";
        out.begin_object().field("kind", kind).field("about", shown(finding.about));
        out.field("text", shown(finding.text, Breaks::keep)).field("advice", shown(finding.advice, Breaks::keep));
        out.end_object();
    }
    std::cout << out.end_array().end_object().take() << '\n';
}

void examine(const Options& options, Findings& findings) {
    try {
        const Server server(options);
        const Times times(options);
        if (!examine_server(server, findings)) return;
        examine_modules(server, times, findings);
        examine_jobs(server, times, findings);
        examine_runs(server, times, findings);
    } catch (const Unreachable& error) {
        findings.wrong("server", error.what(), "");
    } catch (const Rejected& error) {
        findings.wrong("server", error.what(), "");
    }
}

int run(const Options& options) {
    Findings findings;
    examine(options, findings);
    examine_machine(options, findings);
    if (options.has("json"))
        show_json(findings);
    else
        show(findings);
    return findings.healthy() ? kOk : kFailed;
}

}  // namespace

bool Findings::healthy() const {
    return std::ranges::none_of(all_, [](const Finding& one) { return one.kind == Finding::Kind::wrong; });
}

Command doctor() {
    return {.name = "doctor",
            .words = {},
            .summary = "why is nothing running?",
            .options = with_server_options({}),
            .details =
                "Looks whether the server answers, starts work and knows who asks; at its clock and disk; at modules\n"
                "and jobs that cannot run, and at runs that wait. As root on the server's machine also at its unit,\n"
                "its data folder and the warnings in its log. Each finding says what to do.\n"
                "\n"
                "Ends with 0: nothing is wrong; 1: something is; 2: the command line is wrong; 3: it could not look;\n"
                "130: stopped by Ctrl-C.\n",
            .run = &run};
}

}  // namespace foliot::cli
