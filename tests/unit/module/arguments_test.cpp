#include "base/error.hpp"
#include "module/catalogue.hpp"

#include <boost/test/unit_test.hpp>

using foliot::Problem;
using foliot::RequestError;
using foliot::module::check_arguments;
using foliot::module::Function;
using foliot::module::Param;

namespace {

struct Setup {
    Function function;
    Setup() {
        function.name = "send";
        function.params = {{"to", "string", true, {}, {}},     {"rows", "integer", false, 1.0, 10'000.0},
                           {"rate", "number", false, 0.5, {}}, {"flags", "array", false, {}, {}},
                           {"more", "object", false, {}, {}},  {"dry", "boolean", false, {}, {}},
                           {"what", "any", false, {}, {}}};
    }
    /// "" when they fit, else "field: text".
    std::string refusal(std::string_view args, std::string_view kwargs) const {
        try {
            check_arguments(function, args, kwargs);
            return "";
        } catch (const RequestError& error) {
            BOOST_TEST((error.problem() == Problem::invalid));
            return error.field() + ": " + error.what();
        }
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(arguments, Setup)

BOOST_AUTO_TEST_CASE(arguments_that_fit_are_taken) {
    const std::pair<const char*, const char*> good[] = {
        {R"(["a@b"])", "{}"},
        {"[]", R"({"to":"a@b"})"},
        {R"(["a@b", 30])", R"({"dry":true})"},
        {R"(["a@b"])", R"({"rows":1,"rate":0.5,"flags":[1,"x"],"more":{"k":1},"dry":false,"what":null})"},
        {R"(["a@b", 10000, 7])", R"({"what":[{}]})"},
        {R"(["a@b", null, null])", R"({"flags":null})"},
        {R"([""])", R"({"what":1e300})"},
    };
    for (const auto& [args, kwargs] : good) BOOST_TEST(refusal(args, kwargs) == "", args << " " << kwargs);
}

BOOST_AUTO_TEST_CASE(a_refusal_names_the_parameter_and_says_why) {
    struct Case {
        const char *args, *kwargs, *field, *says;
    };
    const Case bad[] = {
        {"[]", "{}", "to", "is missing"},
        {"[null]", "{}", "to", "must be of type string, not null"},
        {"[5]", "{}", "to", "must be of type string, not integer"},
        {R"(["a"])", R"({"to":"b"})", "to", "given twice"},
        {R"(["a"])", R"({"row":1})", "row", "no parameter of send; it has: to, rows"},
        {R"(["a"])", R"({"rows":1,"":2})", "", "no parameter of send"},
        {R"(["a", 1.0])", "{}", "rows", "must be of type integer, not number"},
        {R"(["a", "1"])", "{}", "rows", "not string"},
        {R"(["a", true])", "{}", "rows", "not boolean"},
        {R"(["a", 0])", "{}", "rows", "is 0, must be 1 or more"},
        {R"(["a", 10001])", "{}", "rows", "is 10001, must be 10000 or less"},
        {R"(["a", 18446744073709551616])", "{}", "rows", "does not fit 64 bits"},
        {R"(["a"])", R"({"rate":0.25})", "rate", "is 0.25, must be 0.5 or more"},
        {R"(["a"])", R"({"rate":"fast"})", "rate", "must be of type number"},
        {R"(["a"])", R"({"flags":{}})", "flags", "must be of type array, not object"},
        {R"(["a"])", R"({"more":[]})", "more", "must be of type object, not array"},
        {R"(["a"])", R"({"dry":0})", "dry", "must be of type boolean, not integer"},
        {"[1,2,3,4,5,6,7,8]", "{}", "args", "8 given, send takes at most 7"},
        {"{}", "{}", "args", "must be an array, not object"},
        {"[]", "[]", "kwargs", "must be an object, not array"},
        {"[", "{}", "args", ""},
        {"[]", R"({"to":NaN})", "kwargs", ""},
    };
    for (const Case& c : bad) {
        const std::string refused = refusal(c.args, c.kwargs);
        BOOST_TEST(refused.starts_with(std::string(c.field) + ": "), c.args << " " << c.kwargs << " -> " << refused);
        BOOST_TEST(refused.find(c.says) != std::string::npos, c.args << " " << c.kwargs << " -> " << refused);
    }
}

BOOST_AUTO_TEST_CASE(a_function_without_parameters_takes_none) {
    function.params.clear();
    BOOST_TEST(refusal("[]", "{}") == "");
    BOOST_TEST(refusal("[1]", "{}").find("takes at most 0 (none)") != std::string::npos);
    BOOST_TEST(refusal("[]", R"({"x":1})").starts_with("x: "));
}

BOOST_AUTO_TEST_CASE(a_pass_through_function_takes_anything_that_has_the_right_shape) {
    function.pass_through = true;
    BOOST_TEST(refusal(R"(["ls", "-l", 3])", R"({"cwd":"/tmp"})") == "");
    BOOST_TEST(refusal(R"("ls")", "{}").starts_with("args: "));
    BOOST_TEST(refusal("[]", "null").starts_with("kwargs: "));
}

BOOST_AUTO_TEST_SUITE_END()
