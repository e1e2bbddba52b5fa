#include "engine/zone_watch.hpp"

#include "engine/fixture.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <thread>

namespace foliot::testing {
namespace {

namespace fs = std::filesystem;

constexpr Micros kHour = 3'600 * kSecond, kDay = 24 * kHour;

/// A time zone database of the test's own, made of the system's zones under other names; the system's again at the end.
class OwnZones {
  public:
    OwnZones() {
        install("test1", "Europe/Berlin");
        ::setenv("TZDIR", dir_.path().c_str(), 1);
        trigger::refresh_zones();
    }
    ~OwnZones() {
        ::unsetenv("TZDIR");
        trigger::refresh_zones();
    }
    OwnZones(const OwnZones&) = delete;
    OwnZones& operator=(const OwnZones&) = delete;

    /// As a package would: Test/Zone keeps the time that `like` has.
    void install(const std::string& version, const std::string& like) const {
        fs::create_directories(dir_ / "Test");
        fs::copy_file("/usr/share/zoneinfo/" + like, dir_ / "Test/Zone", fs::copy_options::overwrite_existing);
        std::ofstream(dir_ / "tzdata.zi") << "# version " << version << "\nZ Test/Zone 0 - x\n";
    }
    void take_away() const { fs::remove(dir_ / "tzdata.zi"); }
    void take_zone_away() const { fs::remove(dir_ / "Test/Zone"); }
    void damage_zone() const { std::ofstream(dir_ / "Test/Zone") << "this is no zone"; }

    static trigger::ZonePtr zone() { return trigger::find_zone("test/zone").value(); }

  private:
    TempDir dir_;
};

struct ZoneFixture : EngineFixture {
    OwnZones zones;
    engine::ZoneWatch watch{*store, clock};

