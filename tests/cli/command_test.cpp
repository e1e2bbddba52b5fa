#include "cli/command.hpp"

#include "cli/program.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;

BOOST_AUTO_TEST_SUITE(commands)

BOOST_AUTO_TEST_CASE(each_command_has_help_that_names_its_options_and_what_its_status_means) {
    for (const cli::Command& command : cli::commands()) {
        std::vector<std::string> words;
        for (std::size_t at = 0; at < command.name.size();) {
            const std::size_t blank = std::min(command.name.find(' ', at), command.name.size());
            words.push_back(command.name.substr(at, blank - at));
            at = blank + 1;
        }
        words.emplace_back("--help");
        const auto said = testing::foliot(words);
        BOOST_TEST(said.exit.code == 0, command.name);
        BOOST_TEST(said.err == "", command.name);
        BOOST_TEST(said.out.starts_with("usage: foliot " + command.name), said.out);
        for (const cli::OptionSpec& option : command.options)
            BOOST_TEST(contains(said.out, "  --" + option.name), command.name << " has --" << option.name);
        if (command.for_people) BOOST_TEST(contains(said.out, "Ends with "), command.name);
    }
}

BOOST_AUTO_TEST_CASE(the_overview_names_every_command_for_people_and_no_other) {
    const std::string text = testing::foliot({"--help"}).out;
    for (const cli::Command& command : cli::commands())
        BOOST_TEST(contains(text, "  " + command.name + " ") == command.for_people, command.name);
    BOOST_TEST(testing::foliot({"help"}).out == text);
    const std::string group = testing::foliot({"module", "--help"}).out;
    BOOST_TEST(group.starts_with("usage: foliot module COMMAND"), group);
    for (const cli::Command& command : cli::commands()) {
        const bool belongs = command.for_people && command.name.starts_with("module ");
        BOOST_TEST(contains(group, "  " + command.name + " ") == belongs, command.name);
    }
    BOOST_TEST(testing::foliot({"help", "module"}).out == group);
    BOOST_TEST(testing::foliot({"--data-dir", "/x", "help", "module"}).out == group);
    BOOST_TEST(testing::foliot({"help", "help"}).out == text);
}

BOOST_AUTO_TEST_CASE(help_for_a_command_is_its_own) {
    BOOST_TEST(testing::foliot({"help", "jobs", "add"}).out == testing::foliot({"jobs", "add", "--help"}).out);
    BOOST_TEST(testing::foliot({"help", "status"}).out.starts_with("usage: foliot status"));
    const auto none = testing::foliot({"help", "jobs", "ad"});
    BOOST_TEST(none.exit.code == cli::kUsage);
    BOOST_TEST(none.err == "foliot: there is no command 'jobs ad'; see: foliot --help\n");
}

BOOST_AUTO_TEST_CASE(what_is_no_command_is_named_and_ends_with_2) {
    struct Row {
        std::vector<std::string> words;
        const char* said;
    };
    const Row rows[] = {
        {{"modul"}, "foliot: there is no command 'modul'; see: foliot --help\n"},
        {{"--foo", "jobs", "list"}, "foliot: unknown option --foo; see: foliot --help\n"},
        {{"--data-dir", "/x", "module", "nwe"},
         "foliot: there is no command 'module nwe'; see: foliot module --help\n"},
        {{"jobs", "show", "x", "--url", "http://"},
         "foliot: option --url is no URL: No host part in the URL; wanted an address as in http://127.0.0.1:8888 or "
         "https://HOST; see: foliot jobs show --help\n"},
        {{"module", "check", sample_file(), "--run", "hello", "--limit", "abc"},
         "foliot: option --limit is 'abc', wanted seconds above 0, as in 2.5; see: foliot module check --help\n"},
        {{"module", "nwe"}, "foliot: there is no command 'module nwe'; see: foliot module --help\n"},
        {{"module", "new"}, "foliot: NAME is missing; see: foliot module new --help\n"},
        {{"module", "check", "x.so", "--onyl", "file"},
         "foliot: unknown option --onyl; see: foliot module check --help\n"},
        {{"module", "check", sample_file(), "--only", "files"},
         "foliot: there is no group 'files'; there are file, load, descriptor, behaviour; see: foliot module check "
         "--help\n"},
        {{"module", "run", "x.so"}, "foliot: 'x.so' is no FILE.so:function; see: foliot module run --help\n"},
        {{"module", "run", ":f"}, "foliot: ':f' is no FILE.so:function; see: foliot module run --help\n"},
    };
    for (const Row& row : rows) {
        const auto said = testing::foliot(row.words);
        BOOST_TEST(said.exit.code == cli::kUsage);
        BOOST_TEST(said.err == row.said);
        BOOST_TEST(said.out == "");
    }
    BOOST_TEST(testing::foliot({}).exit.code == cli::kUsage);
    BOOST_TEST(testing::foliot({"module"}).exit.code == cli::kUsage);
    BOOST_TEST(contains(testing::foliot({"module"}).err, "module new"));
}

