// https: certificates are checked, by name and by who vouches for them.
#include "base/fd.hpp"
#include "http_module/module_fixture.hpp"
#include "process/spawn.hpp"
#include "sdk/shared_object.hpp"
#include "support/temp_dir.hpp"
#include "support/wait.hpp"

#include <signal.h>

#include <array>
#include <fstream>

namespace {

using namespace foliot::testing;

/// A key and a certificate for 127.0.0.1 and good.test that nobody but itself vouches for.
struct Certificate {
    Certificate() {
        output_of("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test " +
                  std::string("-addext subjectAltName=IP:127.0.0.1,DNS:good.test -keyout ") + key() + " -out " +
                  file() + " 2>&1");
    }
    std::string key() const { return (folder / "key.pem").string(); }
    std::string file() const { return (folder / "certificate.pem").string(); }
    TempDir folder;
};

/// openssl s_server on a free port; answers each GET with a page of its own.
class TlsServer {
  public:
    explicit TlsServer(const Certificate& certificate, const std::vector<std::string>& more = {}) {
        foliot::FdPair out = foliot::make_output_pipe();
        foliot::process::SpawnRequest request;
        request.program = "/usr/bin/openssl";
        request.arguments = {"s_server",        "-accept", "127.0.0.1:0",      "-key",
                             certificate.key(), "-cert",   certificate.file(), "-www"};
        request.arguments.insert(request.arguments.end(), more.begin(), more.end());
        request.environment = {"PATH=/usr/bin:/bin"};
        request.out = out.theirs.get();
        child_ = foliot::process::spawn(request);
        out.theirs.reset();
        std::string said;
        const std::string before = "ACCEPT 127.0.0.1:";
        BOOST_REQUIRE(wait_until([&] {
            std::array<char, 4096> buffer{};
            const auto n = foliot::read_some(out.ours.get(), buffer);
            if (n > 0) said.append(buffer.data(), static_cast<std::size_t>(n));
            const std::size_t at = said.find(before);
            return at != std::string::npos && said.find('\n', at) != std::string::npos;
        }));
        port_ = std::stoi(said.substr(said.find(before) + before.size()));
        out_ = std::move(out.ours);
    }
    ~TlsServer() {
        foliot::process::signal_child(child_, SIGKILL);
        wait_until([&] { return foliot::process::reap(child_).has_value(); });
    }
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;
    std::string url(const std::string& host = "127.0.0.1") const {
        return "https://" + host + ":" + std::to_string(port_) + "/";
    }

  private:
    foliot::process::Child child_;
    foliot::Fd out_;
    int port_ = 0;
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