    /// Looks, and does all that there is to do.
    void look() {
        while (watch.step()) {}
        clock.advance(60 * kSecond);
    }
    trigger::Cron daily_at_noon() const { return trigger::make_crontab("0 12 * * *", {}, {}, OwnZones::zone()); }
    JobState state(const std::string& id) const { return store->read()->job(id)->state; }
    std::vector<store::AuditEntry> rescheduled() const {
        auto entries = store->read()->audit({}).items;
        std::erase_if(entries, [](const auto& entry) { return entry.event != "rescheduled"; });
        return entries;
    }
};

BOOST_FIXTURE_TEST_SUITE(zone_watch, ZoneFixture)

BOOST_AUTO_TEST_CASE(new_zone_data_moves_zoned_jobs_and_no_others_once_it_is_seen_twice) {
    add("berlin", daily_at_noon());
    add("utc", trigger::make_crontab("0 12 * * *", {}, {}));
    add("interval", every(kHour));
    look();
    const JobState before = state("berlin"), utc = state("utc"), interval = state("interval");
    zones.install("test2", "Asia/Kolkata");
    look();
    BOOST_TEST(state("berlin").next_fire.value() == before.next_fire.value());  // perhaps it is being unpacked still
    BOOST_TEST(trigger::tz_version() == "test1");
    look();
    BOOST_TEST(trigger::tz_version() == "test2");
    const JobState after = state("berlin");
    const Micros moved = trigger::next_after(daily_at_noon(), before.cursor).value();
    BOOST_TEST(moved != before.next_fire.value());
    BOOST_TEST(after.next_fire.value() == moved);
    BOOST_TEST(after.cursor == before.cursor);
    BOOST_TEST(after.anchor == before.anchor);
    BOOST_TEST(state("utc").next_fire.value() == utc.next_fire.value());
    BOOST_TEST(state("interval").next_fire.value() == interval.next_fire.value());
    BOOST_TEST_REQUIRE(rescheduled().size() == 1U);
    BOOST_TEST(rescheduled().front().ref == "berlin");
    BOOST_TEST(rescheduled().front().after.ends_with("by time zone data test2"));
}

/// Fires three days at noon, then the zone changes; answers the local noon that comes next, in days after the last one.
struct AcrossChange : ZoneFixture {
    void fire_on(Micros at) {
        clock.set_wall(at);
        settle();
        while (!runner.with_worker.empty()) runner.end(clock, success());
        settle();
    }
    Micros shift_after(const char* zone) {
        add("job", daily_at_noon());
        look();
        for (int day = 0; day < 3; ++day) fire_on(state("job").next_fire.value());
        const Micros last = state("job").cursor;
        zones.install("test2", zone);
        look();
        look();
        return state("job").next_fire.value() - last;
    }
};

BOOST_FIXTURE_TEST_CASE(clocks_that_were_put_back_fire_no_time_a_second_time, AcrossChange) {
    BOOST_TEST(shift_after("Europe/London") == kDay + kHour);
    const JobKey key = state("job").key;
    fire_on(state("job").next_fire.value());
    BOOST_TEST(store->read()->fires_accounted(key) == 4);
    engine::ZoneWatch reborn(*store, clock);  // looks at all jobs again
    const auto next = state("job").next_fire;
    while (reborn.step()) {}
    BOOST_TEST(state("job").next_fire.value() == next.value());
}

BOOST_FIXTURE_TEST_CASE(clocks_that_were_put_forward_leave_no_time_out, AcrossChange) {
    BOOST_TEST(shift_after("Europe/Helsinki") == kDay - kHour);
}

BOOST_AUTO_TEST_CASE(data_that_changed_while_the_server_was_down_is_seen_at_the_first_look) {
    add("job", daily_at_noon());
    look();
    const Micros before = state("job").next_fire.value();
    zones.install("test1", "Asia/Kolkata");  // whatever it calls itself
    trigger::refresh_zones();                // what a new process begins with
    engine::ZoneWatch reborn(*store, clock);
    while (reborn.step()) {}
    BOOST_TEST(state("job").next_fire.value() != before);
}

BOOST_AUTO_TEST_CASE(a_file_that_changes_under_the_same_version_is_noticed) {
    add("job", daily_at_noon());
    look();
    const Micros before = state("job").next_fire.value();
    zones.install("test1", "Asia/Kolkata");
    look();
    look();
    BOOST_TEST(state("job").next_fire.value() != before);
    const auto entries = rescheduled().size();
    look();
    look();
    BOOST_TEST(rescheduled().size() == entries);
}

BOOST_AUTO_TEST_CASE(a_zone_that_is_gone_or_damaged_goes_on_by_its_old_rules_until_it_comes_back) {
    add("job", daily_at_noon());
    look();
    const Micros before = state("job").next_fire.value();
    const auto look_twice = [&] {
        look();
        look();
    };
    zones.take_zone_away();
    look_twice();
    BOOST_TEST(state("job").next_fire.value() == before);
    zones.damage_zone();
    look_twice();
    BOOST_TEST(state("job").next_fire.value() == before);
    BOOST_TEST(trigger::next_after(store->read()->job("job")->definition.trigger, state("job").cursor).value() ==
               before);
    BOOST_TEST(rescheduled().empty());
    zones.install("test1", "Asia/Kolkata");
    look_twice();
    BOOST_TEST(state("job").next_fire.value() != before);
}

BOOST_AUTO_TEST_CASE(a_job_whose_zone_was_gone_at_start_can_be_read_and_breaks_alone_with_the_reason) {
    auto trigger = daily_at_noon();
    trigger.zone = trigger::stored_zone("Test/Gone");
    add("good", daily_at_noon());
    store->write(store::Store::Class::api, [&](store::Tx& tx) {
        Definition def = tx.job("good")->definition;
        def.trigger = trigger;
        tx.put_job({.id = "gone", .def = def, .arming = arm(daily_at_noon(), clock.now()), .by = 1},
                   store::ExpectedRev::absent());
    });
    look();
    const Job read = store->read()->job("gone").value();
    BOOST_TEST(read.definition.func.text() == "tasks:ok");
    BOOST_TEST(trigger::zone_of(read.definition.trigger).value()->name() == "Test/Gone");
    clock.set_wall(state("gone").next_fire.value());
    settle();
    BOOST_TEST((state("gone").status == JobStatus::broken));
    BOOST_TEST(runner.with_worker.size() == 1U);
    bool said = false;
    for (const auto& run : runs()) said = said || run.reason.find("no zone 'Test/Gone'") != std::string::npos;
    BOOST_TEST(said);
}

BOOST_AUTO_TEST_CASE(many_jobs_are_moved_in_small_units_and_a_cut_is_gone_through_again) {
    for (int i = 0; i < 1'200; ++i) add("job" + std::to_string(i), daily_at_noon());
    look();
    zones.install("test2", "Asia/Kolkata");
    trigger::refresh_zones();
    FailingStore failing(*store);
    engine::ZoneWatch cut(failing, clock);
    failing.writes = 1;
    BOOST_TEST(cut.step());
    BOOST_TEST(rescheduled().size() == 500U);
    BOOST_TEST(!cut.step());  // refused: the unit is tried again
    failing.writes = 1'000;
    engine::ZoneWatch reborn(failing, clock);
    while (reborn.step()) {}
    BOOST_TEST(rescheduled().size() == 1'200U);
    BOOST_TEST(!cut.step());  // not at once: what has failed may fail again
    clock.advance(60 * kSecond);
    BOOST_TEST(cut.step());  // the one that was cut goes on where it was
}

BOOST_AUTO_TEST_CASE(data_that_is_gone_while_its_zones_change_is_waited_for) {
    add("job", daily_at_noon());
    look();
    zones.install("test2", "Asia/Kolkata");
    zones.take_away();
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(!watch.step());
        BOOST_TEST(watch.next() == clock.now() + 60 * kSecond);
        clock.advance(60 * kSecond);
    }
    BOOST_TEST(rescheduled().empty());
    zones.install("test2", "Asia/Kolkata");
    look();
    look();
    BOOST_TEST(rescheduled().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_next_run_set_by_hand_and_a_paused_job_stay_as_they_are) {
    add("by hand", daily_at_noon());
    add("paused", daily_at_noon());
    look();
    const Micros at = clock.now() + 90 * kSecond;
    store->write(store::Store::Class::api, [&](store::Tx& tx) {
        tx.set_next_fire(tx.job("by hand")->state.key, {at - 1, clock.now(), at - 1, at});
        tx.pause(tx.job("paused")->state.key);
    });
    zones.install("test2", "Asia/Kolkata");
    trigger::refresh_zones();
    look();
    BOOST_TEST(state("by hand").next_fire.value() == at);
    BOOST_TEST(!state("paused").next_fire);
    BOOST_TEST(rescheduled().empty());
}

BOOST_AUTO_TEST_CASE(a_database_that_is_away_for_a_moment_changes_nothing) {
    add("job", daily_at_noon());
    look();
    zones.take_away();
    look();
    look();
    BOOST_TEST(trigger::tz_version() == "test1");
    BOOST_TEST(rescheduled().empty());
}

BOOST_AUTO_TEST_CASE(a_running_engine_looks_by_itself) {
    add("job", daily_at_noon());
    engine.watch_zones();
    zones.install("test2", "Asia/Kolkata");
    trigger::refresh_zones();
    std::thread thread([&] { engine.run(); });
    BOOST_TEST(wait_until([&] { return !rescheduled().empty(); }));
    engine.stop();
    thread.join();
    BOOST_TEST(rescheduled().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
