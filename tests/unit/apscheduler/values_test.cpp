#include "api/apscheduler/values.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::api::apscheduler;

namespace {

/// As our answers show it; "" when it cannot be read.
std::string read(std::string_view text) {
    const auto time = read_time(text);
    return time ? iso_time(time->at, time->offset_seconds.value_or(0)) : "";
}

const char* const kSameInstant[] = {
    "2099-01-02T03:04:05",  "2099-01-02T03:04:05Z",      "2099-01-02t03:04:05z",    "2099-01-02 03:04:05",
    "2099-1-2 3:04:05",     "20990102T030405Z",          "20990102 030405",         "2099/01/02 03:04:05",
    "2099/1/2 3:04:05",     "2099-01-02 03:04:05 UTC",   "2099-01-02 03:04:05 GMT", "2099-01-02 03:04:05 +00:00",
    "2099/01/02 03:04:05Z", "2099-01-02 03:04:05 +0000", "2099-01-02T03:04:05,0",   "Fri, 02 Jan 2099 03:04:05 GMT",
};

const char* const kNoTime[] = {
    "",
    " ",
    "2099",
    "23:59:59",
    "01/02/2099",
    "1/2/99",
    "Jan 2 2099 3pm",
    "2099-01",
    "2099-W05-1",
    "4070919845",
    "2099-01-02T25:00:00",
    "2099-02-30",
    "2099/02/30",
    "2099-01-02 03:04:05 EST",
    "2099-01-02 03:04:05 UTC UTC",
    "2099-01-02 03:04:05 + 02:00",
    "Fri, 02 Foo 2099 03:04:05 GMT",
    "Fri, 02 anF 2099 03:04:05 GMT",
    "Fri, 30 Feb 2099 03:04:05 GMT",
    "Fri, 02-Jan-2099 03:04:05 GMT",
    "Fri, 02 Jan 2099 03:04:05 CET",
};

}  // namespace

BOOST_DATA_TEST_CASE(dates_whose_parts_are_in_a_known_order_are_read, boost::unit_test::data::make(kSameInstant),
                     text) {
    BOOST_TEST(read(text) == "2099-01-02T03:04:05+00:00");
}

BOOST_DATA_TEST_CASE(nothing_is_guessed, boost::unit_test::data::make(kNoTime), text) { BOOST_TEST(read(text) == ""); }

BOOST_AUTO_TEST_CASE(fractions_and_offsets_stay_as_written) {
    BOOST_TEST(read("2099-01-02T03:04:05.1") == "2099-01-02T03:04:05.100000+00:00");
    BOOST_TEST(read("2099-01-02 03:04:05,25 +0530") == "2099-01-02T03:04:05.250000+05:30");
    BOOST_TEST(read("2099/01/02 03:04-05:00") == "2099-01-02T03:04:00-05:00");
    BOOST_TEST(read("2099-01-02") == "2099-01-02T00:00:00+00:00");
    BOOST_TEST(read("2099/1/2") == "2099-01-02T00:00:00+00:00");
}
