// Cron definitions of Seed Scheduler: every recorded one fires as it says or is refused with the reason
// (tests/data/seed_cron.jsonl, made by make_seed_cron.py).
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "trigger/describe.hpp"
#include "trigger/trigger.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

using namespace foliot;
using namespace foliot::trigger;

namespace {

const Micros kNow = parse_time("2026-11-21T00:16:00Z")->at;

std::string refusal(std::string_view definition) {
    try {
        make_seed_cron(definition, {}, {});
    } catch (const RequestError& error) {
        BOOST_TEST(error.field() == "cron_definition");
        return error.what();
    }
    return "";
}

std::vector<std::string> fires(const Trigger& trigger, std::size_t count) {
    std::vector<std::string> found;
    auto at = next_after(trigger, kNow);
    for (; at && found.size() < count; at = next_after(trigger, *at)) found.push_back(iso_time(*at));
    return found;
}

Trigger stored(const Trigger& trigger) {
    const std::string text = to_json(trigger);
    return from_json(json::parse(text));
}

void check_fires(const std::string& definition, const json::Value& wanted) {
    const Trigger cron = make_seed_cron(definition, {}, {});
    std::vector<std::string> texts;
    for (const json::Value& fire : wanted.items) texts.push_back(fire.string);
    BOOST_TEST(fires(cron, 6) == texts, boost::test_tools::per_element());
    BOOST_TEST((stored(cron) == cron));
    BOOST_TEST(fires(stored(cron), 6) == texts, boost::test_tools::per_element());
}

/// What the two other grammars make of what they are shown.
Cron as_shown(const Cron& cron) {
    return cron.line.empty() ? make_cron(cron.given, {}, {}) : make_crontab(cron.line, {}, {});
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_recorded_definition_fires_or_is_refused_with_the_reason) {
    std::ifstream lines(FOLIOT_SOURCE_DIR "/tests/data/seed_cron.jsonl");
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        const json::Value one = json::parse(line);
        const std::string& definition = one.find("definition")->string;
        BOOST_TEST_CONTEXT(definition) {
            if (const auto* wanted = one.find("fires")) check_fires(definition, *wanted);
            if (const auto* error = one.find("error")) BOOST_TEST(refusal(definition) == error->string);
            if (const auto* reason = one.find("refused"))
                BOOST_TEST(refusal(definition).find(reason->string) != std::string::npos, refusal(definition));
        }
    }
    BOOST_TEST(count == 86);
}

BOOST_AUTO_TEST_CASE(the_other_dialects_are_shown_the_same_in_their_words) {
    for (const char* definition :
         {"25 * * * *",          "0 0 1 jan *",         "5/10 * * * *",       "*/99 * * * *",       "0 0 * * 5-7",
          "0 0 L * *",           "0 0 * * L5",          "0 0 * * 1,L5",       "0 0 1,L * mon",      "0 0 L * mon",
          "0 0 13 * 5",          "0 0 13 * 5 *",        "0 0 13 * L5",        "30 25 * * * * 2099", "* * * * * 2027/3",
          "0 0 ? * mon",         "0 0 1-7 * L1-2",      "0 0 */2 * 2",        "0 0 1/5 * 3",        "0 0 1/1 * 3",
          "0 0 */1 * 1",         "0 0 1 * */2",         "0 0 10 * 1",         "0 0 1-31 * 1",       "0 0 1-31/10 * 1",
          "0 0 1 * 0-6",         "0 0 5,*/10 * fri",    "0 0 */10,5 * fri",   "0 0 1,* * fri",      "0 0 L * */2",
          "0 0 1/5,L * sat-sun", "0 0 5/9 2/3 mon,wed", "*/7 0/2 1/20 * 6",   "0/30 2 * * *",       "*/30 2 * * *",
          "0 0-23 * * *",        "0 0 */2 * 2 *",       "15 0 0 1/5 * 3 2027"}) {
        const Cron cron = make_seed_cron(definition, {}, {}), shown = as_shown(cron);
        BOOST_TEST(fires(shown, 20) == fires(cron, 20), definition << ": " << shown.line);
        BOOST_TEST((shown.fixed_times == cron.fixed_times), definition);
    }
}

BOOST_AUTO_TEST_CASE(of_five_fields_a_day_or_a_weekday_will_do_of_more_both_must_fit) {
    const auto first = [](const char* definition) { return fires(make_seed_cron(definition, {}, {}), 1).at(0); };
    BOOST_TEST(first("0 0 1 12 mon") == "2026-12-01T00:00:00+00:00");
    BOOST_TEST(first("0 0 7 12 mon *") == "2026-12-07T00:00:00+00:00");
    BOOST_TEST(first("0 0 1 12 mon *") == "2031-12-01T00:00:00+00:00");
    BOOST_TEST(refusal("0 0 1-7 * L5 *").find("'L'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_begins_with_a_star_is_not_restricted) {
    const auto two = [](const char* definition) { return fires(make_seed_cron(definition, {}, {}), 2); };
    const auto check = [&](const char* definition, const std::vector<std::string>& dates) {
        std::vector<std::string> found;
        for (const std::string& fire : two(definition)) found.push_back(fire.substr(0, 10));
        BOOST_TEST(found == dates, boost::test_tools::per_element());
    };
    check("0 0 */2 * 2", {"2026-12-01", "2026-12-15"});  // Tuesdays of an odd day
    check("0 0 ? * 2", {"2026-11-24", "2026-12-01"});
    check("0 0 */1 * 1", {"2026-11-23", "2026-11-30"});
    check("0 0 1 * */2", {"2026-12-01", "2027-04-01"});  // Sunday, Tuesday, Thursday, Saturday
    check("0 0 1/5 * 3", {"2026-11-25", "2026-11-26"});  // either will do
    check("0 0 10 * 1", {"2026-11-23", "2026-11-30"});
    BOOST_TEST(refusal("0 0 */2 * L5").find("'L'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_the_recorded_ones_leave_out_is_refused_too) {
    for (const char* wrong :
         {"* * * * * * 1969", "60 * * * * * *", "* * * * l", "* * l5 * *", "* * * * L8", "* * * * L", "* * * * L6-2",
          "*/-1 * * * *", "1--2 * * * *", "* * * * 7-0 8", "-", "@", "*/99999999999 * * * *"})
        BOOST_TEST(!refusal(wrong).empty(), wrong);
}

BOOST_AUTO_TEST_CASE(it_keeps_its_zone_its_range_and_its_words) {
    const ZonePtr berlin = find_zone("Europe/Berlin").value();
    const Cron cron = make_seed_cron(" 30  4 * * 7 ", kNow, kNow + 86'400 * kSecond * 365, berlin);
    BOOST_TEST(cron.source == "30  4 * * 7");
    BOOST_TEST((stored(cron) == Trigger(cron)));
    BOOST_TEST(describe(cron, nullptr).find("Sunday") != std::string::npos, describe(cron, nullptr));
    BOOST_TEST((make_seed_cron("0 0 * * 7", {}, {}) != make_seed_cron("0 0 * * 0", {}, {})));
}

BOOST_AUTO_TEST_CASE(an_interval_keeps_its_words) {
    Interval interval{.every = 3600 * kSecond, .start = kNow, .end = {}};
    interval.source = "60 minutes";
    BOOST_TEST((stored(interval) == Trigger(interval)));
}
