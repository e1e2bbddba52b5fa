#include "base/ids.hpp"

#include "support/manual_clock.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <thread>

using namespace foliot;
using foliot::testing::ManualClock;

BOOST_AUTO_TEST_SUITE(ids_suite)

BOOST_AUTO_TEST_CASE(numbers_rise_though_the_clock_stands_still_or_steps_back) {
    ManualClock clock;
    IdGenerator ids(clock, 3, 0);
    std::int64_t last = 0;
    for (int i = 0; i < 30'000; ++i) {
        if (i == 10'000) clock.set_wall(clock.now() - 3'600 * kSecond);
        const std::int64_t next = ids.next();
        BOOST_REQUIRE(next > last);
        BOOST_REQUIRE((next >> 13 & 0xFF) == 3);
        last = next;
    }
}

BOOST_AUTO_TEST_CASE(a_restart_never_repeats_a_number) {
    ManualClock clock;
    const std::int64_t last = IdGenerator(clock, 1, 0).next();
    for (const unsigned node : {0U, 1U, 2U, 255U}) BOOST_TEST(IdGenerator(clock, node, last).next() > last);
}

BOOST_AUTO_TEST_CASE(threads_never_get_the_same_number) {
    const ManualClock clock;
    IdGenerator ids(clock, 0, 0);
    std::array<std::vector<std::int64_t>, 4> seen;
    {
        std::vector<std::jthread> threads;
        for (auto& mine : seen) {
            threads.emplace_back([&ids, &mine] {
                for (int i = 0; i < 5'000; ++i) mine.push_back(ids.next());
            });
        }
    }
    std::set<std::int64_t> all;
    for (const auto& mine : seen) all.insert(mine.begin(), mine.end());
    BOOST_TEST(all.size() == 20'000U);
}

BOOST_AUTO_TEST_CASE(a_number_tells_when_it_was_made) {
    const ManualClock clock(1'795'219'200'123'456);
    const std::int64_t id = IdGenerator(clock, 9, 0).next();
    BOOST_TEST(IdGenerator::time_of(id) == 1'795'219'200'123'000);
    BOOST_TEST(IdGenerator::first_at(clock.now()) <= id);
    BOOST_TEST(IdGenerator::first_at(clock.now() + kMillisecond) > id);
}

BOOST_AUTO_TEST_CASE(a_public_id_is_a_uuid_that_only_its_own_key_reads_back) {
    const ManualClock clock;
    IdGenerator ids(clock, 1, 0);
    const PublicIds ours(PublicIds::random_key());
    const PublicIds others(PublicIds::random_key());
    for (int i = 0; i < 1'000; ++i) {
        const std::int64_t id = ids.next();
        const std::string hex = ours.hex(id);
        BOOST_REQUIRE(hex.size() == 32U);
        BOOST_REQUIRE(hex[12] == '7');
        BOOST_REQUIRE(std::string("89ab").find(hex[16]) != std::string::npos);
        BOOST_REQUIRE(ours.parse(hex) == id);
        BOOST_REQUIRE(ours.parse(ours.dashed(id)) == id);
        BOOST_REQUIRE(!others.parse(hex));
        std::string mistyped = hex;
        char& digit = mistyped[static_cast<std::size_t>(i) % 32];
        digit = digit == '0' ? '1' : '0';
        BOOST_REQUIRE(!ours.parse(mistyped));
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_uuid_is_no_id) {
    const PublicIds ids(PublicIds::random_key());
    const std::string good = ids.dashed(IdGenerator::first_at(1'800'000'000 * kSecond));
    std::string upper = good;
    for (char& c : upper) {
        if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
    }
    BOOST_TEST(ids.parse(upper).has_value());
    for (const std::string& bad :
         {std::string(), std::string("x"), std::string(32, 'g'), std::string(36, '-'), good.substr(1), good + "0"})
        BOOST_TEST(!ids.parse(bad));
}

BOOST_AUTO_TEST_SUITE_END()
