#include "domain/job.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace foliot;

BOOST_AUTO_TEST_SUITE(job_suite)

BOOST_AUTO_TEST_CASE(both_spellings_of_a_function_are_read) {
    const std::vector<std::tuple<std::string, std::string, std::string>> table{{"m:f", "m", "f"},
                                                                               {"m.f", "m", "f"},
                                                                               {"a.b:C", "a.b", "C"},
                                                                               {"a.b.C", "a.b", "C"},
                                                                               {"_a-1.b_2:_f9", "_a-1.b_2", "_f9"}};
    for (const auto& [text, module, function] : table) {
        const auto func = parse_func(text);
        BOOST_REQUIRE_MESSAGE(func, text);
        BOOST_TEST(func->module == module);
        BOOST_TEST(func->function == function);
    }
    BOOST_TEST(parse_func("a.b:C")->dotted() == "a.b.C");
}

BOOST_AUTO_TEST_CASE(what_names_no_function_is_refused) {
    for (const std::string_view text : {"", "f", ":f", "m:", "m:f:g", "a..b:f", ".a:f", "a.:f", "1a:f", "-a:f", "a.1:f",
                                        "m:1", "m:a-b", "m:a.b", "m/n:f", "m :f", "m:f\n", "..:f"}) {
        BOOST_TEST(!parse_func(text), text);
    }
}

BOOST_AUTO_TEST_CASE(the_names_of_a_function_have_a_longest_length) {
    const auto accepts = [](std::size_t module, std::size_t function) {
        std::string text;
        while (text.size() < module) text += 'm';
        text += ':';
        while (text.size() < module + 1 + function) text += 'f';
        return parse_func(text).has_value();
    };
    BOOST_TEST(accepts(128, 64));
    BOOST_TEST(!accepts(129, 64));
    BOOST_TEST(!accepts(128, 65));
}

