#include "cli/server.hpp"

#include "cli/served.hpp"
#include "support/certificate.hpp"
#include "support/listener.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

using namespace foliot;
using namespace foliot::testing;

namespace {

struct Asked {
    Served& on = shared_server();

    /// Without the data folder: told by the environment, or options, alone.
    static cli::ChildReport bare(const std::vector<std::string>& words, const std::vector<std::string>& environment) {
        return cli::run_child(foliot_program(), words, kPatience, {environment, -1});
    }
    std::vector<std::string> environment(const std::string& token) const {
        return {"FOLIOT_URL=" + on.url() + "/", "FOLIOT_TOKEN=" + token};
    }
    static void refused(const cli::ChildReport& report, int code, const std::string& why) {
        BOOST_TEST(report.exit.code == code);
        BOOST_TEST(contains(report.err, why), report.err);
        BOOST_TEST(report.out == "");
    }
};

/// Answers each request with these bytes.
struct Fake : Listener {
    Fake(const TempDir& dir, const std::string& answer)
        : Listener("/usr/bin/socat", {"-d", "-d", "TCP-LISTEN:0,bind=127.0.0.1,fork", program(dir, answer)},
                   "listening on AF=2 127.0.0.1:") {}
    static std::string program(const TempDir& dir, const std::string& answer) {
        write_text(dir / "answer", answer);
        write_text(dir / "program", "while read line && [ ${#line} -gt 1 ]; do true; done\nexec cat " +
                                        (dir / "answer").string() + "\n");
        return "EXEC:/bin/sh " + (dir / "program").string();
    }
    std::vector<std::string> environment() const {
        return {"FOLIOT_URL=http://127.0.0.1:" + std::to_string(port()), "FOLIOT_TOKEN=x"};
    }
};

std::string ok(const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(which_server_and_by_whose_right, Asked)

BOOST_AUTO_TEST_CASE(the_environment_names_server_and_token) {
    const auto report = bare({"status"}, environment(on.server.token()));
    BOOST_TEST(report.exit.code == 0, report.err);
    BOOST_TEST(contains(report.out, "admin, role admin, scope admin"), report.out);
}

BOOST_AUTO_TEST_CASE(options_win_over_the_environment_and_may_stand_before_the_command) {
    TempDir dir;
    write_text(dir / "token", on.server.token() + "\n");
    const std::vector<std::string> wrong{"FOLIOT_URL=http://127.0.0.1:1", "FOLIOT_TOKEN=wrong"};
    const std::vector<std::string> right{"--url", on.url(), "--token-file=" + (dir / "token").string()};
    std::vector<std::string> before = right, after{"jobs", "list"};
    before.insert(before.end(), {"jobs", "list"});
    after.insert(after.end(), right.begin(), right.end());
    BOOST_TEST(bare(before, wrong).exit.code == 0);
    BOOST_TEST(bare(after, wrong).exit.code == 0);
}

BOOST_AUTO_TEST_CASE(a_data_folder_wins_over_the_environment) {
    BOOST_TEST(on.foliot({"jobs", "list"}, {"FOLIOT_URL=http://127.0.0.1:1", "FOLIOT_TOKEN=wrong"}).exit.code == 0);
}

BOOST_AUTO_TEST_CASE(a_wrong_token_is_named_by_where_it_came_from) {
    refused(bare({"jobs", "list"}, environment("wrong")), cli::kImpossible, "the token is that of FOLIOT_TOKEN");
    refused(bare({"jobs", "list"}, {"FOLIOT_URL=http://localhost:" + std::to_string(on.server.port())}),
            cli::kImpossible, "give a token by FOLIOT_TOKEN");
    TempDir dir;
    write_text(dir / "token", "two words\n");
    refused(on.foliot({"jobs", "list", "--token-file", (dir / "token").string()}), cli::kImpossible, "holds no token");
    refused(on.foliot({"jobs", "list", "--token-file", (dir / "none").string()}), cli::kImpossible, "No such file");
}

BOOST_AUTO_TEST_CASE(the_token_of_this_machines_server_goes_to_no_other) {
    const auto report = on.foliot({"jobs", "list", "--url", "http://localhost:" + std::to_string(on.server.port())});
    refused(report, cli::kImpossible, "give a token by FOLIOT_TOKEN");
    BOOST_TEST(on.foliot({"jobs", "list", "--url", on.url()}).exit.code == 0, "that is the server itself");
}

BOOST_AUTO_TEST_CASE(a_server_that_is_gone_is_told_with_what_to_do) {
    refused(bare({"jobs", "list"}, {"FOLIOT_URL=http://127.0.0.1:1", "FOLIOT_TOKEN=x"}), cli::kImpossible,
            "http://127.0.0.1:1 does not answer: ");
    TempDir empty;
    const auto report = bare({"jobs", "list", "--data-dir", empty.path().string()}, {});
    refused(report, cli::kImpossible, "no server of this machine is to be found");
    BOOST_TEST(contains(report.err, "http.address"), report.err);
    refused(bare({"jobs", "list", "--url", "127.0.0.1:8888"}, {}), cli::kUsage, "wanted an address as in http://");
}

BOOST_AUTO_TEST_CASE(what_is_no_foliot_server_is_said_to_be_none) {
    refused(bare({"status"}, {"FOLIOT_URL=" + on.url() + "/livez", "FOLIOT_TOKEN=" + on.server.token()}),
            cli::kImpossible, "is that a Foliot server?");
}

BOOST_AUTO_TEST_CASE(a_proxy_without_its_server_is_told_as_one) {
    const TempDir dir;
    const Fake proxy(dir, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
    refused(bare({"jobs", "list"}, proxy.environment()), cli::kImpossible,
            "the server behind that proxy does not answer");
}

BOOST_AUTO_TEST_CASE(what_answers_but_is_no_foliot_server_is_not_taken_for_one_without_jobs) {
    for (const std::string body : {"{}", "", "[]", "<html>", R"({"jobs": [], "next_cursor": "x"})"}) {
        const TempDir dir;
        const Fake fake(dir, ok(body));
        refused(bare({"jobs", "list"}, fake.environment()), cli::kImpossible, "is that a Foliot server?");
    }
}

BOOST_AUTO_TEST_CASE(what_a_server_says_does_nothing_to_a_terminal) {
    const TempDir dir;
    const Fake fake(dir, "HTTP/1.1 503 No\r\nRetry-After: \033[2J\r\nContent-Length: 0\r\n\r\n");
    refused(bare({"jobs", "list"}, fake.environment()), cli::kImpossible, "try again in \\x1b[2J s");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_an_address_is_asked_nothing) {
    for (const auto& [url, why] : std::vector<std::pair<std::string, std::string>>{
             {"http://", "No host part"},
             {"http:///", "is no URL: "},
             {"127.0.0.1:8888", "is no URL: "},
             {"ftp://localhost", "has the scheme 'ftp'"},
             {"http://localhost:99999", "is no URL: Port number was not a decimal number between 0 and 65535"},
             {"http://localhost/?a=b", "has a query or a fragment"},
             {"http://localhost/#a", "has a query or a fragment"},
             {"http://ann:s3cret@localhost", "names a user"}}) {
        const auto report = bare({"jobs", "list"}, {"FOLIOT_URL=" + url, "FOLIOT_TOKEN=x"});
        refused(report, cli::kUsage, why);
        BOOST_TEST(!contains(report.err, "s3cret"));
    }
    std::vector<std::string> given = environment(on.server.token());
    given.front() = "FOLIOT_URL=HTTP://LOCALHOST:" + std::to_string(on.server.port());
    BOOST_TEST(bare({"jobs", "list"}, given).exit.code == 0);
}

BOOST_AUTO_TEST_CASE(standard_input_is_had_by_one_option) {
    const std::string job = "\"$0\" jobs add x sample:hello --url " + on.url() + " --token-file - --args -";
    const auto report = cli::run_child(
        "/bin/sh", {"-c", "echo " + on.server.token() + " | " + job, foliot_program().string()}, kPatience);
    refused(report, cli::kUsage, "option --args is to be read from standard input, as --token-file is");
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_read_are_named) {
    refused(on.foliot({"jobs", "list", "--token-file", "/tmp"}), cli::kImpossible, "no token in /tmp: Is a directory");
    refused(on.foliot({"jobs", "add", "x", "sample:hello", "--args", "@/tmp"}), cli::kImpossible,
            "option --args: file '/tmp': Is a directory");
}

BOOST_AUTO_TEST_CASE(who_may_not_is_told_what_it_takes) {
    std::string token = on.said({"token", "create", "runs", "--scope", "run"});
    token.pop_back();
    refused(bare({"jobs", "add", "x", "sample:hello", "--every", "1d"}, environment(token)), cli::kImpossible,
            "they have role admin and scope run, it takes at least role operator and scope write");
    BOOST_TEST(contains(bare({"doctor"}, environment(token)).out, "may run, stop and pause, and change nothing else"));
}

BOOST_AUTO_TEST_CASE(over_https_the_certificate_must_be_trusted_and_name_the_host) {
    const Certificate certificate;
    const Certificate other;
    const Listener proxy(
        "/usr/bin/socat",
        {"-d", "-d",
         "OPENSSL-LISTEN:0,bind=127.0.0.1,fork,verify=0,cert=" + certificate.file() + ",key=" + certificate.key(),
         "TCP:127.0.0.1:" + std::to_string(on.server.port())},
        "listening on AF=2 127.0.0.1:");
    const auto asked = [&](const std::string& host, const std::vector<std::string>& more) {
        std::vector<std::string> given{"FOLIOT_URL=https://" + host + ":" + std::to_string(proxy.port()),
                                       "FOLIOT_TOKEN=" + on.server.token()};
        given.insert(given.end(), more.begin(), more.end());
        return bare({"jobs", "list"}, given);
    };
    refused(asked("127.0.0.1", {}), cli::kImpossible, "SSL_CERT_FILE");
    refused(asked("127.0.0.1", {"SSL_CERT_FILE=" + other.file()}), cli::kImpossible, "SSL_CERT_FILE");
    refused(asked("127.0.0.1", {"SSL_CERT_FILE=/nowhere"}), cli::kImpossible, "/nowhere");
    refused(asked("localhost", {"SSL_CERT_FILE=" + certificate.file()}), cli::kImpossible,
            "the certificate must be one");
    const auto trusted = asked("127.0.0.1", {"SSL_CERT_FILE=" + certificate.file()});
    BOOST_TEST(trusted.exit.code == 0, trusted.err);
}

BOOST_AUTO_TEST_CASE(a_proxy_of_the_environment_is_asked_but_not_for_this_machine) {
    const std::string proxy = "http_proxy=http://127.0.0.1:1";
    std::vector<std::string> given = environment(on.server.token());
    given.push_back(proxy);
    BOOST_TEST(bare({"jobs", "list"}, given).exit.code == 0);
    given.front() = "FOLIOT_URL=HTTP://LOCALHOST:" + std::to_string(on.server.port());
    BOOST_TEST(bare({"jobs", "list"}, given).exit.code == 0);
    const std::vector<std::string> elsewhere{"FOLIOT_URL=http://foliot.invalid", "FOLIOT_TOKEN=x", proxy};
    refused(bare({"jobs", "list"}, elsewhere), cli::kImpossible, "127.0.0.1 port 1");
}

BOOST_AUTO_TEST_CASE(the_data_folder_stands_in_the_configuration_or_a_drop_in) {
    TempDir dir;
    const auto file = dir / "foliotd.properties";
    BOOST_TEST(!cli::configured_data_dir(file));
    write_text(file, "# data_dir = /wrong\nhttp.port = 1\n");
    BOOST_TEST(!cli::configured_data_dir(file));
    write_text(file, "data_dir = /first\n");
    BOOST_TEST(*cli::configured_data_dir(file) == "/first");
    write_text(dir / "foliotd.properties.d/20-b.properties", "data_dir=/third\n");
    write_text(dir / "foliotd.properties.d/10-a.properties", "data_dir=/second\n");
    write_text(dir / "foliotd.properties.d/30-c.txt", "data_dir=/not/taken\n");
    BOOST_TEST(*cli::configured_data_dir(file) == "/third");
}

BOOST_AUTO_TEST_CASE(this_machine_is_known_by_its_names) {
    for (const char* url : {"http://localhost:1", "https://127.0.0.1/x", "http://[::1]:8888", "http://127.8.9.1:1"})
        BOOST_TEST(cli::is_loopback(url), url);
    for (const char* url :
         {"http://127.example.org", "http://localhost.example.org", "http://10.0.0.1", "http://[::2]"})
        BOOST_TEST(!cli::is_loopback(url), url);
}

BOOST_AUTO_TEST_CASE(a_token_is_made_listed_and_revoked) {
    const auto made = on.foliot({"token", "create", "ci", "--scope", "read", "--expires", "90d"});
    BOOST_TEST(made.exit.code == 0, made.err);
    const std::string token = made.out.substr(0, made.out.size() - 1);
    BOOST_TEST(!contains(made.err, token));
    BOOST_TEST(bare({"jobs", "list"}, environment(token)).exit.code == 0);
    const auto too_little = bare({"jobs", "add", "x", "sample:hello"}, environment(token));
    refused(too_little, cli::kImpossible, "it takes at least role");
    const std::string list = on.said({"token", "list"});
    BOOST_TEST(contains(list, "ci"), list);
    BOOST_TEST(!contains(list, token));
    const std::size_t line = list.rfind('\n', list.find("ci "));
    const std::string id = list.substr(line + 1, list.find(' ', line) - line - 1);
    on.said({"token", "revoke", id});
    BOOST_TEST(bare({"jobs", "list"}, environment(token)).exit.code == cli::kImpossible);
    BOOST_TEST(on.foliot({"token", "revoke", id}).exit.code == cli::kImpossible);
    BOOST_TEST(on.foliot({"token", "create", "x", "--scope", "all"}).exit.code == cli::kImpossible);
}

BOOST_AUTO_TEST_CASE(modules_and_their_functions_are_listed) {
    const std::string list = on.said({"modules"});
    for (const char* part : {"MODULE", "sample", "hello, AwesomeJob", "shell", "ok"}) BOOST_TEST(contains(list, part));
    const std::string functions = on.said({"modules", "--functions"});
    BOOST_TEST(contains(functions, "sample:hello"), functions);
    BOOST_TEST(contains(functions, R"((string name="world"))"), functions);
}

BOOST_AUTO_TEST_CASE(each_command_that_asks_can_say_it_as_one_json_document) {
    on.said({"jobs", "add", "json", "sample:hello", "--at", "2099-01-01T00:00:00Z", "--json"});
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"status"},
                                                                                       {"doctor"},
                                                                                       {"jobs", "list"},
                                                                                       {"jobs", "show", "json"},
                                                                                       {"jobs", "run", "json"},
                                                                                       {"jobs", "pause", "json"},
                                                                                       {"jobs", "resume", "json"},
                                                                                       {"executions", "list"},
                                                                                       {"modules"},
                                                                                       {"modules", "--functions"},
                                                                                       {"token", "list"},
                                                                                       {"jobs", "remove", "json"}}) {
        std::vector<std::string> asked = words;
        asked.emplace_back("--json");
        const std::string text = on.said(asked);
        BOOST_CHECK_NO_THROW(cli::Document{text});
        BOOST_TEST(text.ends_with("}\n"), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
