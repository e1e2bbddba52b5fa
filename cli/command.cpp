#include "cli/command.hpp"

#include "cli/module_commands.hpp"
#include "cli/server.hpp"
#include "cli/server_commands.hpp"
#include "cli/shown.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <iostream>

namespace foliot::cli {
namespace {

constexpr std::size_t kIndent = 26;

std::string usage_of(const Command& command) {
    std::string line = "foliot " + command.name;
    for (const std::string& word : command.words) line += " " + word;
    return line + (command.options.empty() ? "" : " [OPTION...]");
}

/// `left`, then `right` beside it, each of its lines; below when `left` is too long.
std::string two_columns(const std::string& left, const std::string& right) {
    std::string out = "  " + left;
    out += out.size() < kIndent ? std::string(kIndent - out.size(), ' ') : "\n" + std::string(kIndent, ' ');
    for (const char c : right) {
        out += c;
        if (c == '\n') out += std::string(kIndent, ' ');
    }
    return out + "\n";
}

std::vector<std::string> split(const std::string& name) {
    std::vector<std::string> parts{""};
    for (const char c : name) {
        if (c == ' ')
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

bool begins_with(const std::vector<std::string>& arguments, const std::vector<std::string>& name) {
    return arguments.size() >= name.size() && std::equal(name.begin(), name.end(), arguments.begin());
}

const Command* find(const std::vector<std::string>& arguments) {
    const auto found = std::ranges::find_if(
        commands(), [&](const Command& command) { return begins_with(arguments, split(command.name)); });
    return found == commands().end() ? nullptr : &*found;
}

const Command* named(const std::vector<std::string>& words) {
    const Command* command = find(words);
    return command != nullptr && split(command->name).size() == words.size() ? command : nullptr;
}

bool is_group(const std::string& word) {
    return std::ranges::any_of(commands(), [&](const Command& c) { return c.name.starts_with(word + " "); });
}

bool asks_for_help(const std::string& word) { return word == "--help" || word == "-h"; }

int wrong(const std::string& text, const std::string& see) {
    std::cerr << "foliot: " << shown(text, Breaks::keep) << "; see: foliot" << (see.empty() ? "" : " ") << see
              << " --help\n";
    return kUsage;
}

int run_command(const Command& command, const std::vector<std::string>& arguments) {
    try {
        return command.run(Options(arguments, command.options, command.words));
    } catch (const UsageError& error) {
        return wrong(error.what(), command.name);
    } catch (const CommandError& error) {
        if (error.code() != kUnread) std::cerr << "foliot: " << shown(error.what(), Breaks::keep) << '\n';
        return error.code();
    } catch (const std::exception& error) {
        std::cerr << "foliot " << command.name << ": " << shown(error.what(), Breaks::keep) << '\n';
        return kImpossible;
    }
}

/// `foliot help [COMMAND]`
int help_for(const std::vector<std::string>& words) {
    if (words.empty() || words.front() == "help" || asks_for_help(words.front())) {
        std::cout << overview();
        return kOk;
    }
    if (const Command* command = named(words)) {
        std::cout << help_of(*command);
        return kOk;
    }
    if (words.size() == 1 && is_group(words.front())) {
        std::cout << overview(words.front());
        return kOk;
    }
    std::string name = words.front();
    for (std::size_t i = 1; i < words.size(); ++i) name += " " + words[i];
    return wrong("there is no command '" + name + "'", "");
}

/// What is no command: a wish for help, a group, or a mistake.
int explain(const std::vector<std::string>& arguments) {
    if (arguments.empty()) {
        std::cerr << overview();
        return kUsage;
    }
    const std::string& first = arguments.front();
    if (first == "--version") {
        std::cout << "foliot " FOLIOT_VERSION "\n";
        return kOk;
    }
    if (asks_for_help(first)) return help_for({});
    if (first == "help") return help_for({arguments.begin() + 1, arguments.end()});
    if (first.starts_with("-")) return wrong("unknown option " + first, "");
    if (!is_group(first)) return wrong("there is no command '" + first + "'", "");
    if (arguments.size() == 1) {
        std::cerr << overview(first);
        return kUsage;
    }
    if (asks_for_help(arguments[1])) {
        std::cout << overview(first);
        return kOk;
    }
    return wrong("there is no command '" + first + " " + arguments[1] + "'", first);
}

/// Options that say which server may come before the command, too: they go behind it.
std::vector<std::string> with_command_first(const std::vector<std::string>& arguments) {
    const std::vector<OptionSpec> known = with_server_options({});
    auto at = arguments.begin();
    while (at != arguments.end() && at->starts_with("--")) {
        const auto spec = std::ranges::find(known, at->substr(2, at->find('=') - 2), &OptionSpec::name);
        if (spec == known.end()) break;
        const bool value_follows = !spec->value.empty() && at->find('=') == std::string::npos;
        ++at;
        if (value_follows && at != arguments.end()) ++at;
    }
    std::vector<std::string> ordered(at, arguments.end());
    if (const Command* command = find(ordered)) {
        const std::size_t name = split(command->name).size();
        ordered.insert(ordered.begin() + static_cast<std::ptrdiff_t>(name), arguments.begin(), at);
    }
    return ordered;
}

bool reader_has_gone() {
    pollfd out{STDOUT_FILENO, 0, 0};
    return ::poll(&out, 1, 0) > 0 && (out.revents & (POLLERR | POLLHUP)) != 0;
}

int run_or_explain(const std::vector<std::string>& arguments) {
    const Command* command = find(arguments);
    if (command == nullptr) return explain(arguments);
    const std::size_t name = split(command->name).size();
    const std::vector<std::string> rest(arguments.begin() + static_cast<std::ptrdiff_t>(name), arguments.end());
    const auto options_end = std::ranges::find(rest, "--");
    if (std::any_of(rest.begin(), options_end, asks_for_help)) {
        std::cout << help_of(*command);
        return kOk;
    }
    return run_command(*command, rest);
}

}  // namespace

const std::vector<Command>& commands() {
    static const std::vector<Command> all{status(),           doctor(),           jobs_list(),
                                          jobs_show(),        jobs_add(),         jobs_run(),
                                          jobs_pause(),       jobs_resume(),      jobs_remove(),
                                          executions_list(),  executions_show(),  executions_log(),
                                          executions_stop(),  executions_retry(), modules(),
                                          functions_resume(), scheduler_pause(),  scheduler_resume(),
                                          scheduler_start(),  scheduler_drain(),  scheduler_undrain(),
                                          token_create(),     token_list(),       token_revoke(),
                                          module_new(),       module_check(),     module_describe(),
                                          module_run(),       module_inspect()};
    return all;
}

std::string help_of(const Command& command) {
    std::string text = "usage: " + usage_of(command) + "\n\n" + command.summary + "\n";
    if (!command.details.empty()) text += "\n" + command.details;
    text += "\n";
    for (const OptionSpec& option : command.options)
        text += two_columns("--" + option.name + (option.value.empty() ? "" : " " + option.value), option.help);
    return text + two_columns("--help", "print this, and end");
}

std::string overview(const std::string& group) {
    std::string text = "usage: foliot " + (group.empty() ? "" : group + " ") + "COMMAND [ARGUMENT...]\n\n";
    for (const Command& command : commands()) {
        const bool belongs = group.empty() || command.name.starts_with(group + " ");
        if (command.for_people && belongs) text += two_columns(command.name, command.summary);
    }
    return text +
           "\n`foliot COMMAND --help` tells more of one, `foliot --version` prints the version.\n"
           "Which server: --url and --token-file, else FOLIOT_URL and FOLIOT_TOKEN, else that of this machine.\n";
}

int run(const std::vector<std::string>& arguments) {
    const int code = run_or_explain(with_command_first(arguments));
    if (std::cout.flush()) return code;
    if (reader_has_gone()) return kUnread;
    std::cerr << "foliot: standard output takes no more, so what there is to say is not all told\n";
    return kImpossible;
}

}  // namespace foliot::cli
