// cron_definition and interval_definition: as they are shown, and what a change of them leaves alone.
#include "api/seed/definitions.hpp"

#include "api/seed/arguments.hpp"
#include "base/error.hpp"
#include "base/time_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::api::seed;
using namespace foliot::trigger;

namespace {

constexpr Micros kNow = 1'795'220'160 * kSecond, kHour = 3'600 * kSecond;

using Text = std::optional<std::string>;
using Wish = std::optional<Text>;

Trigger made(const Trigger* present, const Wish& cron, const Wish& interval) {
    return trigger_edit({cron, interval}, nullptr)(present, kNow);
}
Trigger fresh(const Text& cron, const Text& interval) { return made(nullptr, cron, interval); }

std::string shown(const Trigger& trigger) {
    const auto [cron, interval] = seed_definitions(trigger);
    return cron.value_or("-") + " | " + interval.value_or("-");
}

std::string refused(const char* interval) {
    try {
        seed_length(interval);
    } catch (const RequestError& error) {
        return error.what();
    }
    return "";
}

Cron with(Field field, const char* expression, std::optional<Micros> start = {}, const ZonePtr& zone = {}) {
    Cron bare;
    bare.given.at(static_cast<std::size_t>(field)) = expression;
    return make_cron(std::move(bare.given), start, {}, zone);
}

Cron in_berlin() { return with(Field::hour, "4", kNow, find_zone("Europe/Berlin").value()); }

}  // namespace

