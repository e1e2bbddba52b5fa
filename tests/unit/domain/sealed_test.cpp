#include "domain/sealed.hpp"

#include "base/json.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;

BOOST_AUTO_TEST_SUITE(sealed)

BOOST_AUTO_TEST_CASE(only_an_object_with_the_one_member_is_a_sealed_value) {
    BOOST_TEST(is_sealed(json::parse(R"({"$secret":"1.2.x"})")));
    BOOST_TEST(is_sealed(json::parse(R"({ "$secret" : 5 })")));
    BOOST_TEST(!is_sealed(json::parse(R"({"$secret":"x","other":1})")));
    BOOST_TEST(!is_sealed(json::parse(R"({"secret":"x"})")));
    BOOST_TEST(!is_sealed(json::parse(R"("$secret")")));
    BOOST_TEST(is_masked(json::parse(R"("***")")));
    BOOST_TEST(!is_masked(json::parse(R"("****")")));
}

BOOST_AUTO_TEST_CASE(arguments_are_shown_with_asterisks_for_each_secret) {
    BOOST_TEST(shown_arguments(R"([1.0,{"$secret":"a"},"b"])") == R"([1.0,"***","b"])");
    BOOST_TEST(shown_arguments(R"({"a":{"$secret":"x"},"b":{"c":[1]},"$secret":2})") ==
               R"({"a":"***","b":{"c":[1]},"$secret":2})");
}

BOOST_AUTO_TEST_CASE(arguments_without_secrets_stay_what_they_are_to_the_byte) {
    for (const char* text : {"[]", "{ }", R"([ 1.0, "***" ])", R"({"a": {"b": {"$secret": 1}}})",
                             R"(["{\"$secret\":1}"])", R"({"$secret":"x"})"}) {
        BOOST_TEST(shown_arguments(text) == text);
        BOOST_TEST(!has_sealed(text), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
