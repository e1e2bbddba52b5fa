// The promise of the module interface: what was built with a released header runs for as long as its major version
// lives.
#include "abi/header.hpp"
#include "base/fd.hpp"
#include "module/elf_note.hpp"
#include "runner/pool_fixture.hpp"
#include "support/shell.hpp"

#include <foliot/abi.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdio>
#include <map>
#include <sstream>

using namespace foliot;
using namespace foliot::testing;
namespace fs = std::filesystem;

namespace {

const fs::path kToday = fs::path(FOLIOT_SOURCE_DIR) / "plugin_sdk/include";

struct Release {
    int major = 0, minor = 0;
    fs::path folder;
    std::string header() const { return read_file(folder / "foliot/abi.h"); }
    std::string text() const { return std::to_string(major) + "." + std::to_string(minor); }
    std::string module() const { return "built_with_v" + std::to_string(major) + "_" + std::to_string(minor); }
};

/// tests/abi/v1.0, v1.1 and so on, oldest first.
std::vector<Release> releases() {
    std::vector<Release> found;
    for (const auto& entry : fs::directory_iterator(fs::path(FOLIOT_SOURCE_DIR) / "tests/abi")) {
        Release release;
        release.folder = entry.path();
        const std::string name = entry.path().filename().string();
        if (std::sscanf(name.c_str(), "v%d.%d", &release.major, &release.minor) == 2) found.push_back(release);
    }
    std::ranges::sort(found, {}, [](const Release& r) { return std::pair(r.major, r.minor); });
    return found;
}

using Layout = std::map<std::string, long long>;

Layout layout_of(const std::string& program, const fs::path& include) {
    TempDir folder;
    write_text(folder / "layout.c", program);
    const std::string printed =
        output_of("(" + in_quotes(cached("CMAKE_C_COMPILER")) + " -std=c11 -I" + in_quotes(include) + " -o " +
                  in_quotes(folder / "layout") + " " + in_quotes(folder / "layout.c") + " && " +
                  in_quotes(folder / "layout") + ") 2>&1");
    Layout layout;
    std::istringstream lines(printed);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t blank = line.rfind(' ');
        layout[line.substr(0, blank)] = std::stoll(line.substr(blank + 1));
    }
    return layout;
}

