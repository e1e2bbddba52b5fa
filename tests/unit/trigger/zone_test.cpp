// What a wall clock shows, by the tz database of this machine.
#include "trigger/zone.hpp"

#include "base/time_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::trigger;

namespace {

Micros utc(const std::string& text) { return parse_time(text).value().at; }

std::string local(const std::string& zone, const std::string& instant) {
    const Micros at = utc(instant);
    return iso_time(at, static_cast<int>(find_zone(zone).value()->at(at).offset / kSecond));
}

/// A local time as ISO text without offset, to the instant.
std::string instant_of(const std::string& zone, const std::string& wall) {
    return iso_time(find_zone(zone).value()->instant_of(utc(wall + "Z")));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(zone)

BOOST_AUTO_TEST_CASE(offsets_are_those_of_the_database) {
    BOOST_TEST(local("Europe/Berlin", "2026-07-01T00:00:00Z") == "2026-07-01T02:00:00+02:00");
    BOOST_TEST(local("Europe/Berlin", "2026-03-29T00:59:59Z") == "2026-03-29T01:59:59+01:00");
    BOOST_TEST(local("Europe/Berlin", "2026-03-29T01:00:00Z") == "2026-03-29T03:00:00+02:00");
    BOOST_TEST(local("America/New_York", "2016-11-06T06:00:00Z") == "2016-11-06T01:00:00-05:00");
    BOOST_TEST(local("Australia/Lord_Howe", "2026-01-01T00:00:00Z") == "2026-01-01T11:00:00+11:00");
    BOOST_TEST(local("Australia/Lord_Howe", "2026-07-01T00:00:00Z") == "2026-07-01T10:30:00+10:30");
    BOOST_TEST(local("Pacific/Apia", "2011-12-30T09:59:59Z") == "2011-12-29T23:59:59-10:00");
    BOOST_TEST(local("Pacific/Apia", "2011-12-30T10:00:00Z") == "2011-12-31T00:00:00+14:00");
    BOOST_TEST(local("Antarctica/Troll", "2026-07-01T00:00:00Z") == "2026-07-01T02:00:00+02:00");
    BOOST_TEST(local("Etc/GMT+3", "2026-07-01T00:00:00Z") == "2026-06-30T21:00:00-03:00");
}

BOOST_AUTO_TEST_CASE(the_rule_goes_on_after_the_last_transition_in_the_file) {
    for (const char* year : {"2038", "2050", "2399", "2437", "2438", "2500", "5001", "9999"}) {
        const std::string y(year);
        BOOST_TEST(local("Europe/Berlin", y + "-07-01T00:00:00Z") == y + "-07-01T02:00:00+02:00");
        BOOST_TEST(local("Europe/Berlin", y + "-12-01T00:00:00Z") == y + "-12-01T01:00:00+01:00");
        BOOST_TEST(local("America/Sao_Paulo", y + "-12-01T00:00:00Z") == std::string(year) + "-11-30T21:00:00-03:00");
    }
    const auto berlin = find_zone("Europe/Berlin").value();
    for (const char* last_sunday : {"2438-03-28", "2500-03-28", "2838-03-28", "9998-03-29"}) {
        const Micros change = utc(std::string(last_sunday) + "T01:00:00Z");
        BOOST_TEST(berlin->at(change - 1).offset == 3600 * kSecond, last_sunday);
        BOOST_TEST(berlin->at(change).offset == 7200 * kSecond, last_sunday);
        BOOST_TEST(berlin->at(change).begin == change);
        BOOST_TEST(berlin->at(change - 1).end == change);
    }
}

BOOST_AUTO_TEST_CASE(a_local_time_in_a_gap_is_the_first_instant_after_it_and_a_doubled_one_the_first) {
    BOOST_TEST(instant_of("Europe/Berlin", "2026-03-29T01:59:59") == "2026-03-29T00:59:59+00:00");
    BOOST_TEST(instant_of("Europe/Berlin", "2026-03-29T02:30:00") == "2026-03-29T01:00:00+00:00");
    BOOST_TEST(instant_of("Europe/Berlin", "2026-03-29T03:00:00") == "2026-03-29T01:00:00+00:00");
    BOOST_TEST(instant_of("Europe/Berlin", "2026-10-25T02:30:00") == "2026-10-25T00:30:00+00:00");
    BOOST_TEST(instant_of("Europe/Berlin", "2026-10-25T03:00:00") == "2026-10-25T02:00:00+00:00");
    BOOST_TEST(instant_of("Pacific/Apia", "2011-12-30T12:00:00") == "2011-12-30T10:00:00+00:00");
    BOOST_TEST(instant_of("America/Sao_Paulo", "2017-10-15T00:30:00") == "2017-10-15T03:00:00+00:00");
}

BOOST_AUTO_TEST_CASE(names_are_found_regardless_of_case_and_spelled_as_the_database_does) {
    BOOST_TEST(find_zone("europe/BERLIN").value()->name() == "Europe/Berlin");
    BOOST_TEST(find_zone("us/eastern").value()->name() == "US/Eastern");
    BOOST_CHECK(find_zone("utc").value() == nullptr);
    BOOST_TEST(zone_name(nullptr) == "UTC");
    for (const char* unknown :
         {"", "Mars/Base", "../../etc/passwd", "Europe", "posix/Europe/Berlin", "Europe/Berlin#1"})
        BOOST_TEST(!find_zone(unknown), unknown);
}

BOOST_AUTO_TEST_SUITE_END()
