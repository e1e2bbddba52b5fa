#include "base/base64.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;

BOOST_AUTO_TEST_CASE(base64_is_that_of_rfc_4648) {
    BOOST_TEST(to_base64("") == "");
    BOOST_TEST(to_base64("f") == "Zg==");
    BOOST_TEST(to_base64("foobar") == "Zm9vYmFy");
    BOOST_TEST(to_base64("\xfb\xff", Base64::url) == "-_8");
    BOOST_TEST(from_base64("Zg==").value() == "f");
    BOOST_TEST(from_base64("-_8", Base64::url).value() == "\xfb\xff");
}

BOOST_AUTO_TEST_CASE(what_is_no_base64_is_nothing) {
    for (const char* text : {"Zg", "Zg=", "Zg===", "Z g=", "Zh==", "-_8=", "Zg==\n"}) {
        BOOST_TEST(!from_base64(text), text);
    }
    for (const char* text : {"Zg==", "+/8", "Zh"}) BOOST_TEST(!from_base64(text, Base64::url), text);
}
