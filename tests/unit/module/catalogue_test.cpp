#include "base/error.hpp"
#include "unit/module/catalogue_fixture.hpp"

#include <fstream>
#include <thread>

using namespace foliot;
using module::Catalogue;
using module::Status;
namespace fs = std::filesystem;

using module::testing::Setup;

BOOST_FIXTURE_TEST_SUITE(catalogue_of_modules, Setup)

BOOST_AUTO_TEST_CASE(a_module_is_found_described_and_remembered) {
    deploy("tasks");
    catalogue->rescan();
    const auto tasks = find("tasks");
    BOOST_REQUIRE(tasks);
    BOOST_REQUIRE_MESSAGE(tasks->status == Status::ok, tasks->problem);
    BOOST_TEST(tasks->build_id.size() == 40U);
    BOOST_TEST(!tasks->functions.empty());
    std::string text;
    const auto resolved = catalogue->resolve({"tasks", tasks->functions.front().name}, text);
    BOOST_REQUIRE(resolved.has_value());
    BOOST_TEST(resolved->module == tasks);
    BOOST_TEST(resolved->function->name == tasks->functions.front().name);
    const auto stored = record("tasks");
    BOOST_REQUIRE(stored.has_value());
    BOOST_TEST(stored->status == "ok");
    BOOST_TEST(stored->identity == tasks->identity);
    BOOST_TEST(stored->version == tasks->version);
    BOOST_TEST(stored->at == clock.now());
}

BOOST_AUTO_TEST_CASE(a_dotted_module_name_resolves_in_both_spellings) {
    deploy("golden_jobs.jobs");
    catalogue->rescan();
    const auto jobs = find("golden_jobs.jobs");
    BOOST_REQUIRE(jobs);
    BOOST_REQUIRE_MESSAGE(jobs->status == Status::ok, jobs->problem);
    const std::string function = jobs->functions.front().name;
    for (const std::string& spelling : {"golden_jobs.jobs:" + function, "golden_jobs.jobs." + function}) {
        std::string text;
        BOOST_TEST(catalogue->resolve(parse_func(spelling).value(), text).has_value(), spelling << ": " << text);
    }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_resolved_is_said_in_words_for_the_caller) {
    deploy("tasks");
    deploy("wrong_major");
    catalogue->rescan();
    BOOST_TEST(why("nothing", "f") == "no module 'nothing'");
    BOOST_TEST(why("tasks", "no_such_thing").starts_with("module 'tasks' has no function 'no_such_thing'; it has: "));
    BOOST_TEST(why("wrong_major", "f").starts_with("module 'wrong_major' cannot be used: "));
}

BOOST_AUTO_TEST_CASE(every_misbehaving_module_gets_its_status_and_hurts_nobody) {
    struct Case {
        const char* name;
        Status status;
    };
    const Case cases[] = {{"wrong_major", Status::abi_too_new},
                          {"needs_newer_minor", Status::abi_too_new},
                          {"missing_symbol", Status::load_error},
                          {"ctor_crash", Status::crashed},
                          {"ctor_hang", Status::timed_out},
                          {"entry_null", Status::abi_too_new},
                          {"entry_throws", Status::invalid_metadata},
                          {"dup_names", Status::invalid_metadata},
                          {"bad_meta", Status::invalid_metadata},
                          {"huge_meta", Status::invalid_metadata},
                          {"name_mismatch", Status::invalid_metadata},
                          {"ctor_prints", Status::ok},
                          {"tasks", Status::ok}};
    for (const Case& c : cases) deploy(c.name);
    deploy("no_note");
    limit = 5 * kSecond;
    start();
    catalogue->rescan();
    for (const Case& c : cases) {
        const auto module = find(c.name);
        BOOST_REQUIRE_MESSAGE(module, c.name);
        BOOST_TEST((module->status == c.status),
                   c.name << " is " << module::status_name(module->status) << ": " << module->problem);
        BOOST_TEST(module->problem.empty() == (c.status == Status::ok), c.name);
        BOOST_TEST(record(c.name)->status == module::status_name(c.status));
        BOOST_TEST_MESSAGE(c.name << ": " << module->problem);
    }
    BOOST_TEST(!find("no_note"));
    BOOST_TEST(!record("no_note").has_value());
}

BOOST_AUTO_TEST_CASE(an_unchanged_file_is_not_run_again_after_a_restart_even_when_it_is_bad) {
    deploy("tasks");
    deploy("bad_meta");
    catalogue->rescan();
    const std::string problem = find("bad_meta")->problem;
    const std::size_t functions = find("tasks")->functions.size();
    worker = "/nonexistent";  // whoever runs it now fails
    start();
    clock.advance(kSecond);
    catalogue->rescan();
    BOOST_TEST((find("tasks")->status == Status::ok), find("tasks")->problem);
    BOOST_TEST(find("tasks")->functions.size() == functions);
    BOOST_TEST((find("bad_meta")->status == Status::invalid_metadata));
    BOOST_TEST(find("bad_meta")->problem == problem);
    BOOST_TEST(record("tasks")->at == clock.now() - kSecond);
}

BOOST_AUTO_TEST_CASE(what_the_file_alone_does_not_decide_is_tried_again) {
    deploy("missing_symbol");
    deploy("ctor_crash");
    catalogue->rescan();
    worker = "/nonexistent";
    start();
    catalogue->rescan();
    for (const char* name : {"missing_symbol", "ctor_crash"}) {
        BOOST_TEST((find(name)->status == Status::load_error));
        BOOST_TEST(find(name)->problem.find("cannot be examined") != std::string::npos, find(name)->problem);
    }
}