BOOST_AUTO_TEST_CASE(the_version_is_told) { BOOST_TEST(testing::foliot({"--version"}).out.starts_with("foliot 0.")); }

BOOST_AUTO_TEST_CASE(what_standard_output_does_not_take_is_an_error) {
    for (const std::string words :
         {"--help", "module describe \"$1\"", "module check \"$1\"", "module run \"$1\":hello"}) {
        const auto said = cli::run_child(
            "/bin/sh", {"-c", "exec \"$0\" " + words + " >/dev/full", foliot_program().string(), sample_file()},
            kPatience);
        BOOST_TEST(said.exit.code == cli::kImpossible, words);
        BOOST_TEST(!said.err.empty(), words);
    }
}

BOOST_AUTO_TEST_CASE(a_closed_standard_output_takes_nothing_and_one_that_nobody_reads_is_no_mistake) {
    const auto shell = [](const std::string& script) {
        return cli::run_child("/bin/bash", {"-c", script, foliot_program().string(), sample_file()}, kPatience);
    };
    const auto closed = shell("exec \"$0\" module describe \"$1\" >&-");
    BOOST_TEST(closed.exit.code == cli::kImpossible);
    BOOST_TEST(contains(closed.err, "standard output takes no more"), closed.err);
    const auto unread = shell("exec 3> >(exit); wait $!; \"$0\" --help >&3");
    BOOST_TEST(unread.exit.code == cli::kUnread);
    BOOST_TEST(unread.err == "");
}

BOOST_AUTO_TEST_CASE(closed_standard_descriptors_do_no_harm) {
    const auto said = cli::run_child(
        "/bin/sh",
        {"-c", "exec \"$0\" module run \"$1\":hello --json <&- 2>&-", foliot_program().string(), sample_file()},
        kPatience);
    BOOST_TEST(said.exit.code == 0);
    BOOST_TEST(contains(said.out, R"("state":"succeeded")"), said.out);
}

BOOST_AUTO_TEST_CASE(a_path_means_what_the_system_takes_it_for) {
    TempDir folder;
    std::filesystem::create_directories(folder / "real/below");
    std::filesystem::create_directory_symlink(folder / "real/below", folder / "link");
    std::filesystem::copy_file(sample_file(), folder / "real/sample.so");
    const std::string path = folder / "link/../sample.so";
    const auto said = testing::foliot({"module", "describe", path, "--json"});
    BOOST_TEST(said.exit.code == 0, said.err);
    BOOST_TEST(contains(said.out, "/real/sample.so\""), said.out);
    BOOST_TEST(testing::foliot({"module", "describe", ""}).err == "foliot: the name of the file is empty\n");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_or_no_module_ends_with_3) {
    for (const char* command : {"check", "describe"}) {
        const auto said = testing::foliot({"module", command, "/no/such.so"});
        BOOST_TEST(said.exit.code == cli::kImpossible);
        BOOST_TEST(said.err == "foliot: /no/such.so: No such file or directory\n");
    }
    for (const char* file : {"/bin/sh", "/etc/passwd"}) {
        const auto said = testing::foliot({"module", "run", std::string(file) + ":f"});
        BOOST_TEST(said.exit.code == cli::kImpossible);
        BOOST_TEST(!said.err.empty());
    }
    const auto no_module = testing::foliot({"module", "describe", fixture_file("no_note")});
    BOOST_TEST(no_module.exit.code == cli::kImpossible);
    BOOST_TEST(contains(no_module.err, "is no module: it has no ELF note"), no_module.err);
}

BOOST_AUTO_TEST_SUITE_END()
