#include "base/time_text.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace foliot;

namespace {
constexpr Micros kDay = 86'400 * kSecond;
constexpr Micros kMidnight = 1'795'219'200 * kSecond;  // 2026-11-21T00:00:00Z
}  // namespace

BOOST_AUTO_TEST_SUITE(time_text_suite)

BOOST_AUTO_TEST_CASE(all_the_spellings_of_an_instant_are_read) {
    struct Case {
        std::string_view text;
        Micros at;
        std::optional<int> offset;
    };
    const std::vector<Case> table{
        {"1970-01-01", 0, {}},
        {"2026-11-21", kMidnight, {}},
        {"2026-11-21T01:30", kMidnight + 5'400 * kSecond, {}},
        {"2026-11-21 01:30:05", kMidnight + 5'405 * kSecond, {}},
        {"2026-11-21T01:30:05.1", kMidnight + 5'405 * kSecond + 100'000, {}},
        {"2026-11-21T01:30:05.000001Z", kMidnight + 5'405 * kSecond + 1, 0},
        {"2026-11-21T01:30:05.1234567899", kMidnight + 5'405 * kSecond + 123'456, {}},
        {"2026-11-21T01:30:00+01:00", kMidnight + 1'800 * kSecond, 3'600},
        {"2026-11-21T01:30:00-0230", kMidnight + 4 * 3'600 * kSecond, -9'000},
        {"2026-11-21T01:30+01", kMidnight + 1'800 * kSecond, 3'600},
        {"0001-01-01T00:00:00Z", -62'135'596'800 * kSecond, 0},
        {"9999-12-31T23:59:59.999999Z", 253'402'300'800 * kSecond - 1, 0},
        {"2024-02-29", 1'709'164'800 * kSecond, {}},
    };
    for (const auto& [text, at, offset] : table) {
        const auto parsed = parse_time(text);
        BOOST_REQUIRE_MESSAGE(parsed, text);
        BOOST_TEST(parsed->at == at, text);
        BOOST_TEST((parsed->offset_seconds == offset), text);
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_exactly_a_time_is_none) {
    for (const std::string_view text : {"",
                                        "2026",
                                        "2026-11",
                                        "2026-1-1",
                                        "26-11-21",
                                        "2026-11-21T",
                                        "2026-11-21T1:30",
                                        "2026-11-21T01",
                                        "2026-11-21T01:3",
                                        "2026-11-21T01:30:",
                                        "2026-11-21T01:30:5",
                                        "2026-11-21T01:30:60",
                                        "2026-11-21T24:00",
                                        "2026-11-21T01:60",
                                        "2026-11-21T01:30:00.",
                                        "2026-11-21T01:30:00.x",
                                        "2026-13-01",
                                        "2026-00-01",
                                        "2026-02-29",
                                        "2026-11-31",
                                        "2026-11-00",
                                        "0000-01-01",
                                        "10000-01-01",
                                        " 2026-11-21",
                                        "2026-11-21 ",
                                        "2026-11-21t01:30",
                                        "2026-11-21T01:30z",
                                        "2026-11-21T01:30+1",
                                        "2026-11-21T01:30+01:",
                                        "2026-11-21T01:30+01:0",
                                        "2026-11-21T01:30+24:00",
                                        "2026-11-21T01:30+01:60",
                                        "2026-11-21T01:30 +01:00",
                                        "2026-11-21Z",
                                        "2026-11-21T01:30Zx",
                                        "2026-11-21  01:30",
                                        "-2026-11-21",
                                        "2026/11/21",
                                        "0001-01-01T00:00+01:00",
                                        "9999-12-31T23:30-01:00",
                                        "2026-11-21T-1:30",
                                        "now"}) {
        BOOST_TEST(!parse_time(text), text);
    }
    BOOST_TEST(!parse_time(std::string_view("2026-11-21\0", 11)));
}

BOOST_AUTO_TEST_CASE(an_instant_is_written_as_python_writes_it) {
    BOOST_TEST(iso_time(kMidnight) == "2026-11-21T00:00:00+00:00");
    BOOST_TEST(iso_time(kMidnight + 1) == "2026-11-21T00:00:00.000001+00:00");
    BOOST_TEST(iso_time(kMidnight, 7'200) == "2026-11-21T02:00:00+02:00");
    BOOST_TEST(iso_time(kMidnight, -12'600) == "2026-11-20T20:30:00-03:30");
    BOOST_TEST(iso_time(-1) == "1969-12-31T23:59:59.999999+00:00");
    BOOST_TEST(iso_time(-62'135'596'800 * kSecond) == "0001-01-01T00:00:00+00:00");
}

BOOST_AUTO_TEST_CASE(written_instants_read_back_at_every_offset) {
    std::mt19937_64 random(1);
    std::uniform_int_distribution<Micros> instants(-62'000'000'000 * kSecond, 253'000'000'000 * kSecond);
    std::uniform_int_distribution<int> offsets(-1'439, 1'439);
    for (int i = 0; i < 20'000; ++i) {
        const Micros at = instants(random);
        const int offset = offsets(random) * 60;
        const auto parsed = parse_time(iso_time(at, offset));
        BOOST_REQUIRE(parsed);
        BOOST_REQUIRE(parsed->at == at);
        BOOST_REQUIRE(*parsed->offset_seconds == offset);
        BOOST_REQUIRE(micros_of(civil_of(at)) == at);
    }
}

BOOST_AUTO_TEST_CASE(civil_fields_are_right_on_both_sides_of_the_epoch) {
    const Civil now = civil_of(kMidnight + 3'723 * kSecond + 4);
    BOOST_TEST(now.year == 2026);
    BOOST_TEST(now.month == 11);
    BOOST_TEST(now.day == 21);
    BOOST_TEST(now.hour == 1);
    BOOST_TEST(now.minute == 2);
    BOOST_TEST(now.second == 3);
    BOOST_TEST(now.micros == 4);
    BOOST_TEST(now.weekday == 5);  // a Saturday
    BOOST_TEST(civil_of(0).weekday == 3);
    BOOST_TEST(civil_of(-kDay).weekday == 2);
    BOOST_TEST(civil_of(-1).second == 59);
}

BOOST_AUTO_TEST_SUITE_END()