BOOST_AUTO_TEST_CASE(a_lane_is_positive_and_never_changes) {
    BOOST_TEST(lane_of("") == 5472609002491880229);
    BOOST_TEST(lane_of("sample") == lane_of("sample"));
    std::set<std::int64_t> lanes;
    for (int i = 0; i < 10'000; ++i) lanes.insert(lane_of("module" + std::to_string(i)));
    BOOST_TEST(lanes.size() == 10'000U);
    BOOST_TEST(*lanes.begin() > 0);
}

BOOST_AUTO_TEST_CASE(the_lanes_of_a_module_are_one_for_each_set_of_tags_and_near_each_other) {
    BOOST_TEST(lane_of("m", {}) == lane_of("m"));
    std::set<std::int64_t> lanes{lane_of("m")};
    const std::vector<std::vector<std::string>> sets{{"a"}, {"b"}, {"a", "b"}, {"ab"}, {"a", "b", "c"}, {"a", "bc"}};
    for (const auto& tags : sets) {
        const std::int64_t lane = lane_of("m", tags);
        BOOST_TEST(lane > 0);
        BOOST_TEST(lanes_of_module(lane_of("m")).contains(lane));
        BOOST_TEST(!lanes_of_module(lane_of("n")).contains(lane));
        lanes.insert(lane);
    }
    BOOST_TEST(lanes.size() == sets.size() + 1);
    BOOST_TEST(lane_of("sample", {"db", "slow"}) == 8347425200766882872);  // queued rows outlive the program
}

BOOST_AUTO_TEST_CASE(a_definition_with_the_usual_rules_is_stored_short_and_verbatim) {
    Definition d;
    d.name = "n\"";
    d.func = {"m", "f"};
    d.args = "[1.0, 1e2 ]";
    d.kwargs = R"({"b": 12345678901234567890,"a":"\u00e9"})";
    BOOST_TEST(
        to_json(d) ==
        R"({"name":"n\"","func":"m:f","args":[1.0, 1e2 ],"kwargs":{"b": 12345678901234567890,"a":"\u00e9"},"trigger":{"type":"none"}})");
    BOOST_TEST((definition_from_json(to_json(d)) == d));
}

BOOST_AUTO_TEST_CASE(every_field_of_a_definition_survives_its_stored_form) {
    Definition d;
    d.name = "all";
    d.func = {"a.b", "c"};
    d.trigger = trigger::Interval{.every = 5, .start = 1, .end = {}, .offset_seconds = 60};
    d.misfire_grace = std::nullopt;
    d.coalesce = false;
    d.misfire = MisfirePolicy::skip;
    d.max_instances = 7;
    d.overlap = Overlap::replace;
    d.max_queued = 3;
    d.timeout = 9 * kSecond;
    d.retry = {.max_retries = 4, .delay = 5, .factor = 1.5, .max_delay = 6};
    d.priority = 9;
    d.isolation = Isolation::fresh;
    d.limits = {.memory = 64 << 20, .nice = 0};
    d.max_runs = 2;
    d.description = "text";
    d.deadline = 11;
    d.tags = {"a", "\xC3\xA9\""};
    BOOST_TEST((definition_from_json(to_json(d)) == d));
    d.misfire_grace = 1;
    d.misfire = MisfirePolicy::all;
    d.overlap = Overlap::queue;
    BOOST_TEST((definition_from_json(to_json(d)) == d));
}

BOOST_AUTO_TEST_CASE(a_definition_that_we_did_not_store_is_refused) {
    const auto with = [](const std::string& more) {
        return R"({"name":"n","func":"m:f","args":[],"kwargs":{},"trigger":{"type":"none"})" + more + "}";
    };
    BOOST_CHECK_NO_THROW(definition_from_json(with("")));
    for (const std::string& text : {std::string("[]"),
                                    std::string("{}"),
                                    std::string("x"),
                                    with(R"(,"x":1)"),
                                    with(R"(,"overlap":"other")"),
                                    with(R"(,"priority":10)"),
                                    with(R"(,"max_instances":0)"),
                                    with(R"(,"timeout":-1)"),
                                    with(R"(,"coalesce":1)"),
                                    with(R"(,"misfire_grace":"1")"),
                                    with(R"(,"args":{})"),
                                    with(R"(,"kwargs":[])"),
                                    with(R"(,"func":"f")"),
                                    with(R"(,"retry":{"x":1})"),
                                    with(R"(,"deadline":-1)"),
                                    with(R"(,"tags":"a")"),
                                    with(R"(,"tags":[1])"),
                                    with(R"(,"tags":["b","a"])"),
                                    with(R"(,"tags":["a","a"])"),
                                    with(R"(,"trigger":{})")}) {
        BOOST_CHECK_THROW(definition_from_json(text), std::runtime_error);
    }
}

BOOST_AUTO_TEST_CASE(a_date_that_has_passed_is_owed_and_earlier_fires_of_an_interval_are_not) {
    const Micros now = 1'000 * kSecond;
    const Arming past = arm(trigger::Date{now - 5, 0}, now);
    BOOST_TEST(past.next_fire.value() == now - 5);
    BOOST_TEST(past.cursor == now - 6);
    BOOST_TEST(past.armed_at == now);
    BOOST_TEST(past.anchor == past.cursor);
    BOOST_TEST(arm(trigger::Date{now, 0}, now).next_fire.value() == now);
    BOOST_TEST(arm(trigger::Date{now + 5, 0}, now).cursor == now - 1);

    const trigger::Interval interval{.every = 10 * kSecond, .start = 5 * kSecond, .end = {}, .offset_seconds = 0};
    BOOST_TEST(arm(interval, now).next_fire.value() == 1'005 * kSecond);
    BOOST_TEST(arm(interval, 1'005 * kSecond).next_fire.value() == 1'005 * kSecond);
    BOOST_TEST(!arm(trigger::None{}, now).next_fire);
}

BOOST_AUTO_TEST_SUITE_END()