BOOST_AUTO_TEST_CASE(a_replaced_file_is_seen_and_the_old_version_stays_alive_for_those_who_hold_it) {
    deploy("tasks");
    catalogue->rescan();
    const auto old = find("tasks");
    BOOST_TEST(Catalogue::unchanged(*old));
    deploy("tasks");
    BOOST_TEST(!Catalogue::unchanged(*old));
    catalogue->rescan();
    BOOST_TEST(find("tasks") != old);
    BOOST_TEST(find("tasks")->identity != old->identity);
    BOOST_TEST(find("tasks")->build_id == old->build_id);
    BOOST_TEST(Catalogue::unchanged(*find("tasks")));
    BOOST_TEST(!old->functions.empty());
}

BOOST_AUTO_TEST_CASE(a_bad_file_that_replaces_a_good_one_is_not_used_and_says_why) {
    deploy("tasks");
    catalogue->rescan();
    const std::string function = find("tasks")->functions.front().name;
    deploy("bad_meta", first / "tasks.so");
    catalogue->rescan();
    BOOST_TEST(why("tasks", function).find("declares the name 'bad_meta'") != std::string::npos);
    deploy("tasks");
    catalogue->rescan();
    BOOST_TEST(why("tasks", function) == "");
}

BOOST_AUTO_TEST_CASE(the_first_module_of_a_name_wins_and_the_other_is_listed_as_shadowed) {
    deploy("tasks");
    deploy("tasks", second / "tasks.so");
    catalogue->rescan();
    BOOST_TEST(find("tasks")->path == fs::canonical(first / "tasks.so").string());
    const auto all = catalogue->modules();
    const auto shadowed = std::ranges::find(all, Status::shadowed, [](const auto& module) { return module->status; });
    BOOST_REQUIRE((shadowed != all.end()));
    BOOST_TEST((*shadowed)->path == fs::canonical(second / "tasks.so").string());
    fs::remove(first / "tasks.so");
    catalogue->rescan();
    BOOST_TEST(find("tasks")->path == fs::canonical(second / "tasks.so").string());
}

BOOST_AUTO_TEST_CASE(a_library_that_is_no_module_does_not_hold_a_name) {
    deploy("no_note", first / "tasks.so");
    deploy("tasks", second / "tasks.so");
    std::ofstream(first / "notes.txt") << "no library at all";
    std::ofstream(first / "text.so") << "no library either";
    catalogue->rescan();
    BOOST_TEST(catalogue->modules().size() == 1U);
    BOOST_TEST((find("tasks")->status == Status::ok));
}

BOOST_AUTO_TEST_CASE(an_insecure_file_is_never_run_unless_its_folder_is_trusted) {
    deploy("tasks");
    ::chmod((first / "tasks.so").c_str(), 0666);
    catalogue->rescan();
    BOOST_TEST((find("tasks")->status == Status::insecure));
    BOOST_TEST(why("tasks", "f").find("chmod go-w") != std::string::npos);
    Catalogue trusting({{first, second}, {first}, worker, limit, 1}, *store);
    trusting.rescan();
    BOOST_TEST((trusting.modules().front()->status == Status::ok), trusting.modules().front()->problem);
    ::chmod((first / "tasks.so").c_str(), 0644);
    catalogue->rescan();
    BOOST_TEST((find("tasks")->status == Status::ok));
}

BOOST_AUTO_TEST_CASE(a_file_that_changes_while_it_is_examined_is_not_believed) {
    deploy("tasks");
    const fs::path script = dir / "worker";
    std::ofstream(script) << "#!/bin/sh\n/usr/bin/touch -d 2020-01-01 \"$2\"\nexec " << worker.string() << " \"$@\"\n";
    ::chmod(script.c_str(), 0700);
    const fs::path real = worker;
    worker = script;
    start();
    catalogue->rescan();
    BOOST_TEST((find("tasks")->status == Status::changed_while_probing));
    worker = real;
    start();
    catalogue->rescan();
    BOOST_TEST((find("tasks")->status == Status::ok), find("tasks")->problem);
}

BOOST_AUTO_TEST_CASE(a_probe_that_is_killed_from_outside_is_tried_once_more) {
    deploy("tasks");
    const fs::path script = dir / "worker";
    std::ofstream(script) << "#!/bin/sh\n[ -e " << (dir / "once").string() << " ] || { : >" << (dir / "once").string()
                          << "; kill -KILL $$; }\nexec " << worker.string() << " \"$@\"\n";
    ::chmod(script.c_str(), 0700);
    worker = script;
    start();
    catalogue->rescan();
    BOOST_TEST((find("tasks")->status == Status::ok), find("tasks")->problem);
}

BOOST_AUTO_TEST_CASE(a_look_at_a_module_that_hangs_can_be_given_up_and_changes_nothing) {
    deploy("tasks");
    catalogue->rescan();
    deploy("ctor_hang");
    const SystemClock time;
    const Micros begin = time.monotonic();
    std::jthread scanner([&] { catalogue->rescan(); });
    catalogue->give_up();
    scanner.join();
    BOOST_TEST(time.monotonic() - begin < limit / 2);
    BOOST_TEST(catalogue->modules().size() == 1U);
    catalogue->rescan();
    BOOST_TEST(!find("ctor_hang"));
}

BOOST_AUTO_TEST_CASE(readers_are_served_while_a_rescan_runs) {
    deploy("tasks");
    catalogue->rescan();
    const std::string function = find("tasks")->functions.front().name;
    std::atomic<bool> done = false;
    std::jthread scanner([&] {
        for (int i = 0; i < 5; ++i) {
            deploy("tasks");
            catalogue->rescan();
        }
        done = true;
    });
    long missed = 0;
    while (!done) missed += why("tasks", function).empty() ? 0 : 1;
    BOOST_TEST(missed == 0);
}

BOOST_AUTO_TEST_SUITE_END()
