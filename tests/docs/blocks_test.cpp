// What stands between the fences of the documentation and is no command: it is what it says it is.
#include "base/json.hpp"
#include "docs/page.hpp"
#include "support/shell.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <map>
#include <set>

using namespace foliot;
using namespace foliot::testing;

namespace {

/// Only to look at.
const std::set<std::string> kShown{"sh", "text", "console", "js", "crontab", "yaml"};

/// One value, or one on each line.
void parse_json(const std::string& text) {
    try {
        json::parse(text);
    } catch (const json::SyntaxError&) {
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) json::parse(line);
    }
}

/// By itself, against nothing but the SDK.
void compile_module(const std::string& text) {
    const TempDir folder;
    write_text(folder / "block.cpp", text);
    output_of(in_quotes(cached("CMAKE_CXX_COMPILER")) +
              " -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Werror -I " FOLIOT_SOURCE_DIR
              "/plugin_sdk/include " +
              in_quotes(folder / "block.cpp") + " 2>&1");
}

void check_config(const std::string& text) {
    const TempDir folder;
    write_text(folder / "foliotd.properties", text);
    output_of(FOLIOT_BIN_DIR "/foliotd --check-config --config " + in_quotes(folder / "foliotd.properties") +
              " -Ddata_dir=" + in_quotes(folder.path()) + " 2>&1");
}

void compile_python(const std::string& text) {
    const TempDir folder;
    write_text(folder / "block.py", text);
    output_of("python3 -m py_compile " + in_quotes(folder / "block.py") + " 2>&1");
}

/// Throw when the text is not what it should be.
const std::map<std::string, std::function<void(const std::string&)>> kChecks{
    {"json", parse_json}, {"cpp", compile_module}, {"properties", check_config}, {"python", compile_python}};

std::string place(const Page& page, const Block& block) { return page.name + ":" + std::to_string(block.line); }

}  // namespace

BOOST_AUTO_TEST_SUITE(blocks)

BOOST_AUTO_TEST_CASE(every_block_says_what_it_is_and_is_that) {
    std::map<std::string, int> count;
    for (const Page& page : all_pages()) {
        for (const Block& block : page.blocks) {
            ++count[block.language];
            if (kShown.contains(block.language)) continue;
            // A file of a project is built by the commands of its page.
            if (!block.file.empty() && block.language != "json" && page.has_commands()) continue;
            const auto check = kChecks.find(block.language);
            if (check == kChecks.end()) {
                BOOST_ERROR(place(page, block) << ": a block of '" << block.language
                                               << "' belongs into a file that the page's commands use");
                continue;
            }
            try {
                check->second(block.text());
            } catch (const std::exception& error) {
                BOOST_ERROR(place(page, block) << ": " << error.what());
            }
        }
    }
    for (const char* language : {"sh", "json", "cpp", "properties", "python"})
        BOOST_TEST(count[language] > 0, language);
}

BOOST_AUTO_TEST_CASE(a_block_that_is_not_what_it_says_is_found) {
    BOOST_CHECK_THROW(parse_json("{\"a\": 1,}"), std::exception);
    BOOST_CHECK_THROW(parse_json("{\"a\": 1}\n{\"b\"}\n"), std::exception);
    BOOST_CHECK_THROW(compile_module("#include <foliot/job.hpp>\nint x = foliot::no_such_thing;\n"), std::exception);
    BOOST_CHECK_THROW(check_config("no.such.key = 1\n"), std::exception);
    BOOST_CHECK_THROW(compile_python("def f(:\n"), std::exception);
    BOOST_CHECK_THROW(parse_page("x.md", "# X\n\n- a list\n\n  ```sh\n  true\n  ```\n"), std::exception);
    BOOST_CHECK_THROW(parse_page("x.md", "# X\n\n```sh\ntrue\n"), std::exception);
}

BOOST_AUTO_TEST_SUITE_END()