/// What of an older layout a newer one breaks; empty: nothing.
std::string broken(const Layout& old, const Layout& now) {
    std::string text;
    for (const auto& [name, value] : old) {
        const auto found = now.find(name);
        const bool may_grow = name.starts_with("whole ") && name != "whole foliot_value" && name != "whole foliot_str";
        const bool holds = found != now.end() && (may_grow ? found->second >= value : found->second == value);
        if (!holds)
            text += name + " was " + std::to_string(value) + ", is " +
                    (found == now.end() ? "gone" : std::to_string(found->second)) + "\n";
    }
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(abi_promise)

BOOST_AUTO_TEST_CASE(the_header_changes_only_with_a_new_minor_version) {
    const auto kept = releases();
    BOOST_REQUIRE(!kept.empty());
    const std::string today = read_file(kToday / "foliot/abi.h");
    const Release& newest = kept.back();
    const bool is_released = newest.major == FOLIOT_ABI_MAJOR && newest.minor == FOLIOT_ABI_MINOR;
    if (is_released) {
        BOOST_TEST(
            (without_comments(today) == without_comments(newest.header())),
            "plugin_sdk/include/foliot/abi.h is not what was released as "
                << newest.text() << " (tests/abi/v" << newest.text()
                << "). Modules in the world are built with that: do not change it. Raise FOLIOT_ABI_MINOR (and "
                   "kAbiMinor in server/module/elf_note.hpp), add at the tail of a struct, say so in docs/abi.md, "
                   "and keep the new header in tests/abi when it is released.");
    } else {
        BOOST_TEST((std::pair(newest.major, newest.minor) < std::pair(FOLIOT_ABI_MAJOR, FOLIOT_ABI_MINOR)),
                   "tests/abi holds " << newest.text() << ", which is newer than plugin_sdk/include/foliot/abi.h");
    }
    BOOST_TEST(module::kAbiMajor == FOLIOT_ABI_MAJOR);
    BOOST_TEST(module::kAbiMinor == FOLIOT_ABI_MINOR);
}

BOOST_AUTO_TEST_CASE(each_kept_header_is_of_the_version_that_its_folder_says) {
    for (const Release& release : releases()) {
        BOOST_TEST(number_of(release.header(), "FOLIOT_ABI_MAJOR") == release.major, release.text());
        BOOST_TEST(number_of(release.header(), "FOLIOT_ABI_MINOR") == release.minor, release.text());
    }
}

BOOST_AUTO_TEST_CASE(every_field_and_constant_of_a_kept_header_is_where_it_was) {
    for (const Release& release : releases()) {
        if (release.major != FOLIOT_ABI_MAJOR) continue;
        const Header header = Header::read(release.header());
        BOOST_TEST(header.structs.size() >= 6U);
        BOOST_TEST(header.fields.size() >= 50U);
        BOOST_TEST(header.constants.size() >= 21U);
        const std::string program = layout_program(header);
        BOOST_TEST(broken(layout_of(program, release.folder), layout_of(program, kToday)) == "", release.text());
    }
}

BOOST_AUTO_TEST_CASE(a_field_that_moves_grows_or_goes_is_found) {
    const char* old_text = "typedef struct foliot_x { uint32_t a, b; const char* c; } foliot_x;";
    const Header header = Header::read(old_text);
    BOOST_REQUIRE(header.fields.size() == 3U);
    const std::string program = layout_program(header);
    const auto layout_with = [&](const std::string& text) {
        TempDir folder;
        write_text(folder / "foliot/abi.h", "#include <stddef.h>\n#include <stdint.h>\n" + text + "\n");
        return layout_of(program, folder.path());
    };
    const Layout old = layout_with(old_text);
    BOOST_TEST(broken(old, layout_with("typedef struct foliot_x { uint32_t a, b; const char *c, *d; } foliot_x;")) ==
               "");
    BOOST_TEST(broken(old, layout_with("typedef struct foliot_x { uint32_t b, a; const char* c; } foliot_x;")) ==
               "offset foliot_x.a was 0, is 4\noffset foliot_x.b was 4, is 0\n");
    BOOST_TEST(!broken(old, layout_with("typedef struct foliot_x { uint32_t a; uint64_t b; const char* c; } foliot_x;"))
                    .empty());
    BOOST_CHECK_THROW(layout_with("typedef struct foliot_x { uint32_t a, b; } foliot_x;"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(the_reader_of_headers_sees_all_kinds_of_fields) {
    const Header header = Header::read(
        "typedef struct a { /* x; */ uint32_t n, m; union { int64_t i; const char* s; } as;\n"
        "  const char *p, *q; int32_t (*run)(const struct a*, int); const b* const* list; } a;\n"
        "enum { FOLIOT_ONE = 1, FOLIOT_TWO = 2 };");
    std::string fields;
    for (const auto& [name, field] : header.fields) fields += name + "." + field + " ";
    BOOST_TEST(fields == "a.n a.m a.as a.as.i a.as.s a.p a.q a.run a.list ");
    BOOST_TEST(header.constants == (std::vector<std::string>{"FOLIOT_ONE", "FOLIOT_TWO"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_module_built_with_each_kept_header_runs_under_todays_worker) {
    for (const Release& release : releases()) {
        Pool pool(1);
        const RunId run = pool.submit(release.module(), 0, R"({"a":1})");
        const auto& done = pool.result_of(run);
        BOOST_TEST((done.verdict.state == RunState::succeeded), release.text() << ": " << done.verdict.error);
        BOOST_TEST(done.verdict.result == R"({"major":1,"attempt":1,"args":0,"kwargs":1,"state":0,"dir":1})");
        BOOST_TEST(pool.output_of(run, Stream::log) == "INFO an old friend {\"built\":\"long ago\"}\n");
        BOOST_REQUIRE(done.progress.has_value());
        BOOST_TEST(done.progress->note == "half");
    }
}

BOOST_AUTO_TEST_SUITE_END()
