#include "base/stored_object.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;

BOOST_AUTO_TEST_SUITE(stored_object_suite)

BOOST_AUTO_TEST_CASE(members_are_taken_by_name_and_kind) {
    const json::Value value = json::parse(R"({"t":"x","i":5,"b":true,"n":1.5})");
    json::StoredObject stored(value, "thing");
    BOOST_TEST(*stored.text("t") == "x");
    BOOST_TEST(*stored.integer("i", 0, 5) == 5);
    BOOST_TEST(*stored.boolean("b"));
    BOOST_TEST(*stored.number("n") == 1.5);
    BOOST_TEST(!stored.text("absent"));
    stored.finish();
}

BOOST_AUTO_TEST_CASE(what_was_not_written_by_us_is_corruption) {
    const auto error_of = [](std::string_view text, const auto& read) {
        const json::Value value = json::parse(text);
        try {
            json::StoredObject stored(value, "thing");
            read(stored);
            stored.finish();
        } catch (const std::runtime_error& e) {
            return std::string(e.what());
        }
        return std::string("accepted");
    };
    const auto nothing = [](json::StoredObject&) {};
    BOOST_TEST(error_of("[1]", nothing) == "stored thing: an object was expected, found array");
    BOOST_TEST(error_of(R"({"x":1})", nothing) == R"(stored thing: unknown members in {"x":1})");
    BOOST_TEST(error_of(R"({"x":1})", [](auto& s) { s.text("x"); }) == "stored thing: 'x' is integer, not string");
    BOOST_TEST(error_of(R"({"x":9})", [](auto& s) { s.integer("x", 0, 8); }) == "stored thing: 'x' is 9, out of range");
    BOOST_TEST(error_of(R"({})", [](auto& s) { s.required(s.text("x"), "x"); }) == "stored thing: 'x' is missing");
    BOOST_TEST(error_of(R"({"x":"1"})", [](auto& s) { s.number("x"); }) == "stored thing: 'x' is no number");
}

BOOST_AUTO_TEST_SUITE_END()
