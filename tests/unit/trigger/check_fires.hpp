#pragma once

#include "unit/trigger/random_cron.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <vector>

namespace foliot::testing {

/// What is counted and found in (after, until] is what the slow definition found there, `slow`.
inline void check_fires(const trigger::Trigger& cron, const std::vector<Micros>& slow, Micros after, Micros until,
                        RandomCron& random) {
    const trigger::Fires fires = trigger::fires_between(cron, after, until);
    BOOST_REQUIRE(fires.count == static_cast<std::int64_t>(slow.size()));
    const int n = random.pick(0, 12);
    const auto newest = trigger::newest_fires(cron, after, until, n);
    BOOST_REQUIRE(newest.size() == std::min(static_cast<std::size_t>(n), slow.size()));
    BOOST_REQUIRE(std::equal(newest.rbegin(), newest.rend(), slow.rbegin()));
    if (slow.empty()) return;
    BOOST_REQUIRE(fires.first == slow.front());
    BOOST_REQUIRE(fires.last == slow.back());
    for (int i = 0; i < 5; ++i) {
        const int which = random.pick(1, static_cast<int>(slow.size()));
        BOOST_REQUIRE(trigger::nth_after(cron, after, which).value() == slow[static_cast<std::size_t>(which - 1)]);
    }
}

}  // namespace foliot::testing
