#include "cli/document.hpp"
#include "cli/served.hpp"
#include "support/shell.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace foliot;
using namespace foliot::testing;

namespace {

struct Jobs {
    Served& on = shared_server();
    ~Jobs() {
        for (const char* id : {"greet", "a/b é", "seldom"}) on.foliot({"jobs", "remove", id});
    }
};

void refused(const cli::ChildReport& report, int code, const std::string& why) {
    BOOST_TEST(report.exit.code == code, report.err);
    BOOST_TEST(contains(report.err, why), report.err);
    BOOST_TEST(report.err.starts_with("foliot: "), report.err);
    BOOST_TEST(report.out == "");
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(jobs_of_a_server, Jobs)

BOOST_AUTO_TEST_CASE(a_job_is_added_and_its_next_fires_are_shown) {
    const std::string text = on.said({"jobs", "add", "greet", "sample:hello", "--arg", "name=you", "--cron",
                                      "0 4 * * 1-5", "--timezone", "Europe/Berlin", "--utc"});
    BOOST_TEST(text.starts_with("added  greet\nfires  "), text);
    BOOST_TEST((contains(text, " 03:00:00+00:00") || contains(text, " 02:00:00+00:00")), text);
    BOOST_TEST(std::ranges::count(text, '\n') == 7, text);
    const std::string list = on.said({"jobs", "list", "--func", "sample:hello"});
    BOOST_TEST(contains(list, "greet  sample:hello  active  "), list);
    BOOST_TEST(contains(list, "crontab 0 4 * * 1-5, Europe/Berlin"), list);
    refused(on.foliot({"jobs", "add", "greet", "sample:hello"}), cli::kImpossible, "With --replace it is changed.");
}

BOOST_AUTO_TEST_CASE(all_its_rules_get_to_the_server) {
    on.said({"jobs",      "add",   "a/b é",         "sample:slow", "--kwargs",      R"({"seconds": 1.5})",
             "--every",   "1h30m", "--name",        "N",           "--description", "D",
             "--timeout", "2m",    "--max-retries", "3",           "--tag",         "x",
             "--tag",     "y",     "--paused"});
    const cli::Document job(on.said({"jobs", "show", "a/b é", "--json"}));
    BOOST_TEST(cli::text_at(job.value(), "job_id") == "a/b é");
    BOOST_TEST(cli::text_at(job.value(), "name") == "N");
    BOOST_TEST(cli::text_at(job.value(), "description") == "D");
    BOOST_TEST(cli::text_at(job.value(), "state") == "paused");
    BOOST_TEST(cli::text_at(job.value(), "timeout") == "120");
    BOOST_TEST(cli::text_at(job.value(), "max_retries") == "3");
    BOOST_TEST(cli::text_at(job.value(), "tags") == R"(["x", "y"])");
    BOOST_TEST(cli::text_at(job.value(), "kwargs") == R"({"seconds": 1.5})");
    const std::string text = on.said({"jobs", "show", "a/b é"});
    for (const char* part : {"sample:slow(seconds=1.5)", "every 1 h 30 min", "paused", "x, y", "timeout 120"})
        BOOST_TEST(contains(text, part), text);
}

BOOST_AUTO_TEST_CASE(with_replace_a_job_keeps_what_is_not_given) {
    on.said({"jobs", "add", "greet", "sample:hello", "--arg", "name=you", "--every", "1d", "--replace"});
    BOOST_TEST(on.foliot({"jobs", "add", "greet", "sample:hello"}).exit.code == cli::kImpossible);
    const std::string text = on.said({"jobs", "add", "greet", "sample:hello", "--timeout", "9", "--replace"});
    BOOST_TEST(text.starts_with("changed  greet\n"), text);
    const cli::Document job(on.said({"jobs", "show", "greet", "--json"}));
    BOOST_TEST(cli::text_at(job.value(), "timeout") == "9");
    BOOST_TEST(cli::text_at(job.value(), "kwargs") == R"({"name": "you"})");
    BOOST_TEST(cli::text_at(job.value(), {"trigger", "type"}) == "interval");
}

BOOST_AUTO_TEST_CASE(a_job_is_paused_resumed_and_removed) {
    on.said({"jobs", "add", "seldom", "sample:hello", "--at", "2099-01-01T00:00:00Z"});
    BOOST_TEST(contains(on.said({"jobs", "pause", "seldom"}), "foliot jobs resume seldom"));
    BOOST_TEST(contains(on.said({"jobs", "list", "--state", "paused"}), "seldom"));
    BOOST_TEST(contains(on.said({"jobs", "resume", "seldom", "--utc"}), "2099-01-01 00:00:00+00:00"));
    BOOST_TEST(!contains(on.said({"jobs", "list", "--state", "paused"}), "seldom"));
    on.said({"jobs", "remove", "seldom"});
    refused(on.foliot({"jobs", "show", "seldom"}), cli::kImpossible, "Job not found: seldom");
    refused(on.foliot({"jobs", "remove", "seldom"}), cli::kImpossible, "seldom");
}

BOOST_AUTO_TEST_CASE(times_are_local_unless_utc_is_asked_for) {
    const std::vector<std::string> zone{"TZ=Asia/Tokyo"};
    BOOST_TEST(on.foliot({"jobs", "add", "seldom", "sample:hello", "--at", "2099-01-01 09:00"}, zone).exit.code == 0);
    BOOST_TEST(contains(on.foliot({"jobs", "list"}, zone).out, "2099-01-01 09:00:00+09:00"));
    BOOST_TEST(contains(on.foliot({"jobs", "list", "--utc"}, zone).out, "2099-01-01 00:00:00+00:00"));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_job_is_said_with_its_field) {
    const auto add = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"jobs", "add", "greet"});
        return on.foliot(more);
    };
    refused(add({"sample:hello", "--cron", "99 * * * *"}), cli::kImpossible,
            "foliot: option --cron: at character 1, field 'minute': '99' is above 59");
    refused(add({"sample:nothing"}), cli::kImpossible, "FUNC: cannot resolve 'sample:nothing'");
    refused(add({"sample:slow", "--kwargs", R"({"seconds": "x"})"}), cli::kImpossible, "seconds");
    refused(add({"sample:hello", "--every", "1h", "--timezone", "Mars/Base"}), cli::kImpossible, "timezone");
    refused(add({"sample:hello", "--arg", "nmae=x"}), cli::kUsage, "has no argument 'nmae'; it has: name");
    refused(add({"sample:hello", "--arg", "name"}), cli::kUsage, "wanted NAME=VALUE");
    refused(add({"sample:hello", "--args", "{}"}), cli::kUsage, "--args is no JSON array");
    refused(add({"sample:hello", "--kwargs", "{"}), cli::kUsage, "--kwargs is no JSON: ");
    refused(add({"sample:hello", "--every", "soon"}), cli::kUsage, "option --every is 'soon'");
    refused(add({"sample:hello", "--at", "soon"}), cli::kUsage, "option --at is 'soon'");
    refused(add({"sample:hello", "--at", "now", "--every", "5m"}), cli::kUsage, "exclude each other");
    refused(add({"sample:hello", "--timezone", "UTC"}), cli::kUsage, "--timezone goes with");
    BOOST_TEST(on.foliot({"jobs", "show", "greet"}).exit.code == cli::kImpossible, "none of them was added");
}

