#include "trigger/describe.hpp"

#include "base/time_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::trigger;

namespace {

Micros at(std::string_view text) { return parse_time(text).value().at; }
ZonePtr berlin() { return find_zone("Europe/Berlin").value(); }
std::string line(const std::string& text, const ZonePtr& zone = {}) {
    return describe(make_crontab(text, {}, {}, zone));
}
std::string cron(std::array<std::optional<std::string>, kFieldCount> given) {
    return describe(make_cron(given, {}, {}));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(describe_suite)

BOOST_AUTO_TEST_CASE(crons_in_words) {
    BOOST_TEST(line("0 2 * * *", berlin()) == "every day at 02:00, Berlin time");
    BOOST_TEST(line("*/5 * * * *") == "every 5 minutes, UTC");
    BOOST_TEST(line("* * * * *") == "every minute, UTC");
    BOOST_TEST(line("0 * * * *") == "every hour, UTC");
    BOOST_TEST(line("15 * * * *") == "every day at minute 15, UTC");
    BOOST_TEST(line("0 */6 * * *") == "every day at 00:00, 06:00, 12:00 and 18:00, UTC");
    BOOST_TEST(line("0 */2 * * *") == "every 2 hours, UTC");
    BOOST_TEST(line("*/20 8-17 * * mon-fri") == "on Monday to Friday, every 20 minutes of hours 8 to 17, UTC");
    BOOST_TEST(line("30 4 1,15 * 5") == "on days 1 and 15 of the month or on Friday at 04:30, UTC");
    BOOST_TEST(line("0 0 1 1 *") == "on day 1 of the month at 00:00, in January, UTC");
    BOOST_TEST(line("*/10 * * * * *") == "every 10 seconds, UTC");
    BOOST_TEST(line("30 0 12 * * 0,6") == "on Saturday and Sunday at 12:00:30, UTC");
    BOOST_TEST(cron({"2030-2032", "jun-aug", "last", std::nullopt, std::nullopt, "23", "59", "59"}) ==
               "on the last day of the month at 23:59:59, in June to August, in 2030 to 2032, UTC");
    BOOST_TEST(cron({std::nullopt, std::nullopt, "1st mon,last fri", std::nullopt, std::nullopt, "9"}) ==
               "on the first Monday and the last Friday of the month at 09:00, UTC");
    BOOST_TEST(cron({std::nullopt, std::nullopt, "13", std::nullopt, "fri"}) ==
               "on day 13 of the month when it is Friday at 00:00, UTC");
    BOOST_TEST(cron({}) == "every second, UTC");
}

BOOST_AUTO_TEST_CASE(the_others_in_words) {
    BOOST_TEST(describe(None{}) == "never by itself");
    BOOST_TEST(describe(Date{at("2026-12-24T17:00:00Z"), 0}, berlin()) == "once, on 2026-12-24 18:00:00, Berlin time");
    BOOST_TEST(describe(Interval{.every = 5'430 * kSecond, .start = at("2026-12-24T17:00:00Z"), .end = {}}) ==
               "every 1 hour, 30 minutes and 30 seconds; from 2026-12-24 17:00:00, UTC");
    BOOST_TEST(describe(Interval{.every = 604'800 * kSecond, .start = 0, .end = kSecond}) ==
               "every week; from 1970-01-01 00:00:00, UTC; until 1970-01-01 00:00:01, UTC");
    BOOST_TEST(describe(Interval{.every = 1'500'000, .start = 0, .end = {}}).starts_with("every 1.5 seconds;"));
    BOOST_TEST(describe(make_any({make_crontab("0 8 * * *", {}, {}), make_crontab("0 9 * * 6", {}, {}, berlin())})) ==
               "every day at 08:00, UTC; and on Saturday at 09:00, Berlin time");
}

BOOST_AUTO_TEST_CASE(what_changes_of_the_clock_do_is_told) {
    const auto said = [](const std::string& text, const std::string& zone) {
        return warnings(make_crontab(text, {}, {}, find_zone(zone).value()), at("2026-01-01"), at("2026-12-31"));
    };
    using Texts = std::vector<std::string>;
    BOOST_TEST(said("0 2 * * *", "Europe/Berlin") == (Texts{"on 2026-03-29 02:00 does not exist: fires at 03:00",
                                                            "on 2026-10-25 02:00 comes twice: fires the first time"}));
    BOOST_TEST(said("*/30 2 * * *", "Europe/Berlin") == (Texts{"on 2026-03-29 02:00 does not exist: does not fire then",
                                                               "on 2026-10-25 02:00 comes twice: fires both times"}));
    BOOST_TEST(said("0 0 * * *", "America/Santiago") == (Texts{"on 2026-09-06 00:00 does not exist: fires at 01:00"}));
    BOOST_TEST(said("0 12 * * *", "Europe/Berlin").empty());
    BOOST_TEST(said("*/5 * * * *", "Europe/Berlin").empty());
    BOOST_TEST(said("0 2 * * *", "UTC").empty());
}

BOOST_AUTO_TEST_SUITE_END()
