#include "../worker/exit_codes.hpp"
#include "base/json.hpp"
#include "worker_process.hpp"

#include <boost/test/unit_test.hpp>
#include <signal.h>

using namespace foliot;           // NOLINT(google-build-using-namespace)
using namespace foliot::testing;  // NOLINT(google-build-using-namespace)

BOOST_AUTO_TEST_SUITE(describing)

BOOST_AUTO_TEST_CASE(a_module_is_described_with_its_functions_in_order) {
    const Description d = describe("tasks");
    BOOST_TEST(d.status.code == foliot::worker::kDone);
    const json::Value v = json::parse(d.json);
    BOOST_TEST(v.find("name")->string == "tasks");
    BOOST_TEST(v.find("version")->string == "1.0.0");
    BOOST_TEST(v.find("abi")->raw == "[1,0]");
    BOOST_TEST(v.find("build_id")->string.size() == 40U);
    const auto& functions = v.find("functions")->items;
    BOOST_REQUIRE(functions.size() == 7U);
    BOOST_TEST(functions[0].find("name")->string == "ok");
    BOOST_TEST(functions[0].find("meta")->find("title")->string == "Ok");
    BOOST_TEST(functions[4].find("name")->string == "two");
    BOOST_TEST(functions[4].find("index")->integer == 4);
    BOOST_TEST(functions[4].find("meta")->find("params")->items.size() == 2U);
}

BOOST_AUTO_TEST_CASE(each_way_to_be_no_module_has_its_exit_code) {
    struct Case {
        const char* module;
        int code;
    };
    const Case cases[] = {
        {"no_such_file", foliot::worker::kLoadError},      {"missing_symbol", foliot::worker::kLoadError},
        {"entry_null", foliot::worker::kEntryNull},        {"entry_throws", foliot::worker::kEntryThrew},
        {"bad_meta", foliot::worker::kBadDescriptor},      {"huge_meta", foliot::worker::kBadDescriptor},
        {"needs_newer_minor", foliot::worker::kEntryNull}, {"wrong_major", foliot::worker::kAbiTooNew},
    };
    for (const Case& c : cases) {
        BOOST_TEST_CONTEXT(c.module) {
            const Description d = describe(c.module);
            BOOST_TEST(d.status.code == c.code,
                       d.status.code << " " << d.status.signal << " " << d.err << d.json.size());
            BOOST_TEST(d.json.empty());
            BOOST_TEST(d.err.starts_with("foliot-worker: "), d.err);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_constructor_that_crashes_takes_only_the_child_along) {
    const Description d = describe("ctor_crash");
    BOOST_TEST(d.status.signal != 0);
    BOOST_TEST(d.json.empty());
}

BOOST_AUTO_TEST_CASE(what_a_constructor_prints_is_not_taken_for_the_answer) {
    const Description d = describe("ctor_prints");
    BOOST_TEST(d.status.code == foliot::worker::kDone);
    BOOST_TEST(json::parse(d.json).find("name")->string == "ctor_prints");
}

BOOST_AUTO_TEST_SUITE_END()