BOOST_AUTO_TEST_CASE(arguments_may_come_from_a_file_so_that_nobody_sees_them) {
    TempDir dir;
    write_text(dir / "secret.json", R"({"name": "nobody sees"})");
    on.said(
        {"jobs", "add", "greet", "sample:hello", "--kwargs", "@" + (dir / "secret.json").string(), "--every", "1d"});
    BOOST_TEST(contains(on.said({"jobs", "show", "greet"}), R"(sample:hello(name="nobody sees"))"));
}

BOOST_AUTO_TEST_CASE(lists_go_on_to_their_end_or_their_limit) {
    for (int i = 0; i < 3; ++i)
        on.said({"jobs", "add", "many" + std::to_string(i), "sample:hello", "--every", "1d", "--tag", "many"});
    BOOST_TEST(std::ranges::count(on.said({"jobs", "list", "--tag", "many"}), '\n') == 4);
    const auto two = on.foliot({"jobs", "list", "--tag", "many", "--limit", "2", "--json"});
    const cli::Document list(two.out);
    BOOST_TEST(cli::items_at(list.value(), "jobs").size() == 2U);
    BOOST_TEST(cli::text_at(list.value(), "truncated") == "true");
    BOOST_TEST(contains(two.err, "more jobs than --limit"));
    for (int i = 0; i < 3; ++i) on.said({"jobs", "remove", "many" + std::to_string(i)});
}

BOOST_AUTO_TEST_CASE(a_limited_list_has_those_that_run_next) {
    const std::vector<std::pair<std::string, std::string>> jobs{{"late", "3d"}, {"soon", "1d"}, {"between", "2d"}};
    for (const auto& [id, every] : jobs)
        on.said({"jobs", "add", id, "sample:hello", "--every", every, "--tag", "order"});
    on.said({"jobs", "add", "never", "sample:hello", "--every", "1h", "--tag", "order", "--paused"});
    const auto list = on.foliot({"jobs", "list", "--tag", "order", "--limit", "2"});
    BOOST_TEST(std::ranges::count(list.out, '\n') == 3, list.out);
    BOOST_TEST((list.out.find("\nsoon ") < list.out.find("\nbetween ")), list.out);
    BOOST_TEST(!contains(list.out, "late"), list.out);
    BOOST_TEST(contains(list.err, "more jobs than --limit"));
    const cli::Document one(on.said({"jobs", "list", "--tag", "order", "--limit", "1", "--json"}));
    BOOST_TEST(cli::text_at(cli::items_at(one.value(), "jobs").at(0), "job_id") == "soon");
    const cli::Document all(on.said({"jobs", "list", "--tag", "order", "--json"}));
    BOOST_TEST(cli::items_at(all.value(), "jobs").size() == 4U);
    BOOST_TEST(cli::text_at(cli::items_at(all.value(), "jobs").at(3), "job_id") == "never");
    BOOST_TEST(cli::text_at(all.value(), "truncated") == "");
    for (const auto& [id, every] : jobs) on.said({"jobs", "remove", id});
    on.said({"jobs", "remove", "never"});
}

BOOST_AUTO_TEST_CASE(a_filter_that_is_empty_or_given_twice_over_is_refused) {
    refused(on.foliot({"jobs", "list", "--state", ""}), cli::kUsage, "option --state is empty");
    refused(on.foliot({"executions", "list", "--job", ""}), cli::kUsage, "option --job is empty");
    refused(on.foliot({"executions", "list", "--bad", "--state", "succeeded"}), cli::kUsage, "give one of them");
    refused(on.foliot({"executions", "log", "x", "--stream", ""}), cli::kUsage, "option --stream is empty");
}

BOOST_AUTO_TEST_SUITE_END()
