// Bodies as Django REST framework reads them (contract: Seed, recorded v-*).
#include "api/seed/fields.hpp"

#include "unit/seed/request.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::api::seed;
using namespace foliot::testing;

namespace {

/// What dialect() answers to what `act` throws.
template <class Act>
std::string answer(const Act& act) {
    try {
        act();
    } catch (const RequestError& error) {
        const auto response = dialect().error(error);
        return std::to_string(response.status) + " " + response.body;
    }
    return "";
}

std::string refused(const std::string& body) {
    return answer([&] {
        const auto request = post_of(body);
        Fields fields(request);
        fields.require("endpoint");
        fields.text("endpoint", 500);
        fields.whole_or_null("frequency", 1, 2147483647);
        fields.flag("enabled");
        fields.text_or_null("auth_token", 10);
        fields.check();
    });
}

std::optional<bool> flag(const std::string& json) {
    const auto request = post_of(R"({"enabled":)" + json + "}");
    Fields fields(request);
    const auto value = fields.flag("enabled");
    fields.check();
    return value;
}

std::string form(const std::string& body, const char* name) {
    const auto request = post_of(body, "application/x-www-form-urlencoded");
    Fields fields(request);
    return fields.json_text(name).value_or("-");
}

}  // namespace

BOOST_AUTO_TEST_CASE(all_that_is_wrong_is_told_at_once) {
    BOOST_TEST(refused("{}") == R"(400 {"endpoint":["This field is required."]})");
    BOOST_TEST(refused(R"({"endpoint":" ","frequency":"","enabled":null})") ==
               R"(400 {"endpoint":["This field may not be blank."],"frequency":["A valid integer is required."],)"
               R"("enabled":["This field may not be null."]})");
    BOOST_TEST(refused(R"({"endpoint":true,"frequency":2147483648,"enabled":"maybe","auth_token":["x"]})") ==
               R"(400 {"endpoint":["Not a valid string."],)"
               R"("frequency":["Ensure this value is less than or equal to 2147483647."],)"
               R"("enabled":["Must be a valid boolean."],"auth_token":["Not a valid string."]})");
    BOOST_TEST(refused(R"({"endpoint":null,"frequency":1.5,"auth_token":"12345678901"})") ==
               R"(400 {"endpoint":["This field may not be null."],"frequency":["A valid integer is required."],)"
               R"("auth_token":["Ensure this field has no more than 10 characters."]})");
    BOOST_TEST(refused(R"({"endpoint":5,"frequency":99999999999999999999})") ==
               R"(400 {"frequency":["Ensure this value is less than or equal to 2147483647."]})");
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_object_is_refused_by_what_it_is) {
    BOOST_TEST(refused("[1]") == R"(400 {"non_field_errors":["Invalid data. Expected a dictionary, but got list."]})");
    BOOST_TEST(refused("null") == R"(400 {"non_field_errors":["No data provided"]})");
    BOOST_TEST(refused("").starts_with(R"(400 {"endpoint":)"));
    BOOST_TEST(refused("{").starts_with(R"(400 {"detail":"JSON parse error - )"));
    BOOST_TEST(answer([] { Fields fields(post_of("{}", "text/plain")); }) ==
               R"(415 {"detail":"Unsupported media type \"text/plain\" in request."})");
}

BOOST_AUTO_TEST_CASE(values_are_turned_into_what_they_mean) {
    const auto request = post_of(R"({"a":" x ","n":12,"f":"3","w":2.0,"z":null,"t":null})", "");
    Fields fields(request);
    BOOST_TEST(fields.text("a", 9).value() == "x");
    BOOST_TEST(fields.text("n", 9).value() == "12");
    BOOST_TEST(fields.whole_or_null("f", 1, 9).value().value() == 3);
    BOOST_TEST(fields.whole_or_null("w", 1, 9).value().value() == 2);
    BOOST_TEST(!fields.whole_or_null("z", 1, 9).value().has_value());
    BOOST_TEST(!fields.text_or_null("t", 9).value().has_value());
    BOOST_TEST(!fields.text_or_null("absent", 9).has_value());
    for (const char* yes : {"true", "1", "1.0", R"("yes")", R"("On")"}) BOOST_TEST(flag(yes).value(), yes);
    for (const char* no : {"false", "0", R"("N")", R"("no")", R"("FALSE")"}) BOOST_TEST(!flag(no).value(), no);
}

BOOST_AUTO_TEST_CASE(a_form_holds_json_as_text) {
    BOOST_TEST(form("payload=%7B%22a%22%3A+1%7D&x=1", "payload") == R"({"a": 1})");
    BOOST_TEST(form("x=1&x=2", "x") == "2");
    BOOST_TEST(form("x=1", "payload") == "-");
}

BOOST_AUTO_TEST_CASE(who_is_not_known_is_told_what_his_header_lacks) {
    const auto said = [](const char* header) { return dialect().unauthenticated(header).body; };
    const auto detail = [](const std::string& text) { return R"({"detail":")" + text + R"("})"; };
    BOOST_TEST(said("") == detail("Authentication credentials were not provided."));
    BOOST_TEST(said("Digest x") == detail("Authentication credentials were not provided."));
    BOOST_TEST(said("token nope") == detail("Invalid token."));
    BOOST_TEST(said("Bearer nope") == detail("Invalid token."));
    BOOST_TEST(said("Token") == detail("Invalid token header. No credentials provided."));
    BOOST_TEST(said("Token a b") == detail("Invalid token header. Token string should not contain spaces."));
    BOOST_TEST(said("Basic ") == detail("Invalid basic header. No credentials provided."));
    BOOST_TEST(said("Basic a b") == detail("Invalid basic header. Credentials string should not contain spaces."));
    BOOST_TEST(said("Basic eDp5") == detail("Invalid username/password."));
}
