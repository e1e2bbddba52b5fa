#include "cli/options.hpp"

#include <boost/test/unit_test.hpp>

using foliot::cli::Options;
using foliot::cli::OptionSpec;
using foliot::cli::UsageError;

namespace {

const std::vector<OptionSpec> kSpecs{
    {"name", "NAME", ""}, {"wait", "SECONDS", ""}, {"json", "", ""}, {"tag", "TAG", "", true}, {"limit", "N", ""}};

Options parsed(const std::vector<std::string>& arguments, const std::vector<std::string>& words = {}) {
    return {arguments, kSpecs, words};
}

std::string refusal(const std::vector<std::string>& arguments, const std::vector<std::string>& words = {}) {
    try {
        parsed(arguments, words).length("wait", foliot::kSecond);
        return {};
    } catch (const UsageError& error) {
        return error.what();
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(options)

BOOST_AUTO_TEST_CASE(options_and_words_come_in_any_order) {
    const Options given = parsed({"a", "--name", "x", "b", "--json", "--wait=2.5"}, {"ONE", "TWO"});
    BOOST_TEST(given.word(0) == "a");
    BOOST_TEST(given.word(1) == "b");
    BOOST_TEST(given.text("name") == "x");
    BOOST_TEST(given.has("json"));
    BOOST_TEST(given.length("wait", 1) == 2'500'000);
    BOOST_TEST(parsed({}).text("name", "otherwise") == "otherwise");
    BOOST_TEST(parsed({}).length("wait", 7) == 7);
    BOOST_TEST(parsed({"--name="}).text("name", "otherwise") == "");
    BOOST_TEST(parsed({"--name", "--json"}).text("name") == "--json");
}

BOOST_AUTO_TEST_CASE(some_options_may_be_given_again) {
    const std::vector<std::string> tags{"a", "b"};
    BOOST_TEST(parsed({"--tag", "a", "--tag=b"}).texts("tag") == tags);
    BOOST_TEST(parsed({}).texts("tag").empty());
}

BOOST_AUTO_TEST_CASE(numbers_are_whole) {
    BOOST_TEST(parsed({"--limit", "20"}).number("limit", 1) == 20U);
    BOOST_TEST(parsed({}).number("limit", 1) == 1U);
    for (const char* wrong : {"", "x", "1.5", "-1", "1 "})
        BOOST_CHECK_THROW(parsed({"--limit", wrong}).number("limit", 1), UsageError);
}

BOOST_AUTO_TEST_CASE(after_two_dashes_all_are_words) {
    const Options given = parsed({"--", "--json", "-"}, {"ONE", "TWO"});
    BOOST_TEST(given.word(0) == "--json");
    BOOST_TEST(given.word(1) == "-");
    BOOST_TEST(!given.has("json"));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named) {
    BOOST_TEST(refusal({"--nmae", "x"}) == "unknown option --nmae");
    BOOST_TEST(refusal({"-j"}) == "unknown option -j");
    BOOST_TEST(refusal({"--name"}) == "option --name needs a value: NAME");
    BOOST_TEST(refusal({"--json=yes"}) == "option --json takes no value");
    BOOST_TEST(refusal({"--json", "--json"}) == "option --json is given twice");
    BOOST_TEST(refusal({}, {"FILE.so"}) == "FILE.so is missing");
    BOOST_TEST(refusal({"a", "b"}, {"FILE.so"}) == "one word too many: 'b'");
    for (const char* wait : {"0", "-1", "1s", "", "nan", "1e99"})
        BOOST_TEST(
            refusal({"--wait", wait}).starts_with("option --wait is '" + std::string(wait) + "', wanted seconds"),
            wait);
}

BOOST_AUTO_TEST_SUITE_END()
