#include "module/folder_watch.hpp"

#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace foliot::module {
namespace {

namespace fs = std::filesystem;

struct Folders {
    testing::TempDir dir;
    const fs::path one = dir / "one", two = dir / "above/two";

    Folders() { fs::create_directory(one); }

    static void write(const fs::path& file, const std::string& text = "text") { std::ofstream(file) << text; }

    /// inotify tells at once what this very process has done.
    static bool has_news(const FolderWatch& watch) {
        pollfd asked{watch.fd(), POLLIN, 0};
        return ::poll(&asked, 1, 0) > 0;
    }
};

BOOST_FIXTURE_TEST_SUITE(folder_watch, Folders)

BOOST_AUTO_TEST_CASE(a_file_that_is_renamed_into_place_is_noticed_and_was_not_written) {
    write(one / "m.so.new");
    FolderWatch watch({one});
    fs::rename(one / "m.so.new", one / "m.so");
    BOOST_TEST(has_news(watch));
    const auto news = watch.read();
    BOOST_TEST(news.changed);
    BOOST_TEST(news.written.empty());
    BOOST_TEST(!watch.read().changed);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_written_in_place_is_named) {
    write(one / "m.so");
    FolderWatch watch({one});
    write(one / "m.so", "other text");
    const auto news = watch.read();
    BOOST_TEST(news.changed);
    BOOST_TEST((news.written == std::set<fs::path>{one / "m.so"}));
}

BOOST_AUTO_TEST_CASE(removals_and_rights_count_and_other_files_do_not) {
    write(one / "m.so");
    FolderWatch watch({one});
    write(one / "notes.txt");
    write(one / "m.so.new");
    BOOST_TEST(!watch.read().changed);
    ::chmod((one / "m.so").c_str(), 0600);
    BOOST_TEST(watch.read().changed);
    fs::remove(one / "m.so");
    BOOST_TEST(watch.read().changed);
}

BOOST_AUTO_TEST_CASE(reading_files_is_no_news) {
    write(one / "m.so");
    FolderWatch watch({one});
    std::ifstream(one / "m.so").get();
    for (const auto& entry : fs::directory_iterator(one)) BOOST_TEST(entry.exists());
    BOOST_TEST(!has_news(watch));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_there_yet_is_noticed_when_it_comes_with_all_above_it) {
    FolderWatch watch({two});
    fs::create_directory(dir / "unrelated");
    BOOST_TEST(!watch.read().changed);
    fs::create_directory(dir / "above");
    BOOST_TEST(watch.read().changed);
    fs::create_directory(two);
    BOOST_TEST(watch.read().changed);
    write(two / "m.so");
    BOOST_TEST(watch.read().changed);
}

BOOST_AUTO_TEST_CASE(a_folder_that_vanishes_and_comes_back_is_watched_again) {
    FolderWatch watch({one});
    for (int i = 0; i < 3; ++i) {
        write(one / "m.so");
        BOOST_TEST(watch.read().changed);
        fs::remove_all(one);
        BOOST_TEST(watch.read().changed);
        fs::create_directory(one);
        BOOST_TEST(watch.read().changed);
    }
}

BOOST_AUTO_TEST_CASE(a_folder_that_another_takes_the_place_of_is_watched_not_the_old_one) {
    FolderWatch watch({one});
    const fs::path old = dir / "old", next = dir / "next";
    fs::create_directory(next);
    fs::rename(one, old);
    fs::rename(next, one);
    BOOST_TEST(watch.read().changed);
    write(old / "m.so");
    BOOST_TEST(!watch.read().changed);
    write(one / "m.so");
    BOOST_TEST(watch.read().changed);
}

BOOST_AUTO_TEST_CASE(two_folders_of_which_one_is_in_the_other_are_both_watched) {
    FolderWatch watch({one, one / "inner"});
    write(one / "m.so");
    BOOST_TEST(watch.read().changed);
    fs::create_directory(one / "inner");
    BOOST_TEST(watch.read().changed);
    write(one / "inner/n.so");
    BOOST_TEST(watch.read().written.contains(one / "inner/n.so"));
    write(one / "m.so");
    BOOST_TEST(watch.read().written.contains(one / "m.so"));
}

BOOST_AUTO_TEST_CASE(more_than_the_queue_holds_is_news_too) {
    FolderWatch watch({one});
    std::size_t most = 0;
    std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> most;
    BOOST_REQUIRE(most > 0);
    if (most > 200'000) return;
    write(one / "a.txt");
    for (std::size_t i = 0; i <= most; ++i)  // neither name counts by itself, and no two events are alike
        fs::rename(one / (i % 2 == 0 ? "a.txt" : "b.txt"), one / (i % 2 == 0 ? "b.txt" : "a.txt"));
    BOOST_TEST(watch.read().changed);
    write(one / "m.so");
    BOOST_TEST(watch.read().changed);
}

BOOST_AUTO_TEST_CASE(a_look_finds_what_no_watch_tells_and_watches_it_from_then_on) {
    const fs::path link = dir / "link";
    fs::create_directory(dir / "elsewhere");
    fs::create_directory_symlink(one, link);
    FolderWatch watch({link});
    BOOST_TEST(!watch.look());
    fs::remove(link);
    fs::create_directory_symlink(dir / "elsewhere", link);
    BOOST_TEST(!watch.read().changed);
    BOOST_TEST(watch.look());
    BOOST_TEST(!watch.look());
    write(dir / "elsewhere/m.so");
    BOOST_TEST(watch.read().changed);
    BOOST_TEST(watch.look());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_watched_for_want_of_descriptors_is_watched_when_there_are_some) {
    write(one / "m.so");
    rlimit usual{};
    BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &usual) == 0);
    const int next = ::dup(0);
    ::close(next);
    const rlimit none_more{static_cast<rlim_t>(next), usual.rlim_max};
    BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &none_more) == 0);
    FolderWatch watch({one});
    ::setrlimit(RLIMIT_NOFILE, &usual);
    BOOST_TEST(watch.fd() < 0);
    watch.look();
    BOOST_REQUIRE(watch.fd() >= 0);
    write(one / "m.so", "other text");
    BOOST_TEST(watch.read().changed);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::module
