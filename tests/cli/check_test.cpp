// What `foliot module check` finds: a row for each fixture module, and the behaviour of some functions.
#include "cli/program.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <set>

using namespace foliot;
using namespace foliot::testing;

namespace {

using Tests = std::set<std::string>;

struct Outcome {
    int code = 0;
    Tests errors, warnings, skipped;
    std::map<std::string, std::string> texts;

    std::string all_texts() const {
        std::string all;
        for (const auto& [test, text] : texts) all += test + ": " + text + "\n";
        return all;
    }
};

/// Those that depend on how busy the machine is, and those that are nothing but missing words, are left out.
Outcome check(const std::string& file, const std::vector<std::string>& options = {}) {
    std::vector<std::string> words{"module", "check", file, "--json"};
    words.insert(words.end(), options.begin(), options.end());
    const auto said = testing::foliot(words);
    BOOST_REQUIRE_MESSAGE(said.err.empty(), said.err);
    Outcome outcome;
    outcome.code = said.exit.code;
    const json::Value all = json::parse(said.out);
    for (const json::Value& finding : all.find("findings")->items) {
        const std::string test = finding.find("group")->string + "." + finding.find("test")->string;
        const std::string level = finding.find("level")->string;
        outcome.texts[test] = finding.find("text")->string;
        BOOST_TEST(finding.find("text")->string.empty() == (level == "ok"), test);
        if (level == "error") outcome.errors.insert(test);
        if (level == "skipped") outcome.skipped.insert(test);
        if (level == "warning" && test != "load.quick" && test != "descriptor.help") outcome.warnings.insert(test);
    }
    return outcome;
}

std::string words_of(const Tests& tests) {
    std::string text;
    for (const std::string& test : tests) text += (text.empty() ? "" : " ") + test;
    return text;
}

struct Row {
    std::string errors, warnings, says{};  ///< what a text of one of them has in it
};

/// Every fixture that is not here is right in all that this command looks at.
const std::map<std::string, Row> kFindings{
    {"bad_meta", {"descriptor.accepted", "", "is no JSON object"}},
    {"ctor_crash", {"load.loads", "", "crashed with SIGSEGV"}},
    {"ctor_hang", {"load.loads", "", "did not end within its limit and was killed"}},
    {"ctor_prints", {"", "load.prints_nothing", "it prints when it is merely loaded: loaded"}},
    {"dup_names", {"descriptor.accepted", "", "two functions named"}},
    {"entry_null", {"load.loads", "", "needs a host newer than ABI 1."}},
    {"entry_throws", {"load.loads", "", "the entry of "}},
    {"errs_to_its_author",
     {"descriptor.examples", "load.no_descriptors load.no_signal_handlers load.no_threads",
      "run: its example does not fit: argument 'count'"}},
    {"huge_meta", {"descriptor.accepted", "", "too long"}},
    {"links_badly", {"file.bind_now", "file.build_id file.exports file.unique", "link with -Wl,-z,now"}},
    {"missing_symbol", {"load.loads", "", "undefined symbol"}},
    {"name_mismatch", {"descriptor.accepted file.note", "", "rename the file to "}},
    {"needs_absent_library", {"file.needed load.loads", "", "not installed: libfoliot_absent.so"}},
    {"needs_newer_minor", {"file.note load.loads", "", "was built for module interface 1."}},
    {"no_note", {"descriptor.accepted file.note", "", "there is no ELF note of a module in it"}},
    {"wrong_major", {"file.note load.loads", "", "was built for module interface 2."}},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(checking)

BOOST_AUTO_TEST_CASE(each_fixture_gets_the_findings_that_it_was_made_for) {
    std::set<std::string> seen;
    for (const char* folder : {FOLIOT_FIXTURES_DIR, FOLIOT_FIXTURES_DIR "/hanging"}) {
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (entry.path().extension() != ".so") continue;
            const std::string name = entry.path().stem().string();
            seen.insert(name);
            const auto row = kFindings.find(name);
            const Row expected = row == kFindings.end() ? Row{} : row->second;
            const bool hangs = name == "ctor_hang";
            const Outcome outcome =
                check(entry.path(), hangs ? std::vector<std::string>{"--limit", "1"} : std::vector<std::string>{});
            BOOST_TEST_CONTEXT(name) {
                BOOST_TEST(words_of(outcome.errors) == expected.errors);
                BOOST_TEST(words_of(outcome.warnings) == expected.warnings);
                BOOST_TEST(outcome.code == (outcome.errors.empty() ? cli::kOk : cli::kFailed));
                BOOST_TEST(contains(outcome.all_texts(), expected.says), outcome.all_texts());
            }
        }
    }
    for (const auto& [name, row] : kFindings) BOOST_TEST(seen.contains(name), name << " is no fixture");
}

BOOST_AUTO_TEST_CASE(the_modules_that_we_ship_have_nothing_wrong) {
    for (const char* name : {"sample", "shell", "http"}) {
        const Outcome outcome = check(std::filesystem::path(FOLIOT_MODULES_DIR) / (std::string(name) + ".so"));
        BOOST_TEST(words_of(outcome.errors) == "", name);
        BOOST_TEST(words_of(outcome.warnings) == "", name);
        BOOST_TEST(outcome.texts.at("descriptor.help") == "", name);
    }
}

BOOST_AUTO_TEST_CASE(a_group_alone_is_checked_when_it_is_asked_for) {
    const Outcome file = check(sample_file(), {"--only", "file"});
    for (const auto& [test, text] : file.texts) BOOST_TEST(test.starts_with("file."));
    BOOST_TEST(file.texts.contains("file.note"));
    const Outcome hang = check(fixture_file("ctor_hang"), {"--only", "file"});  // nothing of it is run
    BOOST_TEST(hang.code == 0);
    BOOST_TEST(testing::foliot({"module", "check", sample_file(), "--only", "behaviour"}).exit.code == cli::kUsage);
}

BOOST_AUTO_TEST_CASE(as_text_each_test_has_a_line_and_the_last_one_counts) {
    const auto said = testing::foliot({"module", "check", fixture_file("ctor_prints")});
    BOOST_TEST(said.out.starts_with("ok       file.note\n"));
    BOOST_TEST(contains(said.out, "\nwarning  load.prints_nothing: it prints when it is merely loaded: loaded\n"),
               said.out);
    BOOST_TEST(contains(said.out, "\n0 errors, "), said.out);
    const auto error = testing::foliot({"module", "check", fixture_file("name_mismatch"), "--only", "file"});
    BOOST_TEST(contains(error.out, "\n1 error, 0 warnings\n"), error.out);
}

BOOST_AUTO_TEST_CASE(the_behaviour_of_a_function_is_tested_with_arguments) {
    struct Case {
        const char* fixture;
        std::vector<std::string> options;
        const char *errors, *warnings, *skipped, *says;
    };
    const char* kUnending = "behaviour.cancel behaviour.leaves_nothing behaviour.repeatable";
    const Case cases[] = {
        {"ok", {}, "behaviour.arguments", "", "", "does not refuse an unknown argument"},
        {"tasks", {}, "", "", "", ""},
        {"run_segv", {}, "behaviour.ends", "", kUnending, "crashed:SIGSEGV"},
        {"run_exit0", {}, "behaviour.ends", "", kUnending, "exited:0"},
        {"run_spin", {"--limit", "0.3", "--grace", "0.1"}, "behaviour.ends", "", kUnending, "timeout"},
        {"run_big_result", {}, "behaviour.result", "", "", "result_too_large"},
        {"run_two_results", {}, "behaviour.arguments behaviour.result", "", "", "abi_violation"},
        {"run_leaks_thread", {}, "behaviour.leaves_nothing", "", "", "a run leaves behind 1 thread"},
        {"run_throws_in_job", {}, "", "behaviour.ends", "", "with these arguments it does not succeed: exception"},
        {"run_config", {"--config", R"({"times":2})"}, "", "", "", ""},
        {"run_aborts_when_cancelled", {}, "behaviour.cancel", "", "", "it did not end by itself: crashed:SIGABRT"},
    };
    for (const Case& c : cases) {
        const bool is_tasks = std::string(c.fixture) == "tasks";
        std::vector<std::string> options{"--only", "behaviour", "--run", is_tasks ? "ok" : "run"};
        options.insert(options.end(), c.options.begin(), c.options.end());
        const Outcome outcome = check(fixture_file(c.fixture), options);
        BOOST_TEST_CONTEXT(c.fixture) {
            BOOST_TEST(words_of(outcome.errors) == c.errors, outcome.all_texts());
            BOOST_TEST(words_of(outcome.warnings) == c.warnings, outcome.all_texts());
            BOOST_TEST(words_of(outcome.skipped) == c.skipped);
            BOOST_TEST(contains(outcome.all_texts(), c.says), outcome.all_texts());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_function_that_does_not_end_when_cancelled_is_found_out) {
    const Outcome deaf =
        check(fixture_file("ends_when_it_likes"), {"--only", "behaviour", "--run", "run", "--grace", "0.2"});
    BOOST_TEST(words_of(deaf.errors) == "behaviour.cancel");
    BOOST_TEST(contains(deaf.texts.at("behaviour.cancel"), "did not end within its grace"),
               deaf.texts.at("behaviour.cancel"));
}

BOOST_AUTO_TEST_SUITE_END()
