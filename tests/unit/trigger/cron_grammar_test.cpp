#include "base/error.hpp"
#include "trigger/trigger.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using trigger::Cron;
using trigger::Field;

namespace {

Cron cron_of(std::initializer_list<std::pair<Field, std::string>> fields) {
    std::array<std::optional<std::string>, trigger::kFieldCount> given;
    for (const auto& [field, text] : fields) given[static_cast<std::size_t>(field)] = text;
    return trigger::make_cron(std::move(given), {}, {});
}

std::string echo(Field field, const std::string& text) {
    return cron_of({{field, text}}).given[static_cast<std::size_t>(field)].value();
}

std::optional<RequestError> refusal(std::initializer_list<std::pair<Field, std::string>> fields) {
    try {
        cron_of(fields);
    } catch (const RequestError& e) {
        return e;
    }
    return std::nullopt;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cron_grammar_suite)

BOOST_AUTO_TEST_CASE(given_fields_are_echoed_in_normal_form) {
    const std::vector<std::tuple<Field, std::string, std::string>> table{
        {Field::hour, "05", "5"},
        {Field::hour, "*", "*"},
        {Field::hour, " */02 ", "*/2"},
        {Field::hour, "*/1", "*/1"},
        {Field::minute, " 1 , 2 ", "1,2"},
        {Field::minute, "07-007", "7"},
        {Field::minute, "5/10", "5/10"},
        {Field::minute, "00-030/05", "0-30/5"},
        {Field::month, "JAN-Mar,dec", "jan-mar,dec"},
        {Field::month, "feb-feb", "feb"},
        {Field::day_of_week, "MON-FRI", "mon-fri"},
        {Field::day_of_week, "0-4", "0-4"},
        {Field::day_of_week, "sun", "sun"},
        {Field::day, "LAST", "last"},
        {Field::day, "Last  FRI", "last fri"},
        {Field::day, "1ST mon,2nd tue,3rd wed,4th thu,5th fri", "1st mon,2nd tue,3rd wed,4th thu,5th fri"},
        {Field::day, "1,15,last", "1,15,last"},
        {Field::year, "2027-2029", "2027-2029"},
        {Field::week, "1-2", "1-2"},
    };
    for (const auto& [field, text, normal] : table) {
        BOOST_TEST(echo(field, text) == normal, trigger::field_name(field) << "=" << text);
        BOOST_TEST(echo(field, normal) == normal);
    }
}

BOOST_AUTO_TEST_CASE(what_the_grammar_does_not_know_is_refused_naming_the_field) {
    const std::vector<std::pair<Field, std::string>> table{{Field::minute, ""},
                                                           {Field::minute, " "},
                                                           {Field::minute, "1,"},
                                                           {Field::minute, ",1"},
                                                           {Field::minute, "1,,2"},
                                                           {Field::minute, "60"},
                                                           {Field::minute, "-1"},
                                                           {Field::minute, "1-"},
                                                           {Field::minute, "-"},
                                                           {Field::minute, "/"},
                                                           {Field::minute, "5-1"},
                                                           {Field::minute, "1-60"},
                                                           {Field::minute, "1 - 2"},
                                                           {Field::minute, "1 2"},
                                                           {Field::minute, "*/0"},
                                                           {Field::minute, "*/60"},
                                                           {Field::minute, "*/"},
                                                           {Field::minute, "*5"},
                                                           {Field::minute, "**"},
                                                           {Field::minute, "*-5"},
                                                           {Field::minute, "1-5/0"},
                                                           {Field::minute, "1-5/5"},
                                                           {Field::minute, "59/1"},
                                                           {Field::minute, "60/1"},
                                                           {Field::minute, "1/2/3"},
                                                           {Field::minute, "1-2-3"},
                                                           {Field::minute, "a"},
                                                           {Field::minute, "0x1"},
                                                           {Field::minute, "+1"},
                                                           {Field::minute, "99999999999999999999"},
                                                           {Field::minute, "@hourly"},
                                                           {Field::minute, "mon"},
                                                           {Field::minute, "last"},
                                                           {Field::minute, "1st mon"},
                                                           {Field::second, "0.5"},
                                                           {Field::hour, "24"},
                                                           {Field::hour, "*/24"},
                                                           {Field::day, "0"},
                                                           {Field::day, "32"},
                                                           {Field::day, "L"},
                                                           {Field::day, "15W"},
                                                           {Field::day, "1st"},
                                                           {Field::day, "1stmon"},
                                                           {Field::day, "6th mon"},
                                                           {Field::day, "last foo"},
                                                           {Field::day, "1st 0"},
                                                           {Field::day, "mon"},
                                                           {Field::day, "last fri x"},
                                                           {Field::day, "last-1"},
                                                           {Field::month, "0"},
                                                           {Field::month, "13"},
                                                           {Field::month, "foo"},
                                                           {Field::month, "nov-feb"},
                                                           {Field::month, "jan-1"},
                                                           {Field::month, "1-feb"},
                                                           {Field::month, "january"},
                                                           {Field::month, "jan/2"},
                                                           {Field::month, "mon"},
                                                           {Field::week, "0"},
                                                           {Field::week, "54"},
                                                           {Field::year, "1969"},
                                                           {Field::year, "10000"},
                                                           {Field::day_of_week, "7"},
                                                           {Field::day_of_week, "sun-mon"},
                                                           {Field::day_of_week, "fri-mon"},
                                                           {Field::day_of_week, "mon#2"},
                                                           {Field::day_of_week, "wed/2"},
                                                           {Field::day_of_week, "mon-fri/2"},
                                                           {Field::day_of_week, "mon-"},
                                                           {Field::day_of_week, "-mon"},
                                                           {Field::day_of_week, "0-sun"},
                                                           {Field::day_of_week, "monday"},
                                                           {Field::day_of_week, "last"},
                                                           {Field::day_of_week, "?"}};
    for (const auto& [field, text] : table) {
        const auto error = refusal({{field, text}});
        BOOST_REQUIRE_MESSAGE(error, trigger::field_name(field) << "=" << text << " was accepted");
        BOOST_TEST((error->problem() == Problem::invalid));
        BOOST_TEST(error->field() == trigger::field_name(field));
        BOOST_TEST(std::string(error->what()).starts_with("field '" + error->field() + "': "));
    }
}

BOOST_AUTO_TEST_CASE(a_date_that_never_comes_is_refused_with_the_reason) {
    const auto february = refusal({{Field::month, "2"}, {Field::day, "30"}});
    BOOST_REQUIRE(february);
    BOOST_TEST(february->field() == "day");
    BOOST_TEST(february->what() == "field 'day': no date ever matches month=2, day=30");
    BOOST_TEST(refusal({{Field::month, "2,4,6"}, {Field::day, "31"}}).has_value());
    BOOST_TEST(refusal({{Field::year, "*/4"}, {Field::month, "2"}, {Field::day, "29"}}).has_value());
    BOOST_TEST(refusal({{Field::year, "2027"}, {Field::month, "2"}, {Field::day, "29"}}).has_value());
    BOOST_TEST(refusal({{Field::day, "1"}, {Field::month, "1"}, {Field::week, "20"}}).has_value());
    BOOST_TEST(refusal({{Field::day, "8"}, {Field::day, "1st mon"}, {Field::day_of_week, "tue"}}).has_value());
}

BOOST_AUTO_TEST_CASE(rare_dates_and_past_years_are_accepted) {
    BOOST_TEST(!refusal({{Field::month, "2"}, {Field::day, "29"}, {Field::day_of_week, "mon"}}));
    BOOST_TEST(!refusal({{Field::month, "2"}, {Field::day, "5th fri"}}));
    BOOST_TEST(!refusal({{Field::week, "53"}}));
    BOOST_TEST(!refusal({{Field::year, "2020"}}));
}

BOOST_AUTO_TEST_CASE(fields_below_the_least_given_one_take_their_minimum_and_those_above_any_value) {
    const Cron hourly = cron_of({{Field::hour, "5"}});
    BOOST_TEST(hourly.minutes.to_ullong() == 1U);
    BOOST_TEST(hourly.seconds.to_ullong() == 1U);
    BOOST_TEST(hourly.days.count() == 31U);
    const Cron yearly = cron_of({{Field::year, "2030"}});
    BOOST_TEST(yearly.months.count() == 1U);
    BOOST_TEST(yearly.days.count() == 1U);
    BOOST_TEST(yearly.weeks.count() == 53U);
    BOOST_TEST(yearly.weekdays.count() == 7U);
    BOOST_TEST(yearly.hours.count() == 1U);
    const Cron always = cron_of({});
    BOOST_TEST(always.seconds.count() == 60U);
    BOOST_TEST(always.years.count() == 8030U);
}

BOOST_AUTO_TEST_SUITE_END()
