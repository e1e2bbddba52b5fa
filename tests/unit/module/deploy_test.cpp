// Modules that come, change, break and go while their jobs want to run.
#include "support/captured_error.hpp"
#include "support/wait.hpp"
#include "unit/module/catalogue_fixture.hpp"

#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

namespace foliot::module::testing {
namespace {

std::string bytes_of(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

struct Deploying : Setup {
    const fs::path place = first / "tasks.so";
    const std::string whole = bytes_of(FOLIOT_FIXTURES_DIR "/tasks.so");

    /// A new file of these bytes, put there by renaming.
    void put(std::string_view bytes) const {
        const fs::path beside = place.string() + ".new";
        std::ofstream(beside, std::ios::binary) << bytes;
        ::chmod(beside.c_str(), 0644);
        fs::rename(beside, place);
    }
    /// What `cp` does to a file that is there.
    void overwrite(std::string_view bytes) const { std::ofstream(place, std::ios::binary | std::ios::trunc) << bytes; }
    bool waits() const { return catalogue->unavailable().contains("tasks"); }
    void must_be(Status status) const {
        const auto module = find("tasks");
        BOOST_REQUIRE(module);
        BOOST_TEST(status_name(module->status) == status_name(status), module->problem);
    }
};

BOOST_FIXTURE_TEST_SUITE(deploying_modules, Deploying)

BOOST_AUTO_TEST_CASE(a_file_that_ends_too_early_is_refused_before_anybody_loads_it) {
    worker = "/nonexistent";  // whoever runs it now fails otherwise
    start();
    for (const std::size_t size : {whole.size() - 1, whole.size() * 9 / 10, whole.size() / 2, std::size_t{4096}}) {
        put(std::string_view(whole).substr(0, size));
        catalogue->rescan();
        must_be(Status::incomplete);
        BOOST_TEST(waits());
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_still_growing_is_to_be_looked_at_again_and_one_that_stays_is_not) {
    put(std::string_view(whole).substr(0, whole.size() / 2));
    BOOST_TEST(catalogue->rescan());
    BOOST_TEST(!catalogue->rescan());
    put(std::string_view(whole).substr(0, whole.size() - 10));
    BOOST_TEST(catalogue->rescan());
    put(whole);
    BOOST_TEST(!catalogue->rescan());
    must_be(Status::ok);
}

BOOST_AUTO_TEST_CASE(what_was_good_last_stays_for_display_while_a_bad_file_is_in_its_place_also_after_a_restart) {
    deploy("tasks");
    catalogue->rescan();
    const auto good = find("tasks");
    deploy("bad_meta", place);
    for (int life = 0; life < 2; ++life, start()) {
        catalogue->rescan();
        must_be(Status::invalid_metadata);
        BOOST_TEST(waits());
        BOOST_TEST(find("tasks")->functions.empty());
        BOOST_REQUIRE(find("tasks")->last_good);
        BOOST_TEST(find("tasks")->last_good->version == good->version);
        BOOST_TEST(find("tasks")->last_good->functions.size() == good->functions.size());
    }
    deploy("tasks");
    catalogue->rescan();
    must_be(Status::ok);
    BOOST_TEST(!find("tasks")->last_good);
    BOOST_TEST(!waits());
}

BOOST_AUTO_TEST_CASE(a_module_that_was_never_good_is_waited_for_too_but_one_that_was_never_there_is_unknown) {
    deploy("wrong_major");
    catalogue->rescan();
    BOOST_TEST((catalogue->unavailable() == std::set<std::string>{"wrong_major"}));
    BOOST_TEST(!find("wrong_major")->last_good);
}

BOOST_AUTO_TEST_CASE(a_removed_file_is_waited_for_a_minute_listed_for_a_day_and_then_forgotten) {
    deploy("tasks");
    catalogue->rescan();
    fs::remove(place);
    catalogue->rescan();
    must_be(Status::gone);
    BOOST_TEST(waits());
    BOOST_TEST(!find("tasks")->last_good->functions.empty());
    BOOST_TEST(why("tasks", "ok").find("is gone: its file was removed") != std::string::npos, why("tasks", "ok"));
    clock.advance(kGoneGrace - kSecond);
    start();  // the time counts on over a restart
    catalogue->rescan();
    BOOST_TEST(waits());
    clock.advance(kSecond);
    BOOST_TEST(!waits());
    must_be(Status::gone);
    clock.advance(kGoneShown);
    catalogue->rescan();
    BOOST_TEST(!find("tasks"));
    BOOST_TEST(why("tasks", "ok") == "no module 'tasks'");
    BOOST_TEST(!record("tasks").has_value());
}

BOOST_AUTO_TEST_CASE(a_module_that_is_removed_and_added_again_goes_on_as_if_nothing_had_been) {
    deploy("tasks");
    catalogue->rescan();
    fs::remove(place);
    catalogue->rescan();
    deploy("tasks");
    catalogue->rescan();
    must_be(Status::ok);
    BOOST_TEST(!waits());
}

BOOST_AUTO_TEST_CASE(something_else_in_the_place_of_a_module_is_named_and_waited_for) {
    deploy("tasks");
    catalogue->rescan();
    put("no library at all");
    catalogue->rescan();
    must_be(Status::not_a_module);
    BOOST_TEST(waits());
    put("");
    catalogue->rescan();
    must_be(Status::incomplete);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_overwritten_in_place_is_named_at_once_and_runs_wait_until_it_is_whole) {
    deploy("tasks");
    catalogue->rescan();
    const auto before = find("tasks");
    BOOST_TEST(!catalogue->note_written(place));  // nothing has changed
    overwrite(std::string_view(whole).substr(0, 1000));
    BOOST_TEST(Catalogue::overwritten(*before));
    const foliot::testing::CapturedError errors;
    BOOST_TEST(catalogue->note_written(place));
    BOOST_TEST(!catalogue->note_written(place));  // once is enough
    const std::string said = errors.text();
    BOOST_TEST(said.find("was overwritten in place while it was in use") != std::string::npos, said);
    BOOST_TEST(said.find("then mv it there") != std::string::npos, said);
    must_be(Status::overwritten);
    BOOST_TEST(waits());
    catalogue->rescan();
    must_be(Status::incomplete);
    overwrite(whole);
    catalogue->rescan();
    must_be(Status::ok);
    BOOST_TEST(!waits());
    BOOST_TEST(Catalogue::overwritten(*before));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_replaced_by_renaming_or_written_elsewhere_is_not_overwritten) {
    deploy("tasks");
    catalogue->rescan();
    const auto before = find("tasks");
    deploy("tasks");
    BOOST_TEST(!Catalogue::overwritten(*before));
    BOOST_TEST(!catalogue->note_written(place));
    BOOST_TEST(!catalogue->note_written(second / "tasks.so"));
    BOOST_TEST(!catalogue->note_written(first / "other.so"));
    fs::remove(place);
    BOOST_TEST(!Catalogue::overwritten(*before));
}

BOOST_AUTO_TEST_CASE(links_pipes_folders_and_files_that_cannot_be_read_hold_nobody_up) {
    deploy("tasks");
    fs::create_symlink(place, first / "link.so");
    BOOST_REQUIRE(::mkfifo((first / "pipe.so").c_str(), 0600) == 0);
    fs::create_directory(first / "folder.so");
    catalogue->rescan();
    must_be(Status::ok);
    for (const char* name : {"link", "pipe", "folder"}) {
        BOOST_REQUIRE_MESSAGE(find(name), name);
        BOOST_TEST((find(name)->status == Status::insecure), name << ": " << find(name)->problem);
    }
}

BOOST_AUTO_TEST_CASE(a_folder_of_a_thousand_other_files_is_looked_at_in_no_time) {
    for (int i = 0; i < 1000; ++i) std::ofstream(first / ("library" + std::to_string(i) + ".so")) << "none";
    deploy("tasks");
    const SystemClock time;
    const Micros begin = time.monotonic();
    catalogue->rescan();
    BOOST_TEST(time.monotonic() - begin < 5 * kSecond);
    BOOST_TEST(catalogue->modules().size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_folders_can_be_others_at_the_next_look) {
    deploy("tasks", second / "tasks.so");
    catalogue->search({first}, {});
    catalogue->rescan();
    BOOST_TEST(!find("tasks"));
    catalogue->search({first, second}, {});
    catalogue->rescan();
    must_be(Status::ok);
}

BOOST_AUTO_TEST_CASE(modules_of_a_folder_that_cannot_be_listed_are_waited_for_and_looked_for_again) {
    deploy("tasks");
    deploy("ok", second / "ok.so");
    catalogue->rescan();
    fs::rename(first, dir / "away");
    fs::create_symlink(first, first);  // leads nowhere
    for (int life = 0; life < 2; ++life, start()) {
        BOOST_TEST(catalogue->rescan() > 0);
        must_be(Status::load_error);
        BOOST_TEST(find("tasks")->problem.find("cannot be listed") != std::string::npos, find("tasks")->problem);
        BOOST_TEST(find("tasks")->last_good);
        clock.advance(kGoneShown);
        BOOST_TEST(waits());
        BOOST_TEST((find("ok")->status == Status::ok));
    }
    fs::remove(first);
    fs::rename(dir / "away", first);
    BOOST_TEST(catalogue->rescan() == 0);
    must_be(Status::ok);
    fs::remove(place);
    fs::rename(second, dir / "away");
    fs::create_symlink(second, second);
    catalogue->rescan();
    must_be(Status::load_error);  // it may be in the other folder
    fs::remove(second);
    catalogue->rescan();
    must_be(Status::gone);
    BOOST_TEST((find("ok")->status == Status::gone));
}

/// A look whose child, for ok.so, does not end before end().
struct SlowLook : Deploying {
    const fs::path begun = dir / "begun", hold = dir / "hold";
    std::atomic<bool> ended = false;
    std::jthread scanner;

    void begin() {
        worker = dir / "worker";
        std::ofstream(worker) << "#!/bin/sh\n: > " << begun.string() << "\nwhile [ -e " << hold.string()
                              << " ]; do /bin/sleep 0.02; done\n";
        ::chmod(worker.c_str(), 0755);
        start();
        deploy("ok", second / "ok.so");
        begin_again();
    }
    void begin_again() {
        std::ofstream(hold) << "";
        scanner = std::jthread([this] {
            catalogue->rescan();
            ended = true;
        });
        BOOST_REQUIRE(foliot::testing::wait_until([&] { return fs::exists(begun); }));
    }
    void end() {
        fs::remove(hold);
        scanner.join();
    }
    ~SlowLook() { fs::remove(hold); }
};

BOOST_FIXTURE_TEST_CASE(other_folders_are_taken_while_a_look_is_under_way, SlowLook) {
    begin();
    catalogue->search({second}, {});
    BOOST_TEST(!ended);
    end();
}

BOOST_FIXTURE_TEST_CASE(a_file_that_is_overwritten_while_others_are_looked_at_stays_named, SlowLook) {
    deploy("tasks");
    catalogue->rescan();
    begin();  // knows what was found, by the store
    end();
    must_be(Status::ok);
    fs::remove(begun);
    begin_again();
    overwrite(std::string_view(whole).substr(0, 1000));
    BOOST_TEST(catalogue->note_written(place));
    end();
    must_be(Status::overwritten);
    BOOST_TEST(waits());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::module::testing
