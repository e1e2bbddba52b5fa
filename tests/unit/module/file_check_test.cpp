#include "module/file_check.hpp"

#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

using namespace foliot;
namespace fs = std::filesystem;

namespace {

struct Setup {
    testing::TempDir dir;
    fs::path folder = fs::canonical(dir.path()) / "modules", file = folder / "x.so";
    Setup() {
        fs::create_directory(folder);
        ::chmod(folder.c_str(), 0755);
        std::ofstream(file) << "x";
        ::chmod(file.c_str(), 0644);
    }
    std::string problem(bool trusted = false) const { return module::open_checked(file, trusted).problem; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(file_check, Setup)

BOOST_AUTO_TEST_CASE(a_file_that_only_its_owner_can_change_is_opened_below_a_sticky_folder) {
    const auto opened = module::open_checked(file, false);
    BOOST_TEST(opened.problem == "");
    BOOST_TEST(opened.fd.get() >= 0);
    BOOST_TEST((opened.stat == module::stat_of(file)));
}

BOOST_AUTO_TEST_CASE(a_file_that_others_can_change_is_insecure_and_the_text_says_what_to_do) {
    for (const unsigned mode : {0664U, 0646U, 0666U}) {
        ::chmod(file.c_str(), mode);
        BOOST_TEST(problem().find("chmod go-w " + file.string()) != std::string::npos);
        BOOST_TEST(module::open_checked(file, false).insecure);
    }
    BOOST_TEST(problem(true) == "");
}

BOOST_AUTO_TEST_CASE(a_folder_above_that_others_can_change_makes_the_file_insecure) {
    ::chmod(folder.c_str(), 0777);
    BOOST_TEST(problem().find("chmod go-w " + folder.string()) != std::string::npos);
    BOOST_TEST(problem(true) == "");
    ::chmod(folder.c_str(), 01777);
    BOOST_TEST(problem() == "");
    ::chmod(folder.c_str(), 0755);
    ::chmod(folder.parent_path().c_str(), 0770);
    BOOST_TEST(problem().find(folder.parent_path().string()) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_or_folder_of_another_user_is_insecure) {
    if (::geteuid() != 0) return;  // only root can give a file away
    BOOST_REQUIRE(::chown(file.c_str(), 12345, 0) == 0);
    BOOST_TEST(problem().find("belongs to user 12345") != std::string::npos);
    BOOST_REQUIRE(::chown(file.c_str(), 0, 0) == 0);
    BOOST_REQUIRE(::chown(folder.c_str(), 12345, 0) == 0);
    BOOST_TEST(problem().find("belongs to user 12345") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(links_fifos_and_folders_are_not_opened_even_when_trusted) {
    fs::rename(file, folder / "real");
    fs::create_symlink(folder / "real", file);
    BOOST_TEST(problem(true).find("symbolic link") != std::string::npos);
    BOOST_TEST(module::open_checked(file, true).insecure);
    fs::remove(file);
    BOOST_REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
    BOOST_TEST(problem(true).find("no regular file") != std::string::npos);
    fs::remove(file);
    fs::create_directory(file);
    BOOST_TEST(problem(true).find("no regular file") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_gone_is_gone) {
    fs::remove(file);
    const auto opened = module::open_checked(file, false);
    BOOST_TEST(opened.gone);
    BOOST_TEST(!opened.fd);
    BOOST_TEST(!module::stat_of(file).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
