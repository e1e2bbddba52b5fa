// What a reader of the documentation types, in the order in which it stands there, page by page, against a real server
// of its own. A command that fails makes the page red.
#include "docs/not_run.hpp"
#include "docs/old_system.hpp"
#include "support/server.hpp"
#include "support/shell.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace foliot;
using namespace foliot::testing;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> pages_with_commands() {
    std::vector<std::string> names;
    for (const Page& page : all_pages())
        if (page.has_commands()) names.push_back(page.name);
    return names;
}

const NotRun* find_not_run(const std::string& page, const Block& block) {
    const auto found = std::find_if(kNotRun.begin(), kNotRun.end(), [&](const NotRun& each) {
        return each.page == page && block.text().starts_with(each.beginning);
    });
    return found == kNotRun.end() ? nullptr : &*found;
}

/// Where the SDK and the commands are installed for all pages.
const fs::path& prefix() {
    static const TempDir folder;
    static const bool is_installed = [] {
        for (const std::string& component : {std::string("sdk"), std::string("tools")})
            output_of(in_quotes(cached("CMAKE_COMMAND")) + " --install " + in_quotes(FOLIOT_BUILD_DIR) +
                      " --component " + component + " --prefix " + in_quotes(folder.path()) + " 2>&1");
        return true;
    }();
    BOOST_REQUIRE(is_installed);
    return folder.path();
}

/// Somebody with a terminal on a machine where Foliot is installed and a server runs.
struct Reader {
    TempDir data, home, modules;  // the last one for modules of the reader's own
    OldSystem old;
    ServerProcess server;

    explicit Reader(const std::string& page)
        : old(page), server({.data_dir = data.path(), .settings = {modules_in("path"), modules_in("trusted_paths")}}) {
        // Who looks at an answer sees that it is a refusal; here curl has to say so.
        write_text(home / ".curlrc", "fail-with-body\n");
    }

    std::string modules_in(const std::string& key) const {
        return "modules." + key + "=" FOLIOT_MODULES_DIR ":" + modules.path().string();
    }

    /// Throws with what it printed when it fails, or takes more than ten minutes.
    std::string run(const std::string& name, const std::string& script) const {
        write_text(home / name, script);
        const std::string url = "http://127.0.0.1:" + std::to_string(server.port());
        const std::vector<std::string> environment{
            "HOME=" + home.path().string(),
            "PATH=" + (prefix() / "bin").string() + ":/usr/local/bin:/usr/bin:/bin",
            "CMAKE_PREFIX_PATH=" + prefix().string(),
            "FOLIOT_URL=" + url,
            "API=" + url,
            "FOLIOT_TOKEN=" + server.token(),
            "TOKEN=" + server.token(),
            "MODULES=" + modules.path().string(),
            "OLD=" + old.url(),
            "DATA=" + data.path().string(),
            "TMPDIR=" + home.path().string(),
            "LANG=C.UTF-8",
            "DEBFULLNAME=Ada L",
            "DEBEMAIL=ada@example.org"};
        std::string command = "cd " + in_quotes(home.path()) + " && exec env -i";
        for (const std::string& variable : environment) command += " " + in_quotes(variable);
        write_text(data / "reader.sh", command + " timeout --kill-after=5 600 bash " + in_quotes(name) + "\n");
        return output_of("sh " + in_quotes(data / "reader.sh") + " 2>&1 </dev/null");
    }
};

Page page_of_name(const std::string& name) {
    for (Page& page : all_pages())
        if (page.name == name) return page;
    throw std::runtime_error("there is no page " + name);
}

void run_page(const std::string& name) {
    const std::string script = script_of(page_of_name(name), [&](const Block& block) -> std::string {
        const NotRun* found = find_not_run(name, block);
        return found == nullptr ? "" : std::string(found->instead);
    });
    const Reader reader(name);
    try {
        BOOST_TEST_MESSAGE(name << "\n" << reader.run(fs::path(name).filename().string(), script));
    } catch (const std::exception& error) {
        BOOST_ERROR(name << ": " << error.what());
    }
    for (const std::string& request : reader.old.unasked())
        BOOST_ERROR(name << " does not ask the old system for " << request);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(commands)

BOOST_DATA_TEST_CASE(the_commands_of_a_page_work_in_the_order_in_which_they_stand_there,
                     boost::unit_test::data::make(pages_with_commands()), name) {
    run_page(name);
}

BOOST_AUTO_TEST_CASE(a_command_that_fails_is_named_by_its_line_in_the_page) {
    const Page page =
        parse_page("docs/x.md", "# X\n\n`a/b.txt`:\n\n```text\n$HOME\n```\n\n```sh\ncat a/b.txt\ncd /nowhere\n```\n");
    const Reader reader("docs/x.md");
    BOOST_CHECK_EXCEPTION(
        reader.run("x.md", script_of(page, nullptr)), std::runtime_error, [](const std::exception& error) {
            const std::string text = error.what();
            BOOST_TEST_MESSAGE(text);
            return text.find("$HOME\n") != std::string::npos && text.find("line 11: cd /nowhere") != std::string::npos;
        });
    BOOST_CHECK_THROW(reader.run("y.md", "curl -sS $API/scheduler/jobs -H 'Authorization: Token wrong'"),
                      std::runtime_error);
}

BOOST_AUTO_TEST_CASE(commands_that_are_not_run_are_on_the_list_and_the_page_says_why) {
    std::set<const NotRun*> found;
    for (const Page& page : all_pages()) {
        for (const Block& block : page.blocks) {
            if (block.not_run.empty()) continue;
            BOOST_TEST(block.language == "sh", page.name << ":" << block.line << " is not run anyhow");
            const NotRun* entry = find_not_run(page.name, block);
            BOOST_TEST((entry != nullptr), page.name << ":" << block.line << " is not on the list of not_run.hpp");
            found.insert(entry);
        }
    }
    for (const NotRun& each : kNotRun)
        BOOST_TEST(found.contains(&each), "not_run.hpp lists what " << each.page << " has not: " << each.beginning);
}

BOOST_AUTO_TEST_SUITE_END()
