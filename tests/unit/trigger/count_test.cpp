// Crons are counted, not walked: against the slow definition, which tries every second.
#include "base/error.hpp"
#include "base/time_text.hpp"
#include "unit/trigger/check_fires.hpp"
#include "unit/trigger/random_cron.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace foliot;
using namespace foliot::trigger;
using foliot::testing::BruteCron;
using foliot::testing::check_fires;
using foliot::testing::RandomCron;

namespace {

Micros at(std::string_view text) { return parse_time(text).value().at; }

/// All of a cron's fires between two instants.
class Slow {
  public:
    explicit Slow(const BruteCron& cron) : cron_(cron) {
        for (int s = 0; s < 86'400; ++s) {
            if (cron.second_matches(static_cast<std::size_t>(s))) seconds_.push_back(s);
        }
    }
    std::vector<Micros> between(Micros after, Micros until) const {
        std::vector<Micros> fires;
        for (std::int64_t day = after / kDay; day <= until / kDay; ++day) {
            if (!cron_.date_matches(std::chrono::sys_days{std::chrono::days{day}})) continue;
            for (const int s : seconds_) {
                const Micros fire = day * kDay + s * kSecond;
                if (fire > after && fire <= until) fires.push_back(fire);
            }
        }
        return fires;
    }

  private:
    static constexpr Micros kDay = 86'400 * kSecond;
    const BruteCron& cron_;
    std::vector<int> seconds_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(count_suite)

BOOST_AUTO_TEST_CASE(crons_are_counted_as_the_slow_definition_counts_them) {
    RandomCron random(19700101);
    int counted = 0;
    for (int round = 0; round < 600; ++round) {
        const auto given = random.next();
        const BruteCron brute(given);
        const Slow slow(brute);
        Micros from = at("2023-12-20") + random.pick(0, 2'000 * 86'400) * kSecond + random.pick(-1, 1);
        const bool long_range = random.chance(30);
        const Micros until = from + random.pick(0, (long_range ? 300 : 3) * 86'400) * kSecond + random.pick(-1, 1);
        std::optional<Micros> start, end;
        if (random.chance(20)) start = from + random.pick(-86'400, 86'400) * kSecond;
        if (random.chance(20)) end = until + random.pick(-86'400, 86'400) * kSecond;
        try {
            const Trigger cron = make_cron(given, start, end);
            const auto fires =
                slow.between(std::max(from, start.value_or(from + 1) - 1), std::min(until, end.value_or(until)));
            BOOST_TEST_CONTEXT(to_json(cron) << " from " << iso_time(from) << " to " << iso_time(until))
            check_fires(cron, fires, from, until, random);
            counted += fires.empty() ? 0 : 1;
        } catch (const RequestError&) {
            BOOST_REQUIRE(slow.between(from, until).empty());
        }
    }
    BOOST_TEST(counted > 200);
}

BOOST_AUTO_TEST_CASE(a_cron_may_end_within_the_second_before_its_next_fire) {
    const Trigger cron = make_cron({}, {}, at("2026-01-01T00:00:10.5Z"));
    BOOST_TEST(fires_between(cron, at("2026-01-01"), at("2027-01-01")).count == 10);
    BOOST_TEST(!nth_after(cron, at("2026-01-01"), 11));
    BOOST_TEST(nth_after(cron, at("2026-01-01"), 10).value() == at("2026-01-01T00:00:10Z"));
}

BOOST_AUTO_TEST_CASE(all_seconds_there_are_can_be_counted) {
    const Fires all = fires_between(make_cron({}, {}, {}), -kSecond, std::numeric_limits<Micros>::max());
    BOOST_TEST(all.count == 253'402'300'800);
    BOOST_TEST(all.first == 0);
    BOOST_TEST(all.last == at("9999-12-31T23:59:59Z"));
    BOOST_TEST(fires_between(make_cron({}, {}, {}), 5, 4).count == 0);
    BOOST_TEST(fires_between(make_cron({}, {}, {}), -5 * kSecond, -kSecond).count == 0);
}

BOOST_AUTO_TEST_CASE(a_decade_of_seconds_costs_no_more_than_its_months) {
    const Trigger cron = make_cron({}, {}, {});
    const auto begin = std::chrono::steady_clock::now();
    std::int64_t sum = 0;
    for (int i = 0; i < 1'000; ++i) sum += fires_between(cron, at("2026-01-01") + i, at("2036-01-01")).count;
    const auto took = std::chrono::steady_clock::now() - begin;
    BOOST_TEST(sum == 1'000 * 3'652LL * 86'400);
    BOOST_TEST((took < std::chrono::seconds(1)));
    BOOST_TEST_MESSAGE("a decade of seconds is counted in "
                       << std::chrono::duration_cast<std::chrono::nanoseconds>(took).count() / 1'000 << " ns");
}

BOOST_AUTO_TEST_SUITE_END()
