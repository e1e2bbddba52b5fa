// How what a caller gives becomes what a job takes, and what is refused.
#include <foliot/testing.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace {

using foliot::field;
using foliot::testing::Data;
using foliot::testing::Host;
using foliot::testing::Report;

struct Args {
    std::string to;
    int rows = 100;
    std::optional<std::string> cc;
    double share = 0.5;
    bool dry = false;
    static constexpr auto schema() {
        return foliot::fields(field("to", &Args::to).help("who gets it"),
                              field("rows", &Args::rows).range(1, 1000).optional(), field("cc", &Args::cc),
                              field("share", &Args::share).at_most(1).optional(), field("dry", &Args::dry).optional());
    }
};

foliot::Object echo(foliot::Context&, const Args& args) {
    return foliot::Object{}
        .set("to", args.to)
        .set("rows", args.rows)
        .set("cc", args.cc)
        .set("share", args.share)
        .set("dry", args.dry);
}
void takes_nothing(foliot::Context&) {}

struct Accepted {
    Data::List args;
    Data::Map kwargs;
    const char* result;
};
struct Refused {
    Data::List args;
    Data::Map kwargs;
    const char* text;
};

struct Inner {
    std::vector<std::uint8_t> bytes;
    std::map<std::string, std::vector<std::string>> groups;
    foliot::Value any;
    std::optional<int> limit;
    std::string token;
    static constexpr auto schema() {
        return foliot::fields(field("bytes", &Inner::bytes), field("groups", &Inner::groups).optional(),
                              field("any", &Inner::any).optional(), field("limit", &Inner::limit).range(0, 9),
                              field("token", &Inner::token).optional().secret());
    }
};
foliot::Object inner(foliot::Context&, Inner args) {
    return foliot::Object{}
        .set("bytes", args.bytes)
        .set("groups", args.groups)
        .set("any", args.any)
        .set("limit", args.limit);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(arguments)

BOOST_AUTO_TEST_CASE(fields_are_filled_by_order_and_then_by_name) {
    const Accepted table[] = {
        {{"a"}, {}, R"({"to":"a","rows":100,"cc":null,"share":0.5,"dry":false})"},
        {{}, {{"to", "a"}}, R"({"to":"a","rows":100,"cc":null,"share":0.5,"dry":false})"},
        {{"a", 7}, {{"dry", true}}, R"({"to":"a","rows":7,"cc":null,"share":0.5,"dry":true})"},
        {{"a", 1000, "c", 1, true}, {}, R"({"to":"a","rows":1000,"cc":"c","share":1.0,"dry":true})"},
        {{"a", nullptr}, {}, R"({"to":"a","rows":100,"cc":null,"share":0.5,"dry":false})"},
        {{"a"}, {{"cc", nullptr}, {"share", -3.25}}, R"({"to":"a","rows":100,"cc":null,"share":-3.25,"dry":false})"},
    };
    for (const Accepted& row : table) {
        const Report report = Host().call<echo>(row.args, row.kwargs);
        BOOST_TEST(report.outcome == FOLIOT_OK, report.error_text);
        BOOST_TEST(report.result == row.result);
        BOOST_TEST(report.results == 1);
    }
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_for_good_by_name) {
    const Refused table[] = {
        {{}, {}, "argument 'to' is missing"},
        {{"a", 1, nullptr, 0, false, 6}, {}, "too many arguments: 6 given by position, at most 5 are taken"},
        {{"a"}, {{"to", "b"}}, "argument 'to' is given twice"},
        {{}, {{"to", "a"}, {"rows", 2}, {"rows", 3}}, "argument 'rows' is given twice"},
        {{"a"}, {{"row", 1}}, "unknown argument 'row'"},
        {{1}, {}, "argument 'to' is not a valid string"},
        {{nullptr}, {}, "argument 'to' is not a valid string"},
        {{"a", "7"}, {}, "argument 'rows' is not a valid integer"},
        {{"a", 7.0}, {}, "argument 'rows' is not a valid integer"},
        {{"a", true}, {}, "argument 'rows' is not a valid integer"},
        {{"a", std::int64_t{1} << 40}, {}, "argument 'rows' is not a valid integer"},
        {{"a", 0}, {}, "argument 'rows' (0) is smaller than 1"},
        {{"a", 1001}, {}, "argument 'rows' (1001) is greater than 1000"},
        {{"a"}, {{"cc", 5}}, "argument 'cc' is not a valid string"},
        {{"a"}, {{"share", 1.5}}, "argument 'share' (1.5) is greater than 1.0"},
        {{"a"}, {{"dry", 1}}, "argument 'dry' is not a valid boolean"},
        {{"a"}, {{"dry", Data::List{true}}}, "argument 'dry' is not a valid boolean"},
    };
    for (const Refused& row : table) {
        const Report report = Host().call<echo>(row.args, row.kwargs);
        BOOST_TEST(report.outcome == FOLIOT_FAILED_FOR_GOOD);
        BOOST_TEST(report.error_code == "bad_arguments");
        BOOST_TEST(report.error_text == row.text);
        BOOST_TEST(report.results == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_job_without_arguments_takes_none) {
    BOOST_TEST(Host().call<takes_nothing>().outcome == FOLIOT_OK);
    BOOST_TEST(Host().call<takes_nothing>({1}).error_text == "too many arguments: 1 given by position, none are taken");
    BOOST_TEST(Host().call<takes_nothing>({}, {{"x", 1}}).error_text == "unknown argument 'x'");
}

BOOST_AUTO_TEST_CASE(lists_maps_and_anything_are_decoded) {
    const Report report =
        Host().call<inner>({Data::List{0, 255}}, {{"groups", Data::Map{{"g", Data::List{"a", "b"}}}},
                                                  {"any", Data::Map{{"k", Data::List{1, 2.5, nullptr, "\"\n"}}}},
                                                  {"limit", 9}});
    BOOST_TEST(report.error_text == "");
    BOOST_TEST(report.result ==
               R"({"bytes":[0,255],"groups":{"g":["a","b"]},"any":{"k":[1,2.5,null,"\"\n"]},"limit":9})");
    BOOST_TEST(Host().call<inner>({Data::List{256}}).error_text == "argument 'bytes' is not a valid array");
    BOOST_TEST(Host().call<inner>({Data::List{}}, {{"groups", Data::Map{{"g", "a"}}}}).error_text ==
               "argument 'groups' is not a valid object");
    BOOST_TEST(Host().call<inner>({Data::List{}}, {{"limit", 10}}).error_text ==
               "argument 'limit' (10) is greater than 9");
}

BOOST_AUTO_TEST_CASE(fields_are_described_in_order_with_defaults_and_bounds) {
    BOOST_TEST(
        foliot::describe_args<Args>().text ==
        R"([{"name":"to","type":"string","help":"who gets it","required":true},)"
        R"({"name":"rows","type":"integer","help":"","required":false,"default":100,"minimum":1,"maximum":1000},)"
        R"({"name":"cc","type":"string","help":"","required":false,"default":null},)"
        R"({"name":"share","type":"number","help":"","required":false,"default":0.5,"maximum":1.0},)"
        R"({"name":"dry","type":"boolean","help":"","required":false,"default":false}])");
}

BOOST_AUTO_TEST_CASE(a_secret_has_no_default_in_its_description) {
    const std::string text = foliot::describe_args<Inner>().text;
    BOOST_TEST(text.find(R"({"name":"token","type":"string","help":"","required":false,"secret":true})") !=
               std::string::npos);
    BOOST_TEST(text.find(R"("name":"any","type":"any")") != std::string::npos);
    BOOST_TEST(text.find(R"("name":"groups","type":"object")") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
