#include "cli/checks.hpp"
#include "cli/child.hpp"
#include "cli/interrupt.hpp"
#include "cli/module_file.hpp"

#include <array>

namespace foliot::cli {
namespace {

struct Test {
    const char* name;
    Level level;
};

/// Known to module_inspect.cpp by these names.
constexpr std::array<Test, 8> kTests{{{"loads", Level::error},
                                      {"same_entry", Level::error},
                                      {"older_host", Level::error},
                                      {"quick", Level::warning},
                                      {"no_threads", Level::warning},
                                      {"no_descriptors", Level::warning},
                                      {"no_signal_handlers", Level::warning},
                                      {"prints_nothing", Level::warning}}};

CheckResult judge(const Test& test, const ChildReport& child) {
    if (!child.succeeded()) return {"load", test.name, Level::error, child.ending()};
    const bool is_about_output = std::string_view(test.name) == "prints_nothing";
    std::string text = child.answer;
    if (is_about_output && !(child.out.empty() && child.err.empty()))
        text = "it prints when it is merely loaded: " + (child.out.empty() ? child.err : child.out).substr(0, 80);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return {"load", test.name, text.empty() ? Level::ok : test.level, text};
}

}  // namespace

CheckResults check_load(const std::filesystem::path& file, Micros limit) {
    CheckResults findings;
    bool loads = true;
    for (const Test& test : kTests) {
        if (!loads) {
            findings.push_back({"load", test.name, Level::skipped, "it cannot be loaded"});
            continue;
        }
        findings.push_back(
            judge(test, run_child(own_program(), {"module", "inspect", absolute_path(file).string(), test.name}, limit,
                                  {{}, interrupts()})));
        loads = loads && findings.front().level != Level::error;
    }
    return findings;
}

}  // namespace foliot::cli
