#include "api/apscheduler/dates.hpp"

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
    "2099-01-02T03:04:05",
    "2099-01-02T03:04:05Z",
    "2099-01-02t03:04:05z",
    "2099-01-02 03:04:05",
    "2099-1-2 3:04:05",
    "2099-1-2 3:4:5",
    "2099-1-2T3:4:5",
    "20990102T030405Z",
    "20990102T03:04:05",
    "20990102 030405",
    "2099/01/02 03:04:05",
    "2099/1/2 3:04:05",
    "2099/1/2 3:4:5",
    "2099-01-02 03:04:05 UTC",
    "2099-01-02 03:04:05 GMT",
    "2099-01-02 03:04:05 utc",
    "2099-01-02 03:04:05 +00:00",
    "2099/01/02 03:04:05Z",
    "2099-01-02 03:04:05 +0000",
    "2099-01-02T03:04:05,0",
    "Fri, 02 Jan 2099 03:04:05 GMT",
    "Fri, 2 Jan 2099 03:04:05 +0000",
    "Fri Jan  2 03:04:05 2099",
    "Fri Jan  2 03:04:05 UTC 2099",
    "January 2, 2099 3:04:05",
    "JAN 2 2099 3:4:5 am",
    "2 jan 2099 3:04:05AM",
    "03:04:05 2 January 2099",
    "2099 Jan 2 03:04:05",
    "Jan 2 2099 030405",
};

const char* const kThreeInTheAfternoon[] = {
    "Jan 2 2099 3pm",   "2 January 2099 15:00", "2099-01-02T15", "20990102T15", "20990102T1500",  "2099-1-2 3 PM",
    "2099-01-02 3:0pm", "Jan 2 2099 15",        "2099-01-02 15", "2099/1/2 15", "2099-01-02T15Z", "3pm Fri 2 Jan 2099",
};

const char* const kNoTime[] = {
    "",
    " ",
    "2099",
    "23:59:59",
    "01/02/2099",
    "1/2/99",
    "Jan 2 99",
    "Jan 2",
    "Jan 2099",
    "Jan Feb 2 2099",
    "2 3 2099 Jan",
    "02 03 2099 Jan",
    "Ja 2 2099",
    "Janus 2 2099",
    "Jan 32 2099",
    "Jan 2 2099 13pm",
    "Jan 2 2099 0pm",
    "Jan 2 2099 pm",
    "Jan 2 2099 3pm pm",
    "Jan 2 2099 3 4",
    "tomorrow",
    "2099-01",
    "2099-W05-1",
    "4070919845",
    "2099-01-02T25:00:00",
    "2099-01-02T24:00",
    "2099-01-02T3",
    "2099-01-02T",
    "2099-01-02T030",
    "2099-01-02T03:",
    "2099-01-02T03:04:",
    "2099-01-02T:04",
    "2099-01-02T03:04:05:06",
    "2099-01-02T03040506",
    "2099-01-02T03:04:005",
    "2099-1-02-3",
    "2099--2",
    "209901021",
    "2099-01-02 2099-01-02",
    "2099-01-02 Jan 2 2099",
    "2099-01-02\t03:04:05",
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

BOOST_DATA_TEST_CASE(hours_may_stand_alone_or_have_a_half_of_the_day,
                     boost::unit_test::data::make(kThreeInTheAfternoon), text) {
    BOOST_TEST(read(text) == "2099-01-02T15:00:00+00:00");
}

BOOST_AUTO_TEST_CASE(noon_and_midnight_are_twelve) {
    BOOST_TEST(read("Jan 2 2099 12pm") == "2099-01-02T12:00:00+00:00");
    BOOST_TEST(read("Jan 2 2099 12:30 AM") == "2099-01-02T00:30:00+00:00");
}

BOOST_DATA_TEST_CASE(nothing_is_guessed, boost::unit_test::data::make(kNoTime), text) { BOOST_TEST(read(text) == ""); }

BOOST_AUTO_TEST_CASE(what_is_wrong_is_told) {
    BOOST_TEST(problem_of("2099-02-29") == "there is no 29 February in 2099");
    BOOST_TEST(problem_of("30 Feb 2099") == "there is no 30 February in 2099");
    BOOST_TEST(problem_of("20990431") == "there is no 31 April in 2099");
    BOOST_TEST(problem_of("2099-13-01") == "there is no month 13");
    BOOST_TEST(problem_of("2099-01-02T24:00:00") == "there is no hour 24");
    BOOST_TEST(problem_of("2099-01-02 23:60") == "there is no minute 60");
    BOOST_TEST(problem_of("Jan 2 2099 23:59:60") == "there is no second 60");
    for (const char* text : {"01/02/2099", "1/2/99", "01.02.2099 10:00", "01-02-2099T10:00"})
        BOOST_TEST(problem_of(text) == "the order of day and month is not known", text);
    for (const char* text : {"", "soon", "2099", "23:59:59", "2099-W05-1", "Jan 2 2099 13pm", "2099-01-02T03:04:005"})
        BOOST_TEST(problem_of(text) == "", text);
}

BOOST_AUTO_TEST_CASE(fractions_and_offsets_stay_as_written) {
    BOOST_TEST(read("2099-01-02T03:04:05.1") == "2099-01-02T03:04:05.100000+00:00");
    BOOST_TEST(read("2099-01-02 03:04:05,25 +0530") == "2099-01-02T03:04:05.250000+05:30");
    BOOST_TEST(read("2099/01/02 03:04-05:00") == "2099-01-02T03:04:00-05:00");
    BOOST_TEST(read("2099-01-02") == "2099-01-02T00:00:00+00:00");
    BOOST_TEST(read("20990102T0304-0530") == "2099-01-02T03:04:00-05:30");
    BOOST_TEST(read("Fri, 02 Jan 2099 03:04:05 -0800") == "2099-01-02T03:04:05-08:00");
    BOOST_TEST(read("2 Jan 2099") == "2099-01-02T00:00:00+00:00");
    BOOST_TEST(read("2099/1/2") == "2099-01-02T00:00:00+00:00");
}
