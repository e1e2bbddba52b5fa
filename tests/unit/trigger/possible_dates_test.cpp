// What no date ever matches is refused, and nothing else: against all dates of 400 years, after which the calendar, its
// weekdays and ISO weeks too, repeats.
#include "base/error.hpp"
#include "unit/trigger/random_cron.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <bitset>

using namespace foliot;
using namespace foliot::trigger;
using foliot::testing::Expressions;
using foliot::testing::RandomCron;

namespace {

struct Day {
    std::size_t year, month, day, week, of_week;
};

const std::vector<Day>& all_days() {
    static const std::vector<Day> found = [] {
        using namespace std::chrono;
        std::vector<Day> all;
        const sys_days begin = year(1970) / 1 / 1, end = begin + days(146'097);
        for (sys_days date = begin; date < end; date += days(1)) {
            const year_month_day ymd{date};
            all.push_back({.year = static_cast<std::size_t>(static_cast<int>(ymd.year())),
                           .month = static_cast<unsigned>(ymd.month()),
                           .day = static_cast<unsigned>(ymd.day()),
                           .week = static_cast<std::size_t>(foliot::testing::iso_week_of(date)),
                           .of_week = weekday{date}.iso_encoding() - 1});
        }
        return all;
    }();
    return found;
}

/// Sets of values of year, month, day, week and weekday; an empty one is any.
struct Sets {
    std::vector<int> years, months, days, weeks, of_week;
};

std::bitset<2370> bits(const std::vector<int>& set) {
    std::bitset<2370> all;
    if (set.empty()) all.set();
    for (const int value : set) all.set(static_cast<std::size_t>(value));
    return all;
}

bool is_possible(const Sets& sets) {
    const auto years = bits(sets.years), months = bits(sets.months), days = bits(sets.days), weeks = bits(sets.weeks),
               of_week = bits(sets.of_week);
    return std::any_of(all_days().begin(), all_days().end(), [&](const Day& d) {
        return days[d.day] && of_week[d.of_week] && weeks[d.week] && months[d.month] && years[d.year];
    });
}

std::optional<std::string> text(const std::vector<int>& set) {
    if (set.empty()) return "*";
    std::string all;
    for (const int value : set) all += (all.empty() ? "" : ",") + std::to_string(value);
    return all;
}

std::string refusal(const Expressions& given) {
    try {
        make_cron(given, {}, {});
    } catch (const RequestError& e) {
        return e.what();
    }
    return "";
}

std::string refusal(const std::string& line) {
    try {
        make_crontab(line, {}, {});
    } catch (const RequestError& e) {
        return e.what();
    }
    return "";
}

/// Year, month, day, week, weekday; "" is not given.
Expressions given(const std::array<std::string, 5>& texts) {
    Expressions fields;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (!texts[i].empty()) fields[i] = texts[i];
    }
    return fields;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(possible_dates)

BOOST_AUTO_TEST_CASE(sets_are_refused_exactly_when_no_date_in_400_years_matches) {
    RandomCron random(19000229);
    const auto some = [&](int percent, int low, int high) {
        std::vector<int> set;
        if (!random.chance(percent)) return set;
        const int most = random.chance(60) ? 1 : 4;
        while (static_cast<int>(set.size()) < most) set.push_back(random.pick(low, high));
        return set;
    };
    int impossible = 0, rounds = 3'000;
    for (int round = 0; round < rounds; ++round) {
        const bool late = random.chance(50);  // where months and years end
        const Sets sets{.years = some(40, 1970, 2369),
                        .months = some(50, 1, 12),
                        .days = some(70, late ? 28 : 1, 31),
                        .weeks = some(40, late ? 52 : 1, 53),
                        .of_week = some(50, 0, 6)};
        const std::string said = refusal(
            Expressions{text(sets.years), text(sets.months), text(sets.days), text(sets.weeks), text(sets.of_week)});
        BOOST_REQUIRE_MESSAGE(said.empty() == is_possible(sets),
                              *text(sets.years) << " / " << *text(sets.months) << " / " << *text(sets.days) << " / "
                                                << *text(sets.weeks) << " / " << *text(sets.of_week) << ": " << said);
        if (said.empty()) continue;
        BOOST_REQUIRE_MESSAGE(said.find("no date ever matches ") != std::string::npos, said);
        ++impossible;
    }
    BOOST_TEST(impossible > rounds / 10);
    BOOST_TEST(impossible < rounds * 9 / 10);
}

BOOST_AUTO_TEST_CASE(the_reason_names_all_that_do_not_go_together) {
    const std::vector<std::pair<std::array<std::string, 5>, std::string>> table{
        {{"", "2", "30", "", ""}, "field 'day': no date ever matches month=2, day=30"},
        {{"", "2,4,6", "31", "", ""}, "field 'day': no date ever matches month=2,4,6, day=31"},
        {{"", "feb", "30,31", "*", "*"}, "field 'day': no date ever matches month=feb, day=30,31"},
        {{"2027", "2", "29", "", ""}, "field 'day': no date ever matches year=2027, month=2, day=29"},
        {{"2100,2200", "2", "5th mon", "", ""},
         "field 'day': no date ever matches year=2100,2200, month=2, day=5th mon"},
        {{"", "", "8", "", ""}, ""},
        {{"", "", "1st mon", "", "tue"}, "field 'day': no date ever matches day=1st mon, day_of_week=tue"},
        {{"", "", "last fri", "", "fri"}, ""},
        {{"", "6", "", "1", ""}, "field 'week': no date ever matches month=6, week=1"},
        {{"", "1", "4", "53", ""}, "field 'day': no date ever matches month=1, day=4, week=53"},
        {{"", "1", "3", "53", ""}, ""},
        {{"", "1", "", "53", "mon"}, "field 'day_of_week': no date ever matches month=1, week=53, day_of_week=mon"},
        {{"", "1", "", "53", "fri"}, ""},
        {{"2025", "", "", "53", ""}, "field 'week': no date ever matches year=2025, week=53"},
        {{"2026", "", "", "53", ""}, ""},
        {{"2027", "", "", "53", "fri"}, ""},  // 1 January, in the last week of 2026
        {{"2027", "", "", "53", "thu"},
         "field 'day_of_week': no date ever matches year=2027, week=53, day_of_week=thu"},
        {{"2020", "", "", "", ""}, ""},  // over, not impossible
    };
    for (const auto& [texts, said] : table) {
        const std::string expected = said;
        BOOST_TEST(refusal(given(texts)) == expected);
    }
}

BOOST_AUTO_TEST_CASE(lines_are_refused_at_their_day_unless_a_weekday_will_do_too) {
    const std::string at_day = "field 'line': at character 5, field 'day': no date ever matches ";
    BOOST_TEST(refusal("0 0 30 2 *") == at_day + "month=2, day=30");
    BOOST_TEST(refusal("0 0 31 2,4,6,9,11 *") == at_day + "month=2,4,6,9,11, day=31");
    BOOST_TEST(refusal("0 0 30-31 feb */2") == at_day + "month=feb, day=30-31, day_of_week=sun,tue,thu,sat");
    BOOST_TEST(refusal("0 0 0 30 2 *") ==
               "field 'line': at character 7, field 'day': no date ever matches month=2, day=30");
    for (const char* line : {"0 0 30 2 1", "0 0 31 4 7", "0 0 29 2 *", "0 0 29 2 */7", "0 0 31 2,3 *"})
        BOOST_TEST(refusal(std::string(line)) == "", line);
}

BOOST_AUTO_TEST_SUITE_END()