BOOST_AUTO_TEST_CASE(lengths_are_read_as_python_reads_them) {
    BOOST_TEST(seed_length("1 minutes") == 60 * kSecond);
    BOOST_TEST(seed_length(" 1 \t days ") == 24 * kHour);
    BOOST_TEST(seed_length("+5 hours") == 5 * kHour);
    BOOST_TEST(seed_length("007 seconds") == 7 * kSecond);
    BOOST_TEST(seed_length("1_000 microseconds") == 1'000);
    for (const char* form : {"1", "1minutes", "x minutes", "1.5 hours", "1 minutes more", "_1 hours", "1__0 hours",
                             "1_ hours", "+-1 hours", "0x10 seconds", ""})
        BOOST_TEST(refused(form).find("is not a valid interval string") != std::string::npos, form);
    for (const char* period : {"1 minute", "1 MINUTES", "1 weeks"})
        BOOST_TEST(refused(period).find("is not a valid period") != std::string::npos, period);
    BOOST_TEST(seed_length("1000 microseconds") == 1'000);
    BOOST_TEST(refused("999 microseconds") ==
               "999 microseconds is not a valid interval: it is shorter than a millisecond");
    for (const char* length : {"0 minutes", "-5 minutes", "99999999999 days", "99999999999999999999 days"})
        BOOST_TEST(refused(length).find("is not a valid interval:") != std::string::npos, length);
}

BOOST_AUTO_TEST_CASE(definitions_are_shown_as_they_were_written) {
    BOOST_TEST(shown(fresh("0  0 L * *", {})) == "0  0 L * * | -");
    BOOST_TEST(shown(fresh({}, "007 minutes")) == "- | 007 minutes");
    BOOST_TEST(shown(fresh("25 * * * *", "5 hours")) == "25 * * * * | 5 hours");
    BOOST_TEST(shown(fresh({}, {})) == "- | -");
    BOOST_TEST(std::holds_alternative<None>(fresh({}, {})));
}

BOOST_AUTO_TEST_CASE(triggers_made_elsewhere_are_shown_where_they_can_be_said) {
    const auto cron = [](const char* line) { return Trigger(make_crontab(line, {}, {})); };
    BOOST_TEST(shown(cron("*/5 9-17 * * mon-fri")) == "*/5 9-17 * * mon-fri | -");
    BOOST_TEST(shown(cron("30 0 4 * * *")) == "30 0 4 * * * * | -");
    BOOST_TEST(shown(cron("30 0 4 1 * mon")) == "- | -");  // of both fields either will do
    BOOST_TEST(shown(cron("0 0 */2 * 2")) == "0 0 */2 * 2 | -");
    BOOST_TEST(shown(cron("@midnight")) == "0 0 * * * | -");
    BOOST_TEST(shown(in_berlin()) == "0 4 * * * | -");
    BOOST_TEST(shown(Interval{.every = 90 * 60 * kSecond, .start = kNow, .end = {}}) == "- | 90 minutes");
    BOOST_TEST(shown(Interval{.every = kSecond / 2, .start = kNow, .end = {}}) == "- | 500000 microseconds");
    BOOST_TEST(shown(Date{kNow}) == "- | -");
    BOOST_TEST(shown(Shared{1, 1, in_berlin()}) == "- | -");
}

BOOST_AUTO_TEST_CASE(what_is_sent_back_as_it_is_shown_leaves_the_trigger_as_it_is) {
    for (const Trigger& present : {Trigger(in_berlin()), Trigger(Date{kNow}), Trigger(Shared{1, 1, in_berlin()}),
                                   Trigger(Interval{.every = kHour, .start = kNow + 7, .end = {}}),
                                   fresh("25 * * * *", "5 hours"), Trigger(None{})}) {
        const auto [cron, interval] = seed_definitions(present);
        BOOST_TEST((made(&present, cron, interval) == present), shown(present));
        BOOST_TEST((made(&present, {}, {}) == present), shown(present));
    }
}

BOOST_AUTO_TEST_CASE(a_change_of_one_keeps_the_other_and_a_new_cron_its_zone_and_range) {
    const Trigger both = fresh("25 * * * *", "5 hours");
    const Trigger other = made(&both, Wish("30 * * * *"), {});
    BOOST_TEST(shown(other) == "30 * * * * | 5 hours");
    BOOST_TEST((std::get<Any>(other).of.at(1) == std::get<Any>(both).of.at(1)));
    BOOST_TEST(shown(made(&both, Wish(Text()), {})) == "- | 5 hours");
    BOOST_TEST(shown(made(&both, Wish(Text()), Wish(Text()))) == "- | -");
    const Trigger berlin = in_berlin();
    const Cron cron = std::get<Cron>(made(&berlin, Wish("0 5 * * *"), {}));
    BOOST_TEST(zone_name(cron.zone) == "Europe/Berlin");
    BOOST_TEST(cron.start.value() == kNow);
    const Trigger weekly = with(Field::week, "5");  // which cannot be shown
    BOOST_TEST((std::get<Any>(made(&weekly, {}, Wish("1 hours"))).of.at(0) == Single(std::get<Cron>(weekly))));
}

BOOST_AUTO_TEST_CASE(an_interval_begins_one_length_from_now_but_where_its_start_was_given) {
    const Trigger first = fresh({}, "1 hours");
    BOOST_TEST(next_after(first, kNow).value() == kNow + kHour);
    const Trigger given = Interval{.every = kHour, .start = kNow - 7 * kSecond, .end = {}};
    BOOST_TEST(next_after(made(&given, {}, Wish("2 hours")), kNow).value() == kNow + 2 * kHour - 7 * kSecond);
    BOOST_CHECK_THROW(fresh("* * * * *", "5000 microseconds"), RequestError);
}

BOOST_AUTO_TEST_CASE(arguments_are_found_by_position_and_by_name_and_the_rest_is_kept) {
    Definition definition;
    definition.args = R"(["http://a", {"b": 1.0}, {"$secret":"1.2.x"}, 5])";
    definition.kwargs = R"({"follow_redirects": 3})";
    BOOST_TEST(Arguments(definition).get("payload").value() == R"({"b": 1.0})");
    BOOST_TEST(Arguments(definition).get("follow_redirects").value() == "3");
    BOOST_TEST(!Arguments(definition).get("nothing").has_value());
    Arguments edit = Arguments::to_edit(definition);
    edit.set("endpoint", R"("http://c")");
    service::JobEdit wish;
    edit.put_into(wish);
    BOOST_TEST(*wish.args == R"(["http://c",{"b": 1.0},"***",5])");
    edit.remove("auth_token");
    edit.put_into(wish);
    BOOST_TEST(*wish.args == R"(["http://c",{"b": 1.0}])");
    BOOST_TEST(*wish.kwargs == R"({"follow_redirects":3,"timeout":5})");
}
