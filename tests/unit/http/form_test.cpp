// Forms of browsers, and what pretends to be one.
#include "api/http/form.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace foliot;
using namespace foliot::api;

namespace {

Request sent(const std::string& type, const std::string& body) {
    Request request;
    request.headers.emplace_back("content-type", type);
    request.body = body;
    return request;
}

/// "name=value;..." in order of name.
std::string fields_of(const std::string& type, const std::string& body) {
    FormFields fields = form_fields(sent(type, body));
    std::sort(fields.begin(), fields.end());
    std::string text;
    for (const auto& [name, value] : fields) text += name + "=" + value + ";";
    return text;
}

bool is_malformed(const RequestError& error) {
    BOOST_TEST_MESSAGE(error.what());
    return error.problem() == Problem::malformed;
}

const std::string kEncoded = "application/x-www-form-urlencoded", kMultipart = "multipart/form-data; boundary=b";

std::string part(const std::string& name, const std::string& value) {
    return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(forms)

BOOST_AUTO_TEST_CASE(the_type_says_whether_it_is_a_form) {
    BOOST_TEST(has_form(sent(kEncoded, "")));
    BOOST_TEST(has_form(sent("Application/X-WWW-Form-Urlencoded ; charset=UTF-8", "")));
    BOOST_TEST(has_form(sent(kMultipart, "")));
    for (const char* other : {"", "application/json", "text/plain", "multipart/mixed; boundary=b"})
        BOOST_TEST(!has_form(sent(other, "a=b")), other);
}

BOOST_AUTO_TEST_CASE(an_encoded_form_is_read_as_a_query_is) {
    BOOST_TEST(fields_of(kEncoded, "a=1+2&b=%24%C3%A9&c&=d&a=3") == "=d;a=1 2;a=3;b=$\u00e9;c=;");
    BOOST_TEST(fields_of(kEncoded, "").empty());
    for (const char* bad : {"a=%zz", "a=%", "a=%00", "a=%ff", "%e9=b"})
        BOOST_CHECK_EXCEPTION(fields_of(kEncoded, bad), RequestError, is_malformed);
}

BOOST_AUTO_TEST_CASE(a_form_in_parts_is_read) {
    BOOST_TEST(fields_of(kMultipart, part("a", "x y\r\nz") + part("b", "\u00e9") + part("a", "2") + "--b--\r\n") ==
               "a=2;a=x y\r\nz;b=\u00e9;");
    BOOST_TEST(fields_of("Multipart/Form-Data; boundary=\"b\"", part("a", "1") + "--b--\r\n") == "a=1;");
    const std::string file = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\nbytes\r\n";
    BOOST_TEST(fields_of(kMultipart, file + part("a", "1") + "--b--\r\n") == "a=1;");
}

BOOST_AUTO_TEST_CASE(what_is_no_form_in_parts_is_refused) {
    std::string many;
    for (int i = 0; i < 200; ++i) many += part("a", "x");
    const std::string bad[] = {"",
                               "--b",
                               "a=b",
                               "--c\r\n\r\nx\r\n--c--\r\n",
                               "--b\r\n\r\nno name\r\n--b--\r\n",
                               std::string(1U << 20U, 'x'),
                               part("a", std::string(1U << 20U, '-')) + "--b--\r\n",
                               part("a", "\xff") + "--b--\r\n",
                               part("a", std::string("x\0y", 3)) + "--b--\r\n",
                               many + "--b--\r\n"};
    for (const std::string& body : bad) BOOST_CHECK_EXCEPTION(fields_of(kMultipart, body), RequestError, is_malformed);
    BOOST_CHECK_EXCEPTION(fields_of("multipart/form-data", part("a", "1") + "--b--\r\n"), RequestError, is_malformed);
}

BOOST_AUTO_TEST_SUITE_END()
