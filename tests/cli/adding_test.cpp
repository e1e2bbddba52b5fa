// `foliot jobs add`: when a job shall fire, and what is said of it then.
#include "cli/document.hpp"
#include "cli/served.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace foliot;
using namespace foliot::testing;

namespace {

struct Adding {
    Served& on = shared_server();
    ~Adding() { on.foliot({"jobs", "remove", "x"}); }

    cli::ChildReport add(std::vector<std::string> more, const std::vector<std::string>& environment = {}) const {
        more.insert(more.begin(), {"jobs", "add", "x", "sample:hello"});
        return on.foliot(more, environment);
    }
    std::string added(const std::vector<std::string>& more, const std::vector<std::string>& environment = {}) const {
        const cli::ChildReport report = add(more, environment);
        BOOST_TEST(report.exit.code == cli::kOk, report.err);
        return report.out;
    }
    /// The server needs a moment to see that a job is over, and may be asked before: then again.
    std::string added_until(const std::string& part, const std::vector<std::string>& options) const {
        std::string text;
        BOOST_TEST(wait_until([&] {
                       on.foliot({"jobs", "remove", "x"});
                       return contains(text = added(options), part);
                   }),
                   text);
        return text;
    }
    bool is_there() const { return on.foliot({"jobs", "show", "x"}).exit.code == cli::kOk; }
};

void refused(const cli::ChildReport& report, const std::string& why) {
    BOOST_TEST(report.exit.code == cli::kUsage, report.err);
    BOOST_TEST(contains(report.err, why), report.err);
    BOOST_TEST(report.out == "");
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(adding_jobs, Adding)

BOOST_AUTO_TEST_CASE(what_fires_once_and_now_is_not_paused) {
    for (const std::vector<std::string>& now : {std::vector<std::string>{}, {"--at", "now"}, {"--replace"}}) {
        std::vector<std::string> options = now;
        options.push_back("--paused");
        refused(add(options), "nothing left when it is resumed");
    }
    BOOST_TEST(!is_there());
    const std::string text = added({"--at", "2099-01-01T00:00:00Z", "--paused", "--utc"});
    BOOST_TEST(contains(text, "foliot jobs resume x"), text);
    BOOST_TEST(contains(text, "fires  when resumed: "), text);
    BOOST_TEST(contains(text, "\n       2099-01-01 00:00:00+00:00\n"), text);
    BOOST_TEST(contains(on.said({"jobs", "show", "x"}), "when resumed: "));
    on.said({"jobs", "resume", "x"});
    const std::string changed = added({"--replace", "--paused", "--utc"});
    BOOST_TEST(contains(changed, "changed  x\n"), "one that is there keeps its time");
    BOOST_TEST(contains(changed, "\n         2099-01-01 00:00:00+00:00\n"), changed);
    BOOST_TEST(contains(on.said({"jobs", "list", "--state", "paused"}), "x "));
}

BOOST_AUTO_TEST_CASE(resuming_what_has_no_fire_left_says_what_became_of_it) {
    added({"--at", "+1s", "--paused"});
    BOOST_TEST(wait_until([&] { return contains(on.said({"jobs", "show", "x"}), "never again"); }));
    const auto report = on.foliot({"jobs", "resume", "x"});
    BOOST_TEST(report.exit.code == cli::kFailed);
    BOOST_TEST(report.out.starts_with("ended      x\n"), report.out);
    BOOST_TEST(contains(report.out, "never again\n"), report.out);
    BOOST_TEST(contains(report.out, "was skipped: the job was paused then."), report.out);
    BOOST_TEST(!is_there());
}

BOOST_AUTO_TEST_CASE(a_time_that_is_past_is_refused) {
    refused(add({"--at", "2000-01-01 09:00", "--utc"}),
            "option --at is '2000-01-01 09:00', and that is past: 2000-01-01 09:00:00+00:00; wanted a time to come, or "
            "now");
    refused(add({"--at", "-10m"}), "and that is past: ");
    refused(add({"--at", "2020-03-29 02:30", "--timezone", "Europe/Berlin"}), "and that is past: ");
    BOOST_TEST(!is_there());
}

BOOST_AUTO_TEST_CASE(of_a_job_that_is_over_it_is_told_what_became_of_it) {
    const Reply made = on.server.client().post("/api/v1/schedules", R"({"config": {"timestamp": 1000}})");
    const std::string schedule = cli::text_at(cli::Document(made.body).value(), "id");
    added_until("never again\nlast fire  The job ended at ", {"--schedule", schedule});
}

BOOST_AUTO_TEST_CASE(what_runs_now_is_told_by_the_server) {
    added_until("fires      never again\nlast fire  The run of ", {"--at", "now"});
}

BOOST_AUTO_TEST_CASE(as_json_what_is_over_or_not_yet_is_told_by_its_id) {
    for (int i = 0; i < 10; ++i) {
        const cli::Document told(added({"--at", "now", "--json"}));
        BOOST_TEST(cli::text_at(told.value(), "job_id") == "x", told.text());
        on.foliot({"jobs", "remove", "x"});
    }
}

BOOST_AUTO_TEST_CASE(a_local_time_is_read_as_one_of_a_named_zone) {
    const std::vector<std::string> winter{"--at", "2098-10-26 02:30", "--replace"};
    const std::vector<std::string> summer{"--at", "2098-03-30 02:30", "--replace"};
    for (const char* zone : {"TZ=Europe/Berlin", "TZ=CET-1CEST,M3.5.0,M10.5.0/3"}) {
        std::string text = added(winter, {zone});
        BOOST_TEST(contains(text, "\n       2098-10-26 02:30:00+02:00\n"), text);
        BOOST_TEST(contains(text, "note   2098-10-26 02:30 comes twice: fires the first time\n"), text);
        text = added(summer, {zone});
        BOOST_TEST(contains(text, "\n         2098-03-30 03:00:00+02:00\n"), text);
        BOOST_TEST(contains(text, "note     2098-03-30 02:30 does not exist: fires at 2098-03-30 03:00\n"), text);
        on.said({"jobs", "remove", "x"});
    }
    for (std::vector<std::string> options : {winter, summer}) {
        options.insert(options.end(), {"--timezone", "Europe/Berlin"});
        const std::string text = added(options, {"TZ=Europe/Berlin"});
        BOOST_TEST((contains(text, " 02:30:00+02:00\n") || contains(text, " 03:00:00+02:00\n")), text);
        BOOST_TEST((contains(text, "comes twice") || contains(text, "does not exist")), text);
    }
}

BOOST_AUTO_TEST_CASE(words_that_are_no_utf8_are_refused) {
    refused(on.foliot({"jobs", "add", "\xff\xfe", "sample:hello", "--at", "2099-01-01"}),
            "the word '\\xff\\xfe' is no UTF-8");
    refused(on.foliot({"jobs", "show", "\xff"}), "the word '\\xff' is no UTF-8");
    refused(add({"--at", "2099-01-01", "--tag", "\xc3"}), "option --tag, '\\xc3', is no UTF-8");
    BOOST_TEST(!contains(on.said({"jobs", "list"}), "\xef\xbf\xbd"));
}

BOOST_AUTO_TEST_CASE(arguments_are_given_all_anew) {
    added({"--arg", "name=you", "--every", "1d"});
    added({"--replace", "--args", R"(["all"])"});
    BOOST_TEST(contains(on.said({"jobs", "show", "x"}), R"(sample:hello("all"))"));
    added({"--replace", "--arg", "name=me"});
    BOOST_TEST(contains(on.said({"jobs", "show", "x"}), R"(sample:hello(name="me"))"));
    const auto other = on.foliot({"jobs", "run", "x", "--args", R"(["us"])", "--follow"});
    BOOST_TEST(contains(other.out, "Hello, us!"), other.out << other.err);
}

BOOST_AUTO_TEST_CASE(fields_without_an_option_are_set_by_name) {
    const auto field = [&](const std::string& name) {
        const std::string text = on.said({"jobs", "show", "x", "--json"});
        const json::Value job = json::parse(text);
        const json::Value* found = job.find(name);
        return found == nullptr ? "" : std::string(found->raw);
    };
    added({"--every", "1d", "--set", "overlap=queue", "--set", "misfire_policy=skip", "--set", "priority=7", "--set",
           "jitter=30"});
    BOOST_TEST(contains(on.said({"jobs", "show", "x"}), ", jitter 30,"));
    BOOST_TEST(field("overlap") == R"("queue")");
    BOOST_TEST(field("misfire_policy") == R"("skip")");
    BOOST_TEST(field("priority") == "7");
    added({"--replace", "--set", R"(limits={"memory": 67108864})", "--set", "max_runs=null"});
    BOOST_TEST(field("overlap") == R"("queue")");
    BOOST_TEST(contains(field("limits"), "67108864"), field("limits"));

    for (const auto& [wrong, why] : std::map<std::string, std::string>{
             {"overlap=often", "field 'overlap': must be one of"}, {"urgency=7", "field 'urgency': is unknown"}}) {
        const cli::ChildReport report = add({"--replace", "--set", wrong});
        BOOST_TEST(report.exit.code == cli::kImpossible);
        BOOST_TEST(contains(report.err, why), report.err);
    }
    refused(add({"--replace", "--set", "priority"}), "option --set is 'priority', wanted FIELD=VALUE");
    refused(add({"--replace", "--set", "timeout=5"}), "field 'timeout' is set by option --timeout");
    refused(add({"--replace", "--set", "priority=1", "--set", "priority=2"}), "field 'priority' is given twice");
    BOOST_TEST(field("priority") == "7");
}

BOOST_AUTO_TEST_CASE(fires_within_one_second_are_told_apart) {
    const std::string half = added({"--every", "0.5", "--paused"});
    std::vector<std::string> lines;
    for (std::size_t at = 0, end = 0; (end = half.find('\n', at)) != std::string::npos; at = end + 1)
        lines.push_back(half.substr(at, end - at));
    std::ranges::sort(lines);
    BOOST_TEST((std::ranges::adjacent_find(lines) == lines.end()), half);
    const std::string whole = added({"--replace", "--every", "5m"});
    BOOST_TEST(!contains(whole, "."), whole);
}

BOOST_AUTO_TEST_SUITE_END()
