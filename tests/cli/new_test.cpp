// A project made by `foliot module new`, built, tested and packaged with nothing but what `cmake --install` puts in
// place.
#include "base/time_text.hpp"
#include "cli/program.hpp"
#include "cli/template.hpp"
#include "support/shell.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace foliot;
using namespace foliot::testing;
namespace fs = std::filesystem;

namespace {

std::set<std::string> files_in(const fs::path& folder) {
    std::set<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file()) files.insert(entry.path().lexically_relative(folder).string());
    return files;
}

/// A machine on which an author has installed the SDK and the commands, in a folder.
struct Installed {
    TempDir home;
    fs::path prefix = home / "prefix";

    Installed() {
        for (const std::string& component : {std::string("sdk"), std::string("tools")})
            output_of(in_quotes(cached("CMAKE_COMMAND")) + " --install " + in_quotes(FOLIOT_BUILD_DIR) +
                      " --component " + component + " --prefix " + in_quotes(prefix) + " 2>&1");
    }
    /// By a shell, with the installed commands first in PATH. Throws with what it printed when it fails.
    std::string shell(const std::string& script) const {
        return output_of("(export PATH=" + in_quotes(prefix / "bin") + ":/usr/local/bin:/usr/bin:/bin PERL5LIB=" +
                         in_quotes(prefix / "share/perl5") + " CMAKE_PREFIX_PATH=" + in_quotes(prefix) +
                         " DEBFULLNAME='Ada L' DEBEMAIL=ada@example.org; cd " + in_quotes(home.path()) + " && " +
                         script + ") 2>&1");
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(new_modules)

BOOST_AUTO_TEST_CASE(a_project_holds_the_files_of_the_template_with_its_name_in_their_places) {
    TempDir folder;
    const auto made = testing::foliot({"module", "new", "My.mod-2", "--dir", folder.path().string()});
    BOOST_TEST(made.exit.code == 0, made.err);
    const fs::path project = folder / "My.mod-2";
    const std::set<std::string> wanted{".gitignore",       "CMakeLists.txt",         "README.md",
                                       "debian/changelog", "debian/control",         "debian/copyright",
                                       "debian/rules",     "debian/source/format",   "src/My.mod-2.cpp",
                                       "src/My.mod-2.hpp", "tests/My.mod-2_test.cpp"};
    BOOST_TEST(files_in(project) == wanted, boost::test_tools::per_element());
    for (const std::string& file : wanted) {
        const std::string text = read_file(project / file);
        for (const char* placeholder : {"@NAME@", "@PACKAGE@", "@MAINTAINER@", "@DATE@", "@YEAR@", "NAME.hpp"})
            BOOST_TEST(!contains(text, placeholder), file << " holds " << placeholder);
    }
    BOOST_TEST(contains(read_file(project / "debian/control"), "Source: foliot-module-my.mod-2\n"));
    BOOST_TEST(contains(read_file(project / "CMakeLists.txt"), "foliot_add_module(My.mod-2 VERSION 0.1.0"));
    const auto rules = fs::status(project / "debian/rules").permissions();
    BOOST_TEST(((rules & fs::perms::owner_exec) != fs::perms::none));
}

BOOST_AUTO_TEST_CASE(a_name_that_no_module_can_have_is_refused_and_nothing_is_made) {
    TempDir folder;
    for (const std::string& name : {std::string(""), std::string("2nd"), std::string("a b"), std::string("a/b"),
                                    std::string(".."), std::string("a."), std::string(129, 'a')}) {
        const auto said = testing::foliot({"module", "new", "--dir", folder.path().string(), "--", name});
        BOOST_TEST(said.exit.code == cli::kUsage, name);
        BOOST_TEST(contains(said.err, "is no name for a module: "), said.err);
    }
    BOOST_TEST(fs::is_empty(folder.path()));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_there_is_left_alone) {
    TempDir folder;
    fs::create_directory(folder / "mine");
    const auto said = testing::foliot({"module", "new", "mine", "--dir", folder.path().string()});
    BOOST_TEST(said.exit.code == cli::kImpossible);
    BOOST_TEST(contains(said.err, "is there already; choose another name or --dir"), said.err);
    BOOST_TEST(fs::is_empty(folder / "mine"));
}

BOOST_AUTO_TEST_CASE(a_project_that_cannot_be_written_whole_is_not_left_behind) {
    TempDir folder;
    fs::create_directories(folder / "template");
    fs::create_symlink("nowhere", folder / "template/x");
    BOOST_CHECK_THROW(cli::make_project(folder / "template", folder / "made", "m", {}), std::exception);
    BOOST_TEST(!fs::exists(folder / "made"));
}

BOOST_AUTO_TEST_CASE(a_new_project_builds_tests_runs_and_packages_itself_on_the_installed_sdk) {
    const Installed machine;
    const std::string built = machine.shell(
        "foliot module new my_jobs && cd my_jobs && cmake -B build -G Ninja && cmake --build build && "
        "ctest --test-dir build --output-on-failure");
    BOOST_TEST(contains(built, "100% tests passed, 0 tests failed out of 2"), built);
    BOOST_TEST(contains(built, "my_jobs_module_check"), built);

    const std::string module = "my_jobs/build/modules/my_jobs.so";
    BOOST_TEST(contains(machine.shell("readelf -S -W " + module), " .debug_line "));  // a debugger shows its lines
    const std::string checked = machine.shell("foliot module check " + module + " --run greet");
    BOOST_TEST(contains(checked, "\n0 errors, 0 warnings\n"), checked);
    const std::string run = machine.shell("foliot module run " + module + R"(:greet --args '["Ada", 2]')");
    BOOST_TEST(contains(run, "INFO hello, Ada"), run);
    BOOST_TEST(contains(run, R"(result {"greeted":"Ada","times":2})"), run);
    BOOST_TEST(contains(machine.shell("foliot module describe " + module), "greet  Greet\n"));

    const std::string untested = machine.shell(
        "cd my_jobs && sed 's/include(CTest)/set(BUILD_TESTING ON)/' -i.bak CMakeLists.txt && cmake -B untested -G "
        "Ninja; "
        "mv CMakeLists.txt.bak CMakeLists.txt; rm -r untested");
    BOOST_TEST(contains(untested, "ctest will not know"), untested);
    BOOST_TEST(!contains(built, "ctest will not know"), built);

    if (!fs::exists("/usr/bin/dh") || !fs::exists("/usr/bin/dpkg-buildpackage")) {
        BOOST_TEST_MESSAGE("debhelper is not installed: packaging is not tested");
        return;
    }
    // -d: the packages of the SDK that it build-depends on are not installed, their files are.
    const std::string packaged = machine.shell("cd my_jobs && dpkg-buildpackage -us -uc -b -d");
    BOOST_TEST(contains(packaged, "100% tests passed"), packaged);
    const std::string listed = machine.shell("dpkg-deb -c foliot-module-my-jobs_0.1.0_*.deb");
    BOOST_TEST(contains(listed, " ./usr/lib/foliot/modules/my_jobs.so\n"), listed);  // where a server looks
    const std::string control = machine.shell("dpkg-deb -f foliot-module-my-jobs_0.1.0_*.deb");
    BOOST_TEST(contains(control, "Depends: foliot-module-abi-1 (>= 1.0), libc6"), control);
    BOOST_TEST(contains(control, "Maintainer: Ada L <ada@example.org>"), control);
    // Stripped and moved as it is, the packaged module is still whole.
    const std::string unpacked = machine.shell(
        "dpkg-deb -x foliot-module-my-jobs_0.1.0_*.deb package && foliot module check $(find package -name "
        "my_jobs.so)");
    BOOST_TEST(contains(unpacked, "\n0 errors, 0 warnings\n"), unpacked);
}

BOOST_AUTO_TEST_SUITE_END()
