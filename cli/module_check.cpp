// `foliot module check`: what a server would find wrong with a module, and more that its author wants to know.
#include "base/json.hpp"
#include "cli/checks.hpp"
#include "cli/function_run.hpp"
#include "cli/module_commands.hpp"
#include "cli/module_file.hpp"

#include <algorithm>
#include <array>
#include <iostream>

namespace foliot::cli {
namespace {

constexpr const char* kDetails =
    "Groups of tests:\n"
    "  file        what the file says of itself: note, name, binding, exports, libraries\n"
    "  load        what loading it does\n"
    "  descriptor  what it describes itself as: names, parameters, defaults, examples, help\n"
    "  behaviour   what one function does: it ends, gives a JSON result, refuses wrong arguments, ends\n"
    "              when cancelled, leaves nothing behind; with --run only\n"
    "\n"
    "What runs code of the module runs in processes of its own, each with a limit of 45 s.\n"
    "Ends with 0 when there is no error (warnings are none), with 1 when there is one, with 3 when the\n"
    "file cannot be read.\n";

Micros limit_of(const Options& options) { return options.length("limit", kLimit); }

/// A module that is not usable, for what the descriptor's group has to say.
std::shared_ptr<const module::Module> described(const std::filesystem::path& file) {
    try {
        return examine(file);
    } catch (const CommandError& error) {  // no module: the file's group says so
        auto none = std::make_shared<module::Module>();
        module::set_problem(*none, module::Status::not_a_module, error.what());
        return none;
    }
}

CheckResults behaviour(const Options& options, const std::shared_ptr<const module::Module>& module) {
    if (module->status != module::Status::ok)
        return {{"behaviour", "ends", Level::skipped, "a server cannot use the module"}};
    RunRequest request = call_of(options, module, options.text("run"));
    request.timeout = limit_of(options);
    return check_behaviour(request);
}

CheckResults check(const Options& options) {
    const std::filesystem::path file = options.word(0);
    const std::string only = options.text("only");
    const auto wants = [&](const char* group) { return only.empty() || only == group; };
    CheckResults all;
    const auto add = [&](const CheckResults& more) { all.insert(all.end(), more.begin(), more.end()); };
    if (wants("file")) add(check_file(file));
    const CheckResults load =
        wants("load") || wants("descriptor") ? check_load(file, limit_of(options)) : CheckResults{};
    if (wants("load")) add(load);
    if (!wants("descriptor") && !options.has("run")) return all;
    const bool loads = load.empty() || load.front().level == Level::ok;
    const auto module = loads ? described(file) : std::make_shared<const module::Module>();
    if (wants("descriptor")) add(check_descriptor(*module, loads));
    if (wants("behaviour") && options.has("run")) {
        add(loads ? behaviour(options, module)
                  : CheckResults{{"behaviour", "ends", Level::skipped, "it cannot be loaded"}});
    }
    return all;
}

std::size_t count(const CheckResults& findings, Level level) {
    return static_cast<std::size_t>(std::ranges::count(findings, level, &CheckResult::level));
}

std::string counted(std::size_t count, const std::string& what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string as_text(const CheckResults& findings) {
    std::string text;
    for (const CheckResult& finding : findings) {
        std::string level(level_name(finding.level));
        level.resize(9, ' ');
        text += level + finding.group + "." + finding.test + (finding.text.empty() ? "" : ": " + finding.text) + "\n";
    }
    return text + counted(count(findings, Level::error), "error") + ", " +
           counted(count(findings, Level::warning), "warning") + "\n";
}

std::string as_json(const std::filesystem::path& file, const CheckResults& findings) {
    json::Writer out;
    out.begin_object().field("file", file.string()).key("findings").begin_array();
    for (const CheckResult& finding : findings) {
        out.begin_object().field("group", finding.group).field("test", finding.test);
        out.field("level", level_name(finding.level)).field("text", finding.text).end_object();
    }
    out.end_array().field("errors", static_cast<std::int64_t>(count(findings, Level::error)));
    out.field("warnings", static_cast<std::int64_t>(count(findings, Level::warning))).end_object();
    return out.take() + "\n";
}

int run(const Options& options) {
    static constexpr std::array<std::string_view, 4> kGroups{"file", "load", "descriptor", "behaviour"};
    const std::string only = options.text("only");
    if (options.has("only") && std::ranges::find(kGroups, only) == kGroups.end())
        throw UsageError("there is no group '" + only + "'; there are file, load, descriptor, behaviour");
    if (only == "behaviour" && !options.has("run")) throw UsageError("the group behaviour needs --run FUNCTION");
    open_module(options.word(0));
    const CheckResults findings = check(options);
    std::cout << (options.has("json") ? as_json(absolute_path(options.word(0)), findings) : as_text(findings))
              << std::flush;
    return count(findings, Level::error) == 0 ? kOk : kFailed;
}

}  // namespace

std::string_view level_name(Level level) {
    switch (level) {
        case Level::ok: return "ok";
        case Level::warning: return "warning";
        case Level::error: return "error";
        case Level::skipped: return "skipped";
    }
    return "?";
}

Command module_check() {
    return {.name = "module check",
            .words = {"FILE.so"},
            .summary = "tell what is wrong with a module, before a server does",
            .options = with_call_options(
                {{"only", "GROUP", "one group of tests alone"},
                 {"run", "FUNCTION", "test the behaviour of this function, too: it is called several times"},
                 {"limit", "SECONDS", "of each test, instead of 45"},
                 {"json", "", "as one JSON object: findings with group, test, level and text"}}),
            .details = kDetails,
            .run = &run};
}

}  // namespace foliot::cli
