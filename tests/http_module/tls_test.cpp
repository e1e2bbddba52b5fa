// https: certificates are checked, by name and by who vouches for them.
#include "http_module/module_fixture.hpp"
#include "support/certificate.hpp"
#include "support/listener.hpp"

namespace {

using namespace foliot::testing;

/// Answers each GET with a page of its own.
struct TlsServer : Listener {
    explicit TlsServer(const Certificate& certificate, const std::vector<std::string>& more = {})
        : Listener("/usr/bin/openssl", arguments(certificate, more), "ACCEPT 127.0.0.1:") {}

    static std::vector<std::string> arguments(const Certificate& certificate, const std::vector<std::string>& more) {
        std::vector<std::string> all{"s_server",        "-accept", "127.0.0.1:0",      "-key",
                                     certificate.key(), "-cert",   certificate.file(), "-www"};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    std::string url(const std::string& host = "127.0.0.1") const {
        return "https://" + host + ":" + std::to_string(port()) + "/";
    }
};

struct Tls : HttpModule {
    void check_refused(const Report& report, const std::string& why) {
        BOOST_TEST(report.outcome == FOLIOT_FAILED, report.error_text);
        BOOST_TEST(report.result.starts_with(R"({"status":null,"error":"tls")"), report.result);
        BOOST_TEST(contains(report.error_text, why), report.error_text);
    }
    Certificate certificate;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tls, Tls)

BOOST_AUTO_TEST_CASE(a_certificate_that_nobody_vouches_for_is_refused) {
    const TlsServer server(certificate);
    check_refused(request({server.url()}), "self-signed certificate (ca_file can name the authorities to trust)");
    const Report trusted = request({server.url()}, {{"ca_file", certificate.file()}});
    BOOST_TEST(trusted.error_text == "");
    BOOST_TEST(contains(trusted.result, R"("status":200)"));
    check_refused(request({server.url()}), "self-signed certificate");  // it was trusted for that request only
}

BOOST_AUTO_TEST_CASE(the_configuration_can_name_authorities_for_all) {
    const TlsServer server(certificate);
    BOOST_REQUIRE(configure({{"ca_file", certificate.file()}}).outcome == FOLIOT_OK);
    BOOST_TEST(request({server.url()}).error_text == "");
}

BOOST_AUTO_TEST_CASE(another_authority_is_none) {
    const Certificate other;
    const TlsServer server(certificate);
    check_refused(request({server.url()}, {{"ca_file", other.file()}}), "ca_file can name the authorities to trust");
}

BOOST_AUTO_TEST_CASE(the_name_must_be_in_the_certificate) {
    Names::set("good.test", {"127.0.0.1"});
    Names::set("other.test", {"127.0.0.1"});
    const TlsServer server(certificate);
    BOOST_TEST(request({server.url("good.test")}, {{"ca_file", certificate.file()}}).error_text == "");
    check_refused(request({server.url("other.test")}, {{"ca_file", certificate.file()}}), "other.test");
}

BOOST_AUTO_TEST_CASE(the_check_can_be_turned_off_only_where_the_configuration_lets_it) {
    const TlsServer server(certificate);
    BOOST_TEST(request({server.url()}, {{"verify_tls", false}}).error_code == "bad_arguments");
    BOOST_REQUIRE(configure({{"allow_insecure_tls", true}}).outcome == FOLIOT_OK);
    BOOST_TEST(request({server.url()}, {{"verify_tls", false}}).error_text == "");
    check_refused(request({server.url()}), "self-signed certificate");
}

BOOST_AUTO_TEST_CASE(old_versions_are_refused) {
    const TlsServer server(certificate, {"-tls1_1", "-cipher", "ALL:@SECLEVEL=0"});
    check_refused(request({server.url()}, {{"ca_file", certificate.file()}}), "");
}

BOOST_AUTO_TEST_CASE(a_handshake_that_breaks_is_a_failure_that_is_retried) {
    for (const std::string& bytes : {std::string(), std::string("HTTP/1.1 400 Bad Request\r\n\r\n"),
                                     std::string("\x15\x03\x03\x00\x02\x02\x28", 7), std::string(100'000, '\x16')}) {
        WebServer server([&](WebConnection& connection, WebServer&) { connection.send(bytes); });
        check_refused(post({"https://127.0.0.1:" + std::to_string(server.port()) + "/"}, {{"timeout", 20}}),
                      " failed: ");
    }
}

BOOST_AUTO_TEST_SUITE_END()
