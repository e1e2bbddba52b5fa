// The manual page and the completion say what --help says.
#include "base/fd.hpp"
#include "cli/command.hpp"
#include "cli/served.hpp"
#include "cli/server.hpp"
#include "support/shell.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

using namespace foliot;
using namespace foliot::testing;

namespace {

const std::filesystem::path kManual = FOLIOT_SOURCE_DIR "/packaging/man/foliot.1";

using Names = std::set<std::string>;

std::string without(std::string text, const std::string& what) {
    for (std::size_t at = 0; (at = text.find(what)) != std::string::npos;) text.erase(at, what.size());
    return text;
}

/// Options by the section that they stand in: a command with its words, or "OPTIONS".
std::map<std::string, Names> manual() {
    std::map<std::string, Names> sections;
    std::string section;
    std::istringstream page(read_file(kManual.string()));
    for (std::string line; std::getline(page, line);) {
        if (line.starts_with(".Sh ")) section = line == ".Sh OPTIONS" ? "OPTIONS" : "";
        if (line.starts_with(".Ss ")) sections[section = without(line.substr(4), " Ar")];
        if (!line.starts_with(".It Fl -") || section.empty()) continue;
        std::string option = line.substr(8);
        option = option.substr(0, option.find(' '));
        BOOST_TEST(sections[section].insert(option).second, section << " has --" << option << " twice");
    }
    return sections;
}

std::map<std::string, Names> help() {
    std::map<std::string, Names> sections;
    for (const cli::OptionSpec& option : cli::with_server_options({})) sections["OPTIONS"].insert(option.name);
    for (const cli::Command& command : cli::commands()) {
        if (!command.for_people) continue;
        std::string title = command.name;
        for (const std::string& word : command.words) title += " " + word;
        Names& own = sections[title];
        const bool asks =
            std::ranges::any_of(command.options, [](const auto& one) { return one.name == "token-file"; });
        for (const cli::OptionSpec& option : command.options)
            if (!asks || !sections["OPTIONS"].contains(option.name)) own.insert(option.name);
    }
    return sections;
}

std::string completed(const std::vector<std::string>& words, const std::vector<std::string>& environment) {
    std::string line;
    for (const std::string& word : words) line += " '" + word + "'";
    const std::string script = "PATH=\"$1:$PATH\"; . \"$2\"; COMP_WORDS=(foliot" + line +
                               "); COMP_CWORD=" + std::to_string(words.size()) +
                               "; _foliot; printf '%s\\n' \"${COMPREPLY[@]}\"";
    return cli::run_child("/bin/bash",
                          {"-c", script, "bash", FOLIOT_BIN_DIR, FOLIOT_SOURCE_DIR "/packaging/completion/foliot"},
                          kPatience, {environment, -1})
        .out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(manuals)

BOOST_AUTO_TEST_CASE(each_command_and_option_stands_in_the_manual_and_no_other) {
    const auto written = manual(), said = help();
    for (const auto& [section, options] : said) {
        BOOST_TEST(written.contains(section), "the manual lacks " << section);
        if (!written.contains(section)) continue;
        for (const std::string& option : options)
            BOOST_TEST(written.at(section).contains(option), "the manual lacks --" << option << " of " << section);
    }
    for (const auto& [section, options] : written) {
        BOOST_TEST(said.contains(section), "the manual has " << section);
        if (!said.contains(section)) continue;
        for (const std::string& option : options)
            BOOST_TEST(said.at(section).contains(option), "the manual has --" << option << " of " << section);
    }
}

BOOST_AUTO_TEST_CASE(the_manual_is_formatted_without_a_warning) {
    if (!std::filesystem::exists("/usr/bin/man")) {
        BOOST_TEST_MESSAGE("there is no man here");
        return;
    }
    BOOST_TEST(output_of("MANROFFSEQ= MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z " + in_quotes(kManual) +
                         " 2>&1 >/dev/null") == "");
}

BOOST_AUTO_TEST_CASE(commands_options_and_ids_are_completed) {
    Served& on = shared_server();
    const std::vector<std::string> environment{"FOLIOT_URL=" + on.url(), "FOLIOT_TOKEN=" + on.server.token()};
    BOOST_TEST(completed({"ex"}, environment) == "executions\n");
    BOOST_TEST(completed({"token", ""}, environment) == "create\nlist\nrevoke\n");
    BOOST_TEST(completed({"doctor", ""}, environment) == "\n");
    BOOST_TEST(completed({"jobs", "add", "--max"}, environment) == "--max-retries\n");
    TempDir dir;
    const std::string hostile = "$(touch${IFS}" + (dir / "run").string() + ")";
    on.said({"jobs", "add", hostile, "sample:hello", "--every", "1d"});
    const std::string ids = completed({"jobs", "pause", ""}, environment);
    BOOST_TEST(ids.starts_with("\\$\\(touch"), ids);
    BOOST_TEST(!std::filesystem::exists(dir / "run"));
    on.said({"jobs", "add", "two words", "sample:hello", "--every", "1d"});
    BOOST_TEST(contains(completed({"jobs", "pause", ""}, environment), "two\\ words\n"));
    BOOST_TEST(completed({"--utc", "jobs", "run", "--follow", "--stream", "x", "two"}, environment) == "\n");
    BOOST_TEST(completed({"--utc", "jobs", "run", "--follow", "two"}, environment) == "two\\ words\n");
    BOOST_TEST(completed({"executions", "list", "--job", "two"}, environment) == "two\\ words\n");
    BOOST_TEST(completed({"jobs", "add", "--tag", "x", "new", "sam"}, environment).starts_with("sample:"));
    BOOST_TEST(completed({"jobs", "add", "new", "sample", ":", "h"}, environment) == "hello\n");
    BOOST_TEST(completed({"--url", "http", ":", "//127.0.0.1", ":", "8888", "tok"}, environment) == "token\n");
    BOOST_TEST(completed({"help", "tok"}, environment) == "token\n");
    on.said({"jobs", "remove", "two words"});
    on.said({"jobs", "remove", hostile});
}

BOOST_AUTO_TEST_SUITE_END()
