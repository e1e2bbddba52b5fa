// The address policy at work: what is refused is not connected to, for good and with a reason.
#include "http_module/module_fixture.hpp"

namespace {

using namespace foliot::testing;

struct Targeting : HttpModule {
    void check_refused(const std::string& url, const std::string& why) {
        const Report report = post({url}, {{"timeout", 10}});
        BOOST_TEST(report.outcome == FOLIOT_FAILED_FOR_GOOD, url << ": " << report.error_text);
        BOOST_TEST(report.error_code == "permanent", url);
        BOOST_TEST(contains(report.error_text, " is refused: "), report.error_text);
        BOOST_TEST(contains(report.error_text, why), report.error_text);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(targets, Targeting)

BOOST_AUTO_TEST_CASE(addresses_are_refused_however_they_are_written) {
    for (const char* written : {"169.254.169.254", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "2852039166",
                                "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518", "%31%36%39.254.169.254",
                                "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::]", "[fe80::1]", "[fd00:ec2::254]"})
        check_refused("http://" + std::string(written) + "/latest/meta-data/", "module.http.config.allow permits it");
    for (const char* written : {"0.0.0.0", "0", "[::]", "[::ffff:0.0.0.0]"})
        check_refused("http://" + std::string(written) + "/", "is no address of a host");
    check_refused("https://169.254.169.254/", "link-local");
}

BOOST_AUTO_TEST_CASE(a_name_is_judged_by_the_address_that_it_leads_to) {
    Names::set("metadata.test", {"169.254.169.254"});
    Names::set("mapped.test", {"::ffff:169.254.169.254", "0.0.0.0"});
    check_refused("http://metadata.test/", "169.254.169.254 is link-local");
    check_refused("http://mapped.test/", "");
}

BOOST_AUTO_TEST_CASE(of_several_addresses_those_permitted_are_tried) {
    WebServer server({answer(200)});
    Names::set("both.test", {"169.254.169.254", "127.0.0.1"});
    BOOST_TEST(post({"http://both.test:" + std::to_string(server.port()) + "/"}).error_text == "");
    // Nobody there: that is a failure as any other, and is retried.
    const Report report = post({"http://both.test:1/"});
    BOOST_TEST(report.outcome == FOLIOT_FAILED);
    BOOST_TEST(contains(report.result, R"("error":"connect")"), report.result);
}

BOOST_AUTO_TEST_CASE(each_connection_is_judged_anew) {
    WebServer server({answer(200)});
    const std::string url = "http://rebound.test:" + std::to_string(server.port()) + "/";
    Names::set("rebound.test", {"127.0.0.1"});
    BOOST_TEST(post({url}).outcome == FOLIOT_OK);
    Names::set("rebound.test", {"169.254.169.254"});
    check_refused(url, "link-local");
}

BOOST_AUTO_TEST_CASE(what_is_configured_is_denied_and_allowed) {
    WebServer server({answer(200)});
    const std::string here = "http://here.test:" + std::to_string(server.port()) + "/";
    Names::set("here.test", {"127.0.0.1"});

    BOOST_REQUIRE(configure({{"deny", "127.0.0.0/8, 10.0.0.0/8"}}).outcome == FOLIOT_OK);
    check_refused(server.url(), "127.0.0.1 is denied by module.http.config.deny (127.0.0.0/8)");
    check_refused(here, "127.0.0.1 is denied by module.http.config.deny (127.0.0.0/8)");
    BOOST_REQUIRE(configure({{"deny", Data::List{"here.test"}}}).outcome == FOLIOT_OK);
    check_refused(here, "'here.test' is denied by module.http.config.deny");
    BOOST_TEST(server.connections() == 0U);
    BOOST_TEST(post({server.url()}).outcome == FOLIOT_OK);
    BOOST_REQUIRE(configure({{"deny", "*"}, {"allow", "here.test"}}).outcome == FOLIOT_OK);
    BOOST_TEST(post({here}).outcome == FOLIOT_OK);
    check_refused(server.url(), "'127.0.0.1' is denied by module.http.config.deny");
    BOOST_REQUIRE(configure({{"deny", "*"}, {"allow", Data::List{"127.0.0.1"}}}).outcome == FOLIOT_OK);
    BOOST_TEST(post({here}).outcome == FOLIOT_OK);
}

BOOST_AUTO_TEST_CASE(a_denied_name_is_not_even_looked_up) {
    Names::hang("slow.test");
    BOOST_REQUIRE(configure({{"deny", "*.test"}}).outcome == FOLIOT_OK);
    check_refused("http://slow.test/", "'slow.test' is denied by module.http.config.deny");
    BOOST_TEST(Names::hanging() == 0);
}

BOOST_AUTO_TEST_CASE(the_server_is_not_called_unless_allowed) {
    WebServer server({answer(200)});
    const std::string port = std::to_string(server.port());
    for (const char* bound : {"127.0.0.1:", "0.0.0.0:", "[::]:"}) {
        BOOST_REQUIRE(configure({{"server_address", bound + port}}).outcome == FOLIOT_OK);
        check_refused(server.url("/scheduler/jobs"), "is this server itself; module.http.config.allow_self permits it");
        // Also ::1 is tried, where nobody listens: that is a failure as any other, which tells of the refusal.
        const Report by_name = post({"http://localhost:" + port + "/"});
        BOOST_TEST(by_name.outcome != FOLIOT_OK);
        BOOST_TEST(contains(by_name.error_text, "is this server itself"), by_name.error_text);
        check_refused("http://[::ffff:127.0.0.1]:" + port + "/", "is this server itself");
    }
    BOOST_TEST(server.connections() == 0U);
    BOOST_REQUIRE(configure({{"server_address", "127.0.0.1:" + port}, {"allow_self", true}}).outcome == FOLIOT_OK);
    BOOST_TEST(post({server.url()}).outcome == FOLIOT_OK);
}

BOOST_AUTO_TEST_SUITE_END()
