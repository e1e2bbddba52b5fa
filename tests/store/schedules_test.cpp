#include "world.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

template <class Backend>
struct SchedulesOn : On<Backend> {
    using World::write;

    trigger::Interval every(Micros length) const {
        return {.every = length, .start = World::clock.now() + length, .end = {}};
    }
    Schedule put(Schedule schedule) {
        Schedule stored;
        write([&](Tx& tx) { stored = tx.schedules().put(schedule); });
        return stored;
    }
    JobKey user(const std::string& id, const Schedule& schedule) {
        Definition def = World::every_second();
        def.trigger = used_from(schedule, World::clock.now());
        return World::put(id, def);
    }
    std::vector<std::string> users(const UsersOf& of) {
        std::vector<std::string> ids;
        for (const auto& one : World::store->read()->schedules().users(of).items) ids.push_back(one.id);
        return ids;
    }
    bool remove_is_refused(std::int64_t id, Refused::Why why) {
        try {
            write([&](Tx& tx) { tx.schedules().remove_schedule(id); });
        } catch (const Refused& error) {
            return error.why == why;
        }
        return false;
    }
};

using Ids = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(schedules)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_revision_is_one_more_only_when_it_fires_otherwise, Backend, Backends) {
    SchedulesOn<Backend> world;
    Schedule made = world.put({.name = "a", .rule = world.every(kSecond)});
    BOOST_TEST(made.id == 1);
    BOOST_TEST(made.rev == 1);
    made.name.reset();
    BOOST_TEST(world.put(made).rev == 1);
    made.once = true;
    BOOST_TEST(world.put(made).rev == 2);
    made.rule = world.every(2 * kSecond);
    const Schedule last = world.put(made);
    BOOST_TEST(last.rev == 3);
    const auto snapshot = world.store->read();
    BOOST_TEST((snapshot->schedules().schedule(1) == last));
    BOOST_TEST(!snapshot->schedules().schedule(2));
    BOOST_TEST(snapshot->schedules().schedule_count() == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ids_are_never_used_again_and_pages_are_in_their_order, Backend, Backends) {
    SchedulesOn<Backend> world;
    for (int i = 0; i < 5; ++i) world.put({.rule = world.every(kSecond)});
    world.write([](Tx& tx) { tx.schedules().remove_schedule(5); });
    BOOST_TEST(world.put({.rule = world.every(kSecond)}).id == 6);
    const auto page = world.store->read()->schedules().schedules(2, 3);
    BOOST_TEST_REQUIRE(page.size() == 2U);
    BOOST_TEST(page[0].id == 4);
    BOOST_TEST(page[1].id == 6);
    BOOST_CHECK_THROW(world.put({.id = 99, .rule = world.every(kSecond)}), Refused);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(users_are_the_unfinished_jobs_that_go_by_it, Backend, Backends) {
    SchedulesOn<Backend> world;
    const Schedule one = world.put({.rule = world.every(kSecond)}), other = world.put({.rule = world.every(kSecond)});
    const JobKey a = world.user("a", one);
    world.user("b", one);
    world.user("c", other);
    world.World::put("d");
    world.user("e", one);
    world.pause(a);
    BOOST_TEST(world.users({.schedule = one.id}) == (Ids{"a", "b", "e"}));
    const auto page = world.store->read()->schedules().users({.schedule = one.id, .limit = 2});
    BOOST_TEST(page.items.size() == 2U);
    BOOST_TEST(page.items.front().func == "module:function");
    BOOST_TEST(world.users({.schedule = one.id, .after = page.next.value()}) == Ids{"e"});
    world.World::put("b");  // an edit to a trigger of its own
    world.write([&](Tx& tx) { tx.remove(a); });
    BOOST_TEST(world.users({.schedule = one.id}) == Ids{"e"});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(who_lags_behind_a_change_is_found, Backend, Backends) {
    SchedulesOn<Backend> world;
    Schedule schedule = world.put({.rule = world.every(kSecond)});
    world.user("a", schedule);
    world.user("b", schedule);
    BOOST_TEST(!world.store->read()->schedules().half_moved(0));
    schedule.rule = world.every(9 * kSecond);
    schedule = world.put(schedule);
    BOOST_TEST(world.users({.schedule = schedule.id, .older_than = schedule.rev}) == (Ids{"a", "b"}));
    BOOST_TEST((world.store->read()->schedules().half_moved(0) == schedule));
    BOOST_TEST(!world.store->read()->schedules().half_moved(schedule.id));
    world.user("a", schedule);
    BOOST_TEST(world.users({.schedule = schedule.id, .older_than = schedule.rev}) == Ids{"b"});
    world.user("b", schedule);
    BOOST_TEST(!world.store->read()->schedules().half_moved(0));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(one_that_is_used_stays, Backend, Backends) {
    SchedulesOn<Backend> world;
    const Schedule schedule = world.put({.rule = world.every(kSecond)});
    const JobKey key = world.user("a", schedule);
    BOOST_TEST(world.remove_is_refused(schedule.id, Refused::Why::conflict));
    BOOST_TEST(world.remove_is_refused(99, Refused::Why::missing));
    world.write([&](Tx& tx) { tx.remove(key); });
    world.write([&](Tx& tx) { tx.schedules().remove_schedule(schedule.id); });
    BOOST_TEST(world.store->read()->schedules().schedule_count() == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_job_fires_as_its_schedule_said_when_it_was_saved, Backend, Backends) {
    SchedulesOn<Backend> world;
    const JobKey key = world.user("a", world.put({.rule = world.every(kSecond)}));
    world.clock.advance(kSecond);
    BOOST_TEST(world.turn().assigned.size() == 1U);
    world.reopen();
    BOOST_TEST(world.accounted(key) == 1);
    BOOST_TEST(std::get<trigger::Shared>(world.job(key).definition.trigger).schedule == 1);
}

BOOST_AUTO_TEST_SUITE_END()
