// Crontab lines, as crontab(5) has them.
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "trigger/trigger.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::trigger;

namespace {

Cron cron(const std::string& line) { return make_crontab(line, {}, {}); }

std::vector<std::string> fires(const std::string& line, const std::string& after, int n) {
    const Trigger trigger = cron(line);
    std::vector<std::string> found;
    Micros at = parse_time(after).value().at;
    for (; n > 0; --n) {
        at = next_after(trigger, at).value();
        found.push_back(iso_time(at).substr(0, 19));
    }
    return found;
}

using Texts = std::vector<std::string>;

std::string refusal(const std::string& line) {
    try {
        cron(line);
    } catch (const RequestError& e) {
        BOOST_TEST(e.field() == "line");
        return e.what();
    }
    return "taken";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(crontab)

BOOST_AUTO_TEST_CASE(zero_and_seven_are_sunday) {
    for (const char* line : {"0 12 * * 0", "0 12 * * 7", "0 12 * * sun", "0 12 * * SUN"})
        BOOST_TEST(fires(line, "2026-11-21T00:00:00Z", 2) == (Texts{"2026-11-22T12:00:00", "2026-11-29T12:00:00"}));
    BOOST_TEST(fires("0 12 * * 5-7", "2026-11-21T00:00:00Z", 4) ==
               (Texts{"2026-11-21T12:00:00", "2026-11-22T12:00:00", "2026-11-27T12:00:00", "2026-11-28T12:00:00"}));
    BOOST_TEST(fires("0 12 * * fri-sun", "2026-11-21T00:00:00Z", 3) ==
               (Texts{"2026-11-21T12:00:00", "2026-11-22T12:00:00", "2026-11-27T12:00:00"}));
    BOOST_TEST(fires("0 12 * * */2", "2026-11-21T13:00:00Z", 3) ==
               (Texts{"2026-11-22T12:00:00", "2026-11-24T12:00:00", "2026-11-26T12:00:00"}));
}

BOOST_AUTO_TEST_CASE(of_a_day_and_a_weekday_that_are_both_restricted_either_will_do) {
    BOOST_TEST(fires("30 4 1,15 * 5", "2026-12-31T00:00:00Z", 5) ==
               (Texts{"2027-01-01T04:30:00", "2027-01-08T04:30:00", "2027-01-15T04:30:00", "2027-01-22T04:30:00",
                      "2027-01-29T04:30:00"}));
    BOOST_TEST(fires("0 0 13 * fri", "2026-11-01T00:00:00Z", 3) ==
               (Texts{"2026-11-06T00:00:00", "2026-11-13T00:00:00", "2026-11-20T00:00:00"}));
    BOOST_TEST(fires("0 0 */10 * mon", "2026-11-01T00:00:00Z", 2) ==
               (Texts{"2026-12-21T00:00:00", "2027-01-11T00:00:00"}));  // a star restricts nothing: both
    BOOST_TEST(fires("0 0 30 2 mon", "2026-11-01T00:00:00Z", 1) == (Texts{"2027-02-01T00:00:00"}));
}

BOOST_AUTO_TEST_CASE(a_sixth_field_comes_first_and_is_seconds) {
    BOOST_TEST(fires("*/20 59 23 31 12 *", "2026-01-01T00:00:00Z", 3) ==
               (Texts{"2026-12-31T23:59:00", "2026-12-31T23:59:20", "2026-12-31T23:59:40"}));
    BOOST_TEST(fires("59 23 31 12 *", "2026-01-01T00:00:00Z", 1) == (Texts{"2026-12-31T23:59:00"}));
}

BOOST_AUTO_TEST_CASE(nicknames_stand_for_lines) {
    BOOST_TEST(fires("@hourly", "2026-11-21T10:30:00Z", 1) == (Texts{"2026-11-21T11:00:00"}));
    BOOST_TEST(fires("@daily", "2026-11-21T10:30:00Z", 1) == (Texts{"2026-11-22T00:00:00"}));
    BOOST_TEST(fires(" @Midnight ", "2026-11-21T10:30:00Z", 1) == (Texts{"2026-11-22T00:00:00"}));
    BOOST_TEST(fires("@weekly", "2026-11-21T10:30:00Z", 1) == (Texts{"2026-11-22T00:00:00"}));
    BOOST_TEST(fires("@monthly", "2026-11-21T10:30:00Z", 1) == (Texts{"2026-12-01T00:00:00"}));
    BOOST_TEST(fires("@yearly", "2026-11-21T10:30:00Z", 1) == (Texts{"2027-01-01T00:00:00"}));
    BOOST_TEST(fires("@annually", "2026-11-21T10:30:00Z", 1) == (Texts{"2027-01-01T00:00:00"}));
}

BOOST_AUTO_TEST_CASE(it_is_kept_as_written) {
    const Trigger trigger = make_crontab("*/5  8-17 * Jan-Jun MON-fri", {}, {}, find_zone("Europe/Berlin").value());
    const std::string text = to_json(trigger);
    BOOST_TEST(text == R"({"type":"crontab","line":"*/5  8-17 * Jan-Jun MON-fri","zone":"Europe/Berlin"})");
    BOOST_CHECK(from_json(json::parse(text)) == trigger);
}

BOOST_AUTO_TEST_CASE(what_crontab_does_not_know_is_refused) {
    for (const char* line : {"",
                             " ",
                             "* * * *",
                             "* * * * * * *",
                             "@",
                             "*/0 * * * *",
                             "*/61 * * * *",
                             "1,,2 * * * *",
                             ",1 * * * *",
                             "1- * * * *",
                             "-1 * * * *",
                             "1/ * * * *",
                             "a * * * *",
                             "? * * * *",
                             "0 0 L * *",
                             "0 0 * * mon#2",
                             "0 0 * * 5L",
                             "0 0 * * */8",
                             "0 0 * * 1-2-3",
                             "0 0 * 13 *",
                             "0 0 0 * *",
                             "0 0 * foo *",
                             "99999999999 * * * *",
                             "0 0 * * *\n0",
                             "0 0 1st * *"})
        BOOST_TEST(refusal(line) != "taken", line);
}

BOOST_AUTO_TEST_SUITE_END()
