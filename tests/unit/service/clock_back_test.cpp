// Jobs changed while the clock is a little behind what history accounts for already.
#include "unit/service/setup.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using foliot::testing::Setup;

namespace {

constexpr Micros kMinute = 60 * kSecond;

struct ClockBack : Setup {
    void put_hourly(std::optional<service::NextRun> next = {}) {
        service::NewJob job = hourly("a");
        job.replace_existing = true;
        job.fields.trigger = [](const trigger::Trigger*, Micros) -> trigger::Trigger {
            std::array<std::optional<std::string>, trigger::kFieldCount> given;
            given[static_cast<std::size_t>(trigger::Field::hour)] = "*";
            return trigger::make_cron(std::move(given), {}, {});
        };
        job.fields.next_run = next;
        jobs.add(as(root), job);
    }
    Micros next_fire() { return store->read()->job("a").value().state.next_fire.value(); }
    /// The clock stands a second behind the next fire, which is claimed.
    Micros fire_once() {
        const Micros at = next_fire();
        clock.advance(at - clock.now() + kSecond);
        turn(10);
        return at;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(clock_back, ClockBack)

BOOST_AUTO_TEST_CASE(a_job_put_in_its_own_place_while_the_clock_is_waited_for_does_not_fire_again) {
    put_hourly();
    const Micros at = fire_once();
    clock.set_wall(clock.now() - 2 * kMinute);
    put_hourly();
    BOOST_TEST(next_fire() == at + 60 * kMinute);
    put_hourly();
    BOOST_TEST(next_fire() == at + 60 * kMinute);
    clock.advance(5 * kMinute);
    BOOST_TEST(turn(10).assigned.empty());
    BOOST_TEST(runs().size() == 1U);
}

BOOST_AUTO_TEST_CASE(nor_after_one_small_step_upon_another) {
    put_hourly();
    const Micros at = fire_once();
    for (int i = 0; i < 3; ++i) clock.set_wall(clock.now() - 4 * kMinute);
    put_hourly();
    BOOST_TEST(next_fire() == at + 60 * kMinute);
}

BOOST_AUTO_TEST_CASE(a_next_run_set_by_hand_accounts_for_nothing_yet) {
    put_hourly();
    const Micros at = next_fire();
    clock.advance(at - clock.now() - kMinute);
    put_hourly(service::NextRun{at + 2 * kMinute, 0});
    BOOST_TEST(next_fire() == at + 2 * kMinute);
    put_hourly();
    BOOST_TEST(next_fire() == at);
}

BOOST_AUTO_TEST_SUITE_END()
