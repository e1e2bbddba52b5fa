// What is said of a wrong expression: the field, the text, where it stands and what would be right.
#include "base/error.hpp"
#include "trigger/trigger.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::trigger;

namespace {

struct Refusal {
    const char *field, *text, *said;
};

std::ostream& operator<<(std::ostream& out, const Refusal& r) { return out << r.field << "=" << r.text; }

template <class Make>
std::string said(const Make& make) {
    try {
        make();
    } catch (const RequestError& e) {
        BOOST_TEST((e.problem() == Problem::invalid));
        return e.what();
    }
    return "taken";
}

std::string of_field(std::string_view name, const std::string& text) {
    std::array<std::optional<std::string>, kFieldCount> given;
    for (std::size_t i = 0; i < kFieldCount; ++i) {
        if (field_name(static_cast<Field>(i)) == name) given[i] = text;
    }
    return said([&] { make_cron(given, {}, {}); });
}

std::string of_line(const std::string& line) {
    return said([&] { make_crontab(line, {}, {}); });
}

std::string long_text(const std::string& part) {
    std::string text;
    while (text.size() < 100'000) text += part;
    return text;
}

const std::string kMinutes = "expected 0..59, a-b, *, */n, a/n or a-b/n, in a list separated by commas";
const std::string kDays =
    "expected 1..31, a-b, *, */n, a/n or a-b/n, or 'last', '1st mon'..'5th sun', 'last fri', in a list separated by "
    "commas";

}  // namespace

BOOST_AUTO_TEST_SUITE(refusals)

BOOST_AUTO_TEST_CASE(of_fields) {
    const Refusal table[]{
        {"hour", "25", "'25' is above 23"},
        {"hour", " 25 ", "'25' is above 23"},
        {"hour", "1,2,25", "'25' at character 5 is above 23"},
        {"hour", "1, 25", "'25' at character 4 is above 23"},
        {"hour", "9-17,25", "'25' at character 6 is above 23"},
        {"hour", "9-25", "'25' at character 3 is above 23"},
        {"hour", "25/2", "'25' at character 1 is above 23"},
        {"hour", "99999999999999999999", "'99999999999999999999' is above 23"},
        {"hour", "-1", "'-1' is below 0"},
        {"hour", "1--2", "'-2' at character 3 is below 0"},
        {"hour", "-0", "'-0' is below 0"},
        {"hour", "22-3", "'22-3' ends before it begins; write 22-23,0-3"},
        {"hour", "5,22-3/2", "'22-3' at character 3 ends before it begins; write 22-23,0-3"},
        {"day", "0", "'0' is below 1"},
        {"day", "15W", "'15W' is no number; expected 1..31"},
        {"day", "6th mon", "'6th' at character 1 is no position; expected 1st..5th or last"},
        {"day", "1,last foo", "'foo' at character 8 is no weekday; expected mon..sun"},
        {"month", "13", "'13' is above 12"},
        {"month", "moon", "'moon' is no month; expected jan..dec"},
        {"month", "Jan,MOON", "'MOON' at character 5 is no month; expected jan..dec"},
        {"month", "jan-", "a missing name at character 5; expected jan..dec"},
        {"month", "nov-feb", "'nov-feb' ends before it begins; write nov-dec,jan-feb"},
        {"month", "jan/2", "the step '2' at character 5 takes numbers, 1..12, not names"},
        {"day_of_week", "7", "'7' is above 6"},
        {"day_of_week", "monday", "'monday' is no weekday; expected mon..sun"},
        {"day_of_week", "mon#2", "'mon#2' is no weekday; expected mon..sun"},
        {"day_of_week", "mon-fri/2", "the step '2' at character 9 takes numbers, 0..6 (0 is Monday), not names"},
        {"week", "54", "'54' is above 53"},
        {"year", "1969", "'1969' is below 1970"},
        {"year", "10000", "'10000' is above 9999"},
        {"minute", "*/0", "the step '0' at character 3 is below 1"},
        {"minute", "*/60", "the step '60' at character 3 is above 59"},
        {"minute", "*/x", "the step 'x' at character 3 is no number; expected 1..59"},
        {"minute", "10-20/11", "the step '11' at character 7 is above 10"},
        {"minute", "59/1", "the step '1' at character 4 has no range to go through"},
        {"minute", "1-", "a missing number at character 3; expected 0..59"},
        {"minute", "1/2/3", "the step '2/3' at character 3 is no number; expected 1..58"},
        {"minute", "1-2-3", "'2-3' at character 3 is no number; expected 0..59"},
        {"minute", "1 - 2", "'1 ' at character 1 is no number; expected 0..59"},
        {"second", "0.5", "'0.5' is no number; expected 0..59"},
        {"second", "a",
         "'a' is not understood; expected 0..59, a-b, *, */n, a/n or a-b/n, in a list separated by commas"},
    };
    for (const Refusal& r : table)
        BOOST_TEST(of_field(r.field, r.text) == "field '" + std::string(r.field) + "': " + r.said, r);
    BOOST_TEST(of_field("minute", "") == "field 'minute': an empty expression; " + kMinutes);
    BOOST_TEST(of_field("minute", "1,,2") == "field 'minute': an empty expression at character 3; " + kMinutes);
    BOOST_TEST(of_field("minute", "1,") == "field 'minute': an empty expression at character 3; " + kMinutes);
    BOOST_TEST(of_field("minute", "*5") == "field 'minute': '*5' is not understood; " + kMinutes);
    BOOST_TEST(of_field("minute", "1,*-5") == "field 'minute': '*-5' at character 3 is not understood; " + kMinutes);
    BOOST_TEST(of_field("day", "L") == "field 'day': 'L' is not understood; " + kDays);
    BOOST_TEST(of_field("day", "1,1stmon") == "field 'day': '1stmon' at character 3 is not understood; " + kDays);
}

BOOST_AUTO_TEST_CASE(of_lines_with_the_character_in_the_line) {
    const Refusal table[]{
        {"minute", "61 * * * *", "at character 1, field 'minute': '61' is above 59"},
        {"hour", "0 25 * * *", "at character 3, field 'hour': '25' is above 23"},
        {"hour", "*/5 22-3 * * *", "at character 5, field 'hour': '22-3' ends before it begins; write 22-23,0-3"},
        {"hour", "0\t 9-17,25 * * *", "at character 9, field 'hour': '25' is above 23"},
        {"second", "0,60 0 25 * * *", "at character 3, field 'second': '60' is above 59"},
        {"day", "0 0 0 * *", "at character 5, field 'day': '0' is below 1"},
        {"day", "0 0 1st * *", "at character 5, field 'day': '1st' is no number; expected 1..31"},
        {"day", "0 0 30 2 *", "at character 5, field 'day': no date ever matches month=2, day=30"},
        {"month", "0 0 1 jan,moon *", "at character 11, field 'month': 'moon' is no month; expected jan..dec"},
        {"minute", "*/0 0 1 * *", "at character 3, field 'minute': the step '0' is below 1"},
        {"day_of_week", "0 0 * * 8", "at character 9, field 'day_of_week': '8' is above 7"},
        {"day_of_week", "0 0 * * 1,-1", "at character 11, field 'day_of_week': '-1' is below 0"},
        {"day_of_week", "0 0 * * */8", "at character 11, field 'day_of_week': the step '8' is above 7"},
        {"day_of_week", "0 0 * * 5L", "at character 9, field 'day_of_week': '5L' is no number; expected 0..7"},
        {"day_of_week", "0 0 * * mon-", "at character 13, field 'day_of_week': a missing number; expected 0..7"},
        {"day_of_week", "0 0 * * fri,Tux",
         "at character 13, field 'day_of_week': 'Tux' is no weekday; expected sun..sat, or 0..7 (0 and 7 are Sunday)"},
        {"day_of_week", "0 0 * * sat-mon",
         "at character 9, field 'day_of_week': 'sat-mon' ends before it begins; write sat-sat,sun-mon"},
        {"day_of_week", "0 0 * * 1,,2",
         "at character 11, field 'day_of_week': an empty expression; expected 0..7 (0 and 7 are Sunday) or names "
         "sun..sat, a-b, *, */n, a/n or a-b/n, in a list separated by commas"},
        {"line", "* * * *",
         "'* * * *' has 4 fields; expected five (minute hour day month weekday), or six with seconds first"},
        {"line", "@reboot",
         "there is no '@reboot'; there are @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually"},
    };
    for (const Refusal& r : table) BOOST_TEST(of_line(r.text) == "field 'line': " + std::string(r.said), r);
    BOOST_TEST(of_line("0,,1 * * * *") ==
               "field 'line': at character 3, field 'minute': an empty expression; " + kMinutes);
    BOOST_TEST(
        of_line("0 0 last * *").find("'last' is not understood; expected 1..31, a-b, *, */n, a/n or a-b/n, in") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_suggested_is_taken) {
    for (const char* line : {"0 22-23,0-3 * * *", "0 0 * nov-dec,jan-feb *", "0 0 * * sat-sat,sun-mon"})
        BOOST_TEST(of_line(line) == "taken");
    BOOST_TEST(of_field("day_of_week", "fri-sun,mon-mon") == "taken");
}

BOOST_AUTO_TEST_CASE(texts_are_quoted_so_that_they_can_be_shown) {
    BOOST_TEST(of_field("hour", "\x1b[31m\n") == R"(field 'hour': '\u001b[31m' is no number; expected 0..23)");
    BOOST_TEST(of_field("hour", "\xff\x7f") == R"(field 'hour': '\ufffd\u007f' is no number; expected 0..23)");
    BOOST_TEST(of_field("month", "m\u00e4rz") == R"(field 'month': 'm\u00e4rz' is no month; expected jan..dec)");
    BOOST_TEST(of_line("0 0 * * *\n") ==
               R"(field 'line': at character 9, field 'day_of_week': '*\n' is no number; expected 0..7)");
    BOOST_TEST(of_field("hour", long_text("9")) == "field 'hour': '" + std::string(40, '9') + "...' is above 23");
    const std::string letters(39, 'a');  // the next character takes two bytes
    BOOST_TEST(of_field("month", letters + "\u00e9x") ==
               "field 'month': '" + letters + "...' is no month; expected jan..dec");
    for (const char* around : {"@ * * * *", "@ * * * * 9", "0 0 @ * *", "0 0 * * @", "@"}) {
        for (const char* part : {"*", "a", "1", "@", " "}) {
            std::string line = around;
            line.replace(line.find('@'), 1, long_text(part));
            BOOST_TEST(of_line(line).size() < 400U);
        }
    }
    BOOST_TEST(of_line("0 0 " + long_text("30,") + "30 2 *").size() < 200U);
}

BOOST_AUTO_TEST_SUITE_END()
