#include "domain/endings.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace foliot::testing {
namespace {

BOOST_AUTO_TEST_SUITE(endings)

BOOST_AUTO_TEST_CASE(each_reason_has_a_number_of_its_own) {
    BOOST_TEST((std::set<std::string_view>(kReasons.begin(), kReasons.end()).size() == kReasons.size()));
    for (std::size_t i = 0; i < kReasons.size(); ++i) BOOST_TEST(number_of_reason(kReasons[i]) == i, kReasons[i]);
    BOOST_TEST(number_of_reason("") == 0U);
}

BOOST_AUTO_TEST_CASE(what_follows_a_colon_and_what_job_code_makes_up_adds_none) {
    BOOST_TEST(kReasons[number_of_reason("crashed:SIGSEGV")] == "crashed");
    BOOST_TEST(kReasons[number_of_reason("exited:7")] == "exited");
    for (const char* reason : {"my_own", "crash", "OVERLAP", ":", "other:x", "exception\n"})
        BOOST_TEST(number_of_reason(reason) == (std::string_view(reason) == ":" ? 0 : kReasons.size() - 1), reason);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
