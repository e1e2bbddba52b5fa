#include "module/metadata.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using module::MetadataError;
using module::parse_metadata;

namespace {

std::string whole(const std::string& functions) {
    return R"({"name":"mail","version":"1.2","abi":[1,0],"build_id":"aa","meta":{},"functions":[)" + functions + "]}";
}
std::string with_module_meta(const std::string& meta) {
    return R"({"name":"mail","version":"1.2","abi":[1,0],"functions":[],"meta":)" + meta + "}";
}
std::string with_meta(const std::string& meta) { return whole(R"({"name":"f","index":0,"meta":)" + meta + "}"); }
std::string with_param(const std::string& param) { return with_meta(R"({"params":[)" + param + "]}"); }

std::string refusal(const std::string& json) {
    try {
        parse_metadata(json, "mail", "1.2");
        return "";
    } catch (const MetadataError& error) {
        return error.what();
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(metadata)

BOOST_AUTO_TEST_CASE(everything_that_a_function_declares_is_read) {
    const auto functions =
        parse_metadata(whole(R"({"name":"send","index":3,"meta":{"title":"Send","help":"Sends it","params":[
                 {"name":"to","type":"string"},
                 {"name":"rows","type":"integer","required":false,"default":100,"minimum":1,"maximum":1e4,"secret":false},
                 {"name":"key","type":"string","help":"of the box","required":false,"default":"k","secret":true}],
                 "example":"[\"ann@example.com\"]",
                 "max_retries":4,"first_delay_us":5000000,"backoff":3,"max_delay_us":60000000,"timeout_us":120000000}},
                 {"name":"run","index":1,"meta":{"pass_through":true}},{"name":"bare","index":0})"),
                       "mail", "1.2");
    BOOST_REQUIRE(functions.size() == 3U);
    const auto& send = functions[0];
    BOOST_TEST(send.name == "send");
    BOOST_TEST(send.index == 3U);
    BOOST_TEST(send.title == "Send");
    BOOST_TEST(send.help == "Sends it");
    BOOST_REQUIRE(send.params.size() == 3U);
    BOOST_TEST(send.params[0].required);
    BOOST_TEST(!send.params[0].minimum.has_value());
    BOOST_TEST(!send.params[1].required);
    BOOST_TEST(send.params[1].maximum.value() == 10'000.0);
    BOOST_TEST(send.params[0].otherwise.empty());
    BOOST_TEST(send.params[1].otherwise == "100");
    BOOST_TEST(send.params[2].help == "of the box");
    BOOST_TEST(send.params[2].secret);
    BOOST_TEST(send.params[2].otherwise.empty());
    BOOST_TEST(send.example == R"(["ann@example.com"])");
    BOOST_TEST(functions[2].example.empty());
    BOOST_TEST((send.retry == RetryWishes{4, 5 * kSecond, 3.0, 60 * kSecond}));
    BOOST_TEST(send.timeout.value() == 120 * kSecond);
    BOOST_TEST(functions[1].pass_through);
    BOOST_TEST((functions[2].retry == RetryWishes{}));
    BOOST_TEST(!functions[2].timeout.has_value());
}

BOOST_AUTO_TEST_CASE(an_example_that_does_not_fit_is_left_out) {
    for (const char* meta : {R"({"example":"["})", R"({"example":"1"})", R"({"example":"[1]"})",
                             R"({"params":[{"name":"a","type":"string"}],"example":"{\"b\":1}"})",
                             R"({"params":[{"name":"a","type":"string"}],"example":"[]"})"}) {
        const auto functions = parse_metadata(with_meta(meta), "mail", "1.2");
        BOOST_TEST(functions.at(0).example.empty(), meta);
    }
    const auto by_name = parse_metadata(
        with_meta(R"({"params":[{"name":"a","type":"string"}],"example":"{\"a\":\"b\"}"})"), "mail", "1.2");
    BOOST_TEST(by_name.at(0).example == R"({"a":"b"})");
}

BOOST_AUTO_TEST_CASE(a_lying_or_broken_description_is_refused_with_the_place) {
    const std::string f = R"({"name":"f","index":0})";
    const std::pair<std::string, const char*> bad[] = {
        {"", "no JSON"},
        {"{", "no JSON"},
        {"[]", "must be an object"},
        {"{}", "has no 'name'"},
        {"\"\xff\"", "no JSON"},
        {R"({"name":"other","version":"1.2","abi":[1,0],"functions":[]})", "says its name is 'other'"},
        {R"({"name":"mail","version":"2","abi":[1,0],"functions":[]})", "says its version is '2'"},
        {R"({"name":"mail","version":"1.2","abi":[2,0],"functions":[]})", "interface version"},
        {R"({"name":"mail","version":"1.2","abi":[1],"functions":[]})", "interface version"},
        {R"({"name":"mail","version":"1.2","abi":[1,0]})", "has no 'functions'"},
        {R"({"name":"mail","version":"1.2","abi":[1,0],"functions":{}})", "'functions' that is no array"},
        {whole("1"), "function 1 must be an object"},
        {whole(f + "," + f), "two functions named 'f'"},
        {whole(f + R"(,{"name":"g","index":0})"), "two functions of index 0"},
        {whole(R"({"name":"a b","index":0})"), "no proper name"},
        {whole(R"({"name":"1a","index":0})"), "no proper name"},
        {whole(R"({"name":"","index":0})"), "no proper name"},
        {whole(R"({"name":"a.b","index":0})"), "no proper name"},
        {whole(R"({"name":")" + std::string(65, 'x') + R"(","index":0})"), "no proper name"},
        {whole(R"({"name":"f"})"), "has no 'index'"},
        {whole(R"({"name":"f","index":-1})"), "'index' outside"},
        {whole(R"({"name":"f","index":4294967296})"), "'index' outside"},
        {whole(R"({"name":"f","index":0,"meta":"x"})"), "'meta' that is no object"},
        {with_meta(R"({"title":7})"), "'title' that is no string"},
        {with_meta(R"({"params":{}})"), "'params' that is no array"},
        {with_meta(R"({"max_retries":-1})"), "'max_retries' outside"},
        {with_meta(R"({"timeout_us":1.5})"), "'timeout_us' that is no integer"},
        {with_meta(R"({"timeout_us":9223372036854775807})"), "'timeout_us' outside"},
        {with_meta(R"({"backoff":0})"), "'backoff' outside"},
        {with_meta(R"({"limits":[]})"), "'limits' that is no object"},
        {with_meta(R"({"limits":{"memory":-1}})"), "'limits' of function 'f' has a 'memory' outside 0.."},
        {with_meta(R"({"limits":{"memory":1}})"), "a 'memory' that is neither 0 nor at least 8388608"},
        {with_meta(R"({"limits":{"memory":9223372036854775807}})"), "'memory' outside"},
        {with_meta(R"({"limits":{"memory":99999999999999999999}})"), "'memory' that is no integer"},
        {with_meta(R"({"limits":{"cpu_us":"1"}})"), "'cpu_us' that is no integer"},
        {with_meta(R"({"limits":{"open_files":1.5}})"), "'open_files' that is no integer"},
        {with_meta(R"({"limits":{"output":0}})"), "'output' that"},
        {with_meta(R"({"limits":{"nice":20}})"), "'nice' outside 0..19"},
        {with_module_meta(R"({"limits":7})"), "'limits' that is no object"},
        {with_module_meta(R"({"limits":{"file_size":-5}})"), "'limits' of the module has a 'file_size' outside"},
        {with_meta(R"({"example":7})"), "'example' that is no string"},
        {with_param("5"), "parameter 1 must be an object"},
        {with_param(R"({"type":"string"})"), "has no 'name'"},
        {with_param(R"({"name":"","type":"string"})"), "name of 0 bytes"},
        {with_param(R"({"name":"x","type":"date"})"), "unknown type 'date'"},
        {with_param(R"({"name":"x","type":"integer","minimum":2,"maximum":1})"), "minimum above its maximum"},
        {with_param(R"({"name":"x","type":"integer","required":1})"), "'required' that is no boolean"},
        {with_param(R"({"name":"x","type":"any"},{"name":"x","type":"any"})"), "repeats the name 'x'"},
    };
    for (const auto& [json, says] : bad)
        BOOST_TEST(refusal(json).find(says) != std::string::npos, json << " -> " << refusal(json));
}

BOOST_AUTO_TEST_CASE(a_functions_limits_are_its_own_else_its_modules) {
    const auto functions = parse_metadata(
        R"({"name":"mail","version":"1.2","abi":[1,0],"meta":{"limits":{"memory":67108864,"nice":3}},"functions":[)"
        R"({"name":"f","index":0,"meta":{"limits":{"memory":8388608,"cpu_us":2500000,"hats":1}}},)"
        R"({"name":"g","index":1,"meta":{}},{"name":"h","index":2}]})",
        "mail", "1.2");
    BOOST_TEST((functions[0].limits == ResourceLimits{.memory = 8 << 20, .cpu = 2'500'000, .nice = 3}));
    for (const std::size_t other : {1U, 2U})
        BOOST_TEST((functions[other].limits == ResourceLimits{.memory = 64 << 20, .nice = 3}));
}

BOOST_AUTO_TEST_CASE(every_cut_of_a_description_is_refused_and_none_hurts) {
    const std::string good = whole(R"({"name":"f","index":0,"meta":{"params":[{"name":"x","type":"any"}]}})");
    BOOST_TEST(refusal(good) == "");
    for (std::size_t n = 0; n < good.size(); ++n) BOOST_TEST(refusal(good.substr(0, n)) != "", n);
}

BOOST_AUTO_TEST_CASE(module_names_are_identifiers_joined_by_dots) {
    for (const char* name : {"a", "golden_jobs.jobs", "my-module", "_x", "A1"})
        BOOST_TEST(module::valid_module_name(name), name);
    for (const char* name : {"", ".", "a.", ".a", "a..b", "1a", "-a", "a b", "a/b", "\xc3\xa4", "a:b", "a.1"})
        BOOST_TEST(!module::valid_module_name(name), name);
    BOOST_TEST(module::valid_module_name(std::string(128, 'x')));
    BOOST_TEST(!module::valid_module_name(std::string(129, 'x')));
}

BOOST_AUTO_TEST_SUITE_END()
