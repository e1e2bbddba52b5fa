#include "base/time_text.hpp"
#include "trigger/describe.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::trigger;

namespace {

using Texts = std::vector<std::string>;

Micros at(std::string_view text) { return parse_time(text).value().at; }

Cron line(const std::string& text, std::string_view zone) {
    return make_crontab(text, {}, {}, find_zone(zone).value());
}

/// In the year 2026.
Texts said(const Trigger& trigger) { return warnings(trigger, at("2026-01-01"), at("2026-12-31")); }
Texts said(const std::string& text, std::string_view zone) { return said(line(text, zone)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(warnings_suite)

BOOST_AUTO_TEST_CASE(what_changes_of_the_clock_do_is_told) {
    BOOST_TEST(said("0 2 * * *", "Europe/Berlin") == (Texts{"on 2026-03-29 02:00 does not exist: fires at 03:00",
                                                            "on 2026-10-25 02:00 comes twice: fires the first time"}));
    BOOST_TEST(said("0 */2 * * *", "Europe/Berlin") == (Texts{"on 2026-03-29 02:00 does not exist: does not fire then",
                                                              "on 2026-10-25 02:00 comes twice: fires both times"}));
    BOOST_TEST(said("0 0 * * *", "America/Santiago") == (Texts{"on 2026-09-06 00:00 does not exist: fires at 01:00"}));
    BOOST_TEST(said("0 12 * * *", "Europe/Berlin").empty());
    BOOST_TEST(said("0 2 * * *", "UTC").empty());
}

BOOST_AUTO_TEST_CASE(all_hours_written_out_are_fixed_times) {
    BOOST_TEST(said("0 0-23 * * *", "Europe/Berlin") ==
               (Texts{"on 2026-03-29 02:00 does not exist: one fire at 03:00",
                      "on 2026-10-25 02:00 comes twice: fires the first time"}));
    BOOST_TEST(said("30 0-23 * * *", "Europe/Berlin") ==
               (Texts{"on 2026-03-29 02:30 does not exist: fires at 03:00",
                      "on 2026-10-25 02:30 comes twice: fires the first time"}));
    BOOST_TEST(said("0 0-23 * * *", "Australia/Lord_Howe") ==
               (Texts{"on 2026-10-04 02:00 does not exist: fires at 02:30"}));
    BOOST_TEST(said("30 0-23 * * *", "Australia/Lord_Howe") ==
               (Texts{"on 2026-04-05 01:30 comes twice: fires the first time"}));
}

BOOST_AUTO_TEST_CASE(real_time_needs_no_warning_unless_the_jump_is_no_multiple_of_its_steps) {
    BOOST_TEST(said("*/5 * * * *", "Europe/Berlin").empty());
    BOOST_TEST(said("15 * * * *", "Europe/Berlin").empty());
    BOOST_TEST(said("*/30 * * * *", "Australia/Lord_Howe").empty());
    BOOST_TEST(said("15 * * * *", "Australia/Lord_Howe") ==
               (Texts{"on 2026-10-04 02:15 does not exist: does not fire then"}));
}

BOOST_AUTO_TEST_CASE(several_times_of_one_change_are_one_sentence) {
    BOOST_TEST(said("15,30,45 2 * * *", "Europe/Berlin") ==
               (Texts{"on 2026-03-29 02:15 to 02:45 do not exist: one fire at 03:00",
                      "on 2026-10-25 02:15 to 02:45 come twice: fires the first time"}));
    BOOST_TEST(said("*/30 2 * * *", "Europe/Berlin") ==
               (Texts{"on 2026-03-29 02:00 and 02:30 do not exist: does not fire then",
                      "on 2026-10-25 02:00 and 02:30 come twice: fires both times"}));
    BOOST_TEST(warnings(line("0 10 * * *", "Pacific/Apia"), at("2011-12-01"), at("2011-12-31")) ==
               (Texts{"on 2011-12-30 10:00 does not exist: fires at 2011-12-31 00:00"}));
}

BOOST_AUTO_TEST_CASE(those_of_several_triggers_come_by_time_and_name_their_zones) {
    BOOST_TEST(said(make_any({line("0 2 * * *", "Europe/Berlin"), line("0 0 * * *", "America/Santiago")})) ==
               (Texts{"on 2026-03-29 02:00 does not exist: fires at 03:00, Berlin time",
                      "on 2026-09-06 00:00 does not exist: fires at 01:00, Santiago time",
                      "on 2026-10-25 02:00 comes twice: fires the first time, Berlin time"}));
    BOOST_TEST(said(make_any({line("0 2 * * 0", "Europe/Berlin"), line("0 2 * * *", "Europe/Berlin")})) ==
               said("0 2 * * *", "Europe/Berlin"));
}

BOOST_AUTO_TEST_CASE(a_trigger_without_a_fire_says_so) {
    const Micros now = at("2026-01-01"), before = now - kSecond;
    const Texts over{"never fires again"}, reversed{"never fires: it ends before it begins"};
    BOOST_TEST(said(Date{before, 0}) == over);
    BOOST_TEST(said(Date{now, 0}).empty());
    BOOST_TEST(said(Interval{.every = kSecond, .start = 0, .end = before}) == over);
    BOOST_TEST(said(Interval{.every = kSecond, .start = now, .end = before}) == reversed);
    BOOST_TEST(said(make_cron({"2025"}, {}, {})) == over);
    BOOST_TEST(said(make_cron({}, now, before)) == reversed);
    BOOST_TEST(said(make_any({Date{before, 0}, make_cron({"2025"}, {}, {})})) == over);
    BOOST_TEST(said(make_any({Date{before, 0}, make_cron({"2027"}, {}, {})})).empty());
    BOOST_TEST(said(None{}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
