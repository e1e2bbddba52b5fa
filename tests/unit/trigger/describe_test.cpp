#include "trigger/describe.hpp"

#include "base/time_text.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace foliot;
using namespace foliot::trigger;

namespace {

Micros at(std::string_view text) { return parse_time(text).value().at; }
ZonePtr berlin() { return find_zone("Europe/Berlin").value(); }
std::string line(const std::string& text, const ZonePtr& zone = {}) {
    return describe(make_crontab(text, {}, {}, zone));
}
std::string cron(const std::map<Field, std::string>& fields) {
    std::array<std::optional<std::string>, kFieldCount> given;
    for (const auto& [field, text] : fields) given[static_cast<std::size_t>(field)] = text;
    return describe(make_cron(given, {}, {}));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(describe_suite)

BOOST_AUTO_TEST_CASE(times_in_words) {
    BOOST_TEST(line("0 2 * * *", berlin()) == "every day at 02:00, Berlin time");
    BOOST_TEST(line("*/5 * * * *") == "every 5 minutes, UTC");
    BOOST_TEST(line("* * * * *") == "every minute, UTC");
    BOOST_TEST(line("0 * * * *") == "every hour, UTC");
    BOOST_TEST(line("15 * * * *") == "every hour at minute 15, UTC");
    BOOST_TEST(line("30 * * * * *") == "every minute at second 30, UTC");
    BOOST_TEST(line("15,45 * * * *") == "every 30 minutes from minute 15, UTC");
    BOOST_TEST(line("1-59/2 * * * *") == "every 2 minutes from minute 1, UTC");
    BOOST_TEST(line("5-59/10 * * * * *") == "every 10 seconds from second 5, UTC");
    BOOST_TEST(line("3,7,40 * * * *") == "at minutes 3, 7 and 40 of every hour, UTC");
    BOOST_TEST(line("*/7 * * * *") == "at every 7th minute from 0 to 56 of every hour, UTC");
    BOOST_TEST(line("0 */6 * * *") == "every day at 00:00, 06:00, 12:00 and 18:00, UTC");
    BOOST_TEST(line("0 */2 * * *") == "every 2 hours, UTC");
    BOOST_TEST(line("0 1-23/2 * * *") == "every 2 hours from 01:00 to 23:00, UTC");
    BOOST_TEST(line("15 9-17 * * *") == "every day, every hour from 09:15 to 17:15, UTC");
    BOOST_TEST(line("0 0-3,9-13 * * *") == "every day at minute 0 of hours 0 to 3 and 9 to 13, UTC");
    BOOST_TEST(line("* 3 * * *") == "every day, every minute from 03:00 to 03:59, UTC");
    BOOST_TEST(line("*/30 */6 * * *") == "every day, every 30 minutes of hours 0, 6, 12 and 18, UTC");
    BOOST_TEST(line("*/30 */2 * * *") == "every day, every 30 minutes of every 2nd hour from 0 to 22, UTC");
    BOOST_TEST(line("*/20 8-17 * * *") == "every day, every 20 minutes from 08:00 to 17:40, UTC");
    BOOST_TEST(line("0-29 8-17 * * *") == "every day at minutes 0 to 29 of hours 8 to 17, UTC");
}

BOOST_AUTO_TEST_CASE(seconds_in_words) {
    BOOST_TEST(line("*/10 * * * * *") == "every 10 seconds, UTC");
    BOOST_TEST(line("*/10 */10 * * * *") == "every 10 seconds of minutes 0, 10, 20, 30, 40 and 50 of every hour, UTC");
    BOOST_TEST(line("*/10 * 8,17 * * *") == "every day, every 10 seconds of hours 8 and 17, UTC");
    BOOST_TEST(line("1,2,7 * * * * *") == "at seconds 1, 2 and 7 of every minute, UTC");
    BOOST_TEST(line("1,2,7 * 8,17 * * *") == "every day at seconds 1, 2 and 7 of every minute of hours 8 and 17, UTC");
    BOOST_TEST(line("30 3,7,40 * * * *") == "at second 30 of minutes 3, 7 and 40 of every hour, UTC");
    BOOST_TEST(line("* 5 3 * * *") == "every day, every second from 03:05:00 to 03:05:59, UTC");
    BOOST_TEST(line("30 0 12 * * 0,6") == "on Saturdays and Sundays at 12:00:30, UTC");
    BOOST_TEST(cron({{Field::hour, "3"}, {Field::second, "5"}}) ==
               "every day, every minute from 03:00:05 to 03:59:05, UTC");
    BOOST_TEST(cron({}) == "every second, UTC");
}

BOOST_AUTO_TEST_CASE(dates_in_words) {
    BOOST_TEST(line("30 4 1,15 * 5") == "on days 1 and 15 of the month or on Fridays at 04:30, UTC");
    BOOST_TEST(line("0 0 */10 * 1") == "on Mondays that are days 1, 11, 21 and 31 of the month at 00:00, UTC");
    BOOST_TEST(line("*/20 8-17 * * mon-fri") == "on Mondays to Fridays, every 20 minutes from 08:00 to 17:40, UTC");
    BOOST_TEST(line("0 0 */2 * *") == "on every 2nd day from 1 to 31 of the month at 00:00, UTC");
    BOOST_TEST(line("0 9 25 12 *") == "on 25 December at 09:00, UTC");
    BOOST_TEST(line("0 0 1 1,7 *") == "on 1 January and 1 July at 00:00, UTC");
    BOOST_TEST(line("0 0 31 1,2 *") == "on 31 January at 00:00, UTC");
    BOOST_TEST(line("0 0 24-26 12 *") == "on 24 to 26 December at 00:00, UTC");
    BOOST_TEST(line("0 0 1,15 1,7 *") == "on days 1 and 15 of the month at 00:00, in January and July, UTC");
    BOOST_TEST(line("0 0 25 12 1") == "on day 25 of the month or on Mondays at 00:00, in December, UTC");
    BOOST_TEST(cron({{Field::year, "2030-2032"},
                     {Field::month, "jun-aug"},
                     {Field::day, "last"},
                     {Field::hour, "23"},
                     {Field::minute, "59"},
                     {Field::second, "59"}}) ==
               "on the last day of the month at 23:59:59, in June to August, in 2030 to 2032, UTC");
    BOOST_TEST(cron({{Field::day, "1st mon,last fri"}, {Field::hour, "9"}}) ==
               "on the first Monday and the last Friday of the month at 09:00, UTC");
    BOOST_TEST(cron({{Field::day, "13"}, {Field::day_of_week, "fri"}}) ==
               "on Fridays that are day 13 of the month at 00:00, UTC");
    BOOST_TEST(cron({{Field::year, "*/100"}}) == "on 1 January at 00:00, in every 100th year from 1970 to 9970, UTC");
    BOOST_TEST(cron({{Field::week, "*/2"}, {Field::hour, "5"}}) ==
               "every day at 05:00, in every 2nd week from 1 to 53, UTC");
}

BOOST_AUTO_TEST_CASE(a_side_of_or_that_is_every_day_is_every_day) {
    for (const char* text : {"0 0 1-31 * 1", "0 0 1/1 * 1", "0 0 1 * 0-6", "0 0 1 * 1-7"})
        BOOST_TEST(line(text) == "every day at 00:00, UTC", text);
    BOOST_TEST(line("0 0 30 2 0-6") == "every day at 00:00, in February, UTC");
}

BOOST_AUTO_TEST_CASE(zones_in_words) {
    const auto noon = [](std::string_view zone) { return line("0 12 * * *", find_zone(zone).value()); };
    BOOST_TEST(noon("America/Argentina/Buenos_Aires") == "every day at 12:00, Buenos Aires time");
    BOOST_TEST(noon("CET") == "every day at 12:00, CET");
    BOOST_TEST(noon("Etc/GMT+5") == "every day at 12:00, UTC-05:00");
    BOOST_TEST(noon("Etc/GMT-2") == "every day at 12:00, UTC+02:00");
    BOOST_TEST(noon("Etc/UTC") == "every day at 12:00, UTC");
}

BOOST_AUTO_TEST_CASE(lengths_in_words) {
    const auto length = [](Micros every) {
        const std::string text = describe(Interval{.every = every, .start = 0, .end = {}});
        return text.substr(0, text.find(';'));
    };
    BOOST_TEST(length(kSecond) == "every second");
    BOOST_TEST(length(90 * kSecond) == "every 90 seconds");
    BOOST_TEST(length(5'400 * kSecond) == "every 90 minutes");
    BOOST_TEST(length(5'430 * kSecond) == "every 1 hour, 30 minutes and 30 seconds");
    BOOST_TEST(length(36 * 3'600 * kSecond) == "every 36 hours");
    BOOST_TEST(length(86'400 * kSecond) == "every day");
    BOOST_TEST(length(30 * 86'400 * kSecond) == "every 30 days");
    BOOST_TEST(length(365 * 86'400 * kSecond) == "every 365 days");
    BOOST_TEST(length(14 * 86'400 * kSecond) == "every 2 weeks");
    BOOST_TEST(length(1'500'000) == "every 1.5 seconds");
    BOOST_TEST(length(59'123'456) == "every 59.123456 seconds");
}

BOOST_AUTO_TEST_CASE(the_others_in_words) {
    BOOST_TEST(describe(None{}) == "never by itself");
    BOOST_TEST(describe(Date{at("2026-12-24T17:00:00Z"), 0}, berlin()) == "once, on 2026-12-24 18:00:00, Berlin time");
    BOOST_TEST(describe(Interval{.every = 604'800 * kSecond, .start = 0, .end = kSecond}) ==
               "every week; from 1970-01-01 00:00:00, UTC; until 1970-01-01 00:00:01, UTC");
    BOOST_TEST(describe(make_any({make_crontab("0 8 * * *", {}, {}), make_crontab("0 9 * * 6", {}, {}, berlin())})) ==
               "(1) every day at 08:00, UTC; (2) on Saturdays at 09:00, Berlin time");
    BOOST_TEST(describe(make_any({make_crontab("0 8 * * *", {}, {})})) == "every day at 08:00, UTC");
}

BOOST_AUTO_TEST_SUITE_END()
