// Failed executions of http:post jobs: trying all of them again, and pushing what came about as metrics.
#include "service/failed_posts.hpp"

#include "service/metrics_push.hpp"
#include "unit/service/hooked.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;

namespace {

using Ids = std::vector<RunId>;

struct Failed : Hooked {
    service::FailedPosts failed{*store, jobs};
    service::MetricsPush metrics{*store, vault, {.url = "http://metrics/", .user = "me", .password = "hush"}};

    static service::NewJob jobs_of_post(const std::string& id) {
        auto post = hourly(id, "http:post");
        post.fields.kwargs = R"({"endpoint":"http://example.org/"})";
        return post;
    }
    Failed() {
        jobs.add(as(olga), jobs_of_post("post"));
        jobs.add(as(olga), hourly("other"));
    }
    std::vector<RunId> ids() {
        std::vector<RunId> list;
        for (const auto& run : failed.list(as(vera), {}).items) list.push_back(run.id);
        return list;
    }
    std::string pushed() {
        store::RunFilter filter;
        filter.job_id = "metrics-push";
        filter.limit = 1;
        const auto runs = store->read()->runs(filter).items;
        return runs.empty() ? "" : runs.front().kwargs.value();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(failed_posts, Failed)

BOOST_AUTO_TEST_CASE(all_are_tried_again_once) {
    const RunId first = end("post", RunState::failed), second = end("post", RunState::timeout);
    end("other", RunState::failed);
    end("post", RunState::succeeded);
    BOOST_TEST((ids() == std::vector<RunId>{second, first}));
    BOOST_TEST(failed.list(as(vera), {}).count == 2);
    BOOST_TEST((failed.get(as(vera), executions.id_of(first)).id == first));
    BOOST_CHECK_EXCEPTION(failed.requeue_all(as(vera)), RequestError, refused(Problem::forbidden));
    failed.requeue_all(as(olga));
    BOOST_TEST(ids().empty());
    BOOST_CHECK_EXCEPTION(failed.get(as(vera), executions.id_of(first)), RequestError, refused(Problem::not_found));
    std::vector<RunId> parents;
    for (const auto& run : runs()) {
        if (run.parent) parents.push_back(*run.parent);
    }
    BOOST_TEST((parents == std::vector<RunId>{first, second}));  // the newest first: the oldest was queued last
    failed.requeue_all(as(olga));
    BOOST_TEST(ids().empty());
}

/// With arguments of its own a privileged one is for Admins.
BOOST_AUTO_TEST_CASE(one_that_is_refused_does_not_stop_the_others) {
    service::Jobs guarded{*store, functions, vault, {.defaults = {}, .privileged = {.names = {"http"}}}};
    service::FailedPosts privileged{*store, guarded};
    Ids refused_ones;
    for (int i = 0; i < 60; ++i) {
        if (i % 13 != 0) {
            end("post", RunState::failed);
            continue;
        }
        const service::ManualArguments own{.args = {}, .kwargs = R"({"endpoint":"http://example.org/own"})"};
        refused_ones.insert(refused_ones.begin(), end("post", RunState::failed, "null", own));
    }
    privileged.requeue_all(as(olga));
    BOOST_TEST((ids() == refused_ones));
    privileged.requeue_all(as(root));
    BOOST_TEST(ids().empty());
}

BOOST_AUTO_TEST_CASE(a_job_without_room_is_left_and_others_are_tried) {
    jobs.add(as(root), jobs_of_post("busy"));
    const RunId first = end("busy", RunState::failed);
    end("post", RunState::failed);
    const RunId second = end("busy", RunState::failed), third = end("busy", RunState::failed);
    store->write(store::Store::Class::api, [&](store::Tx& tx) {
        const auto key = tx.job("busy")->state.key;
        for (int i = 0; i < 999; ++i) tx.run_now(key, {});
    });
    failed.requeue_all(as(olga));
    BOOST_TEST((ids() == Ids{second, first}));
    BOOST_TEST(failed.list(as(vera), {}).count == 2);
    BOOST_TEST((third != second));
}

BOOST_AUTO_TEST_CASE(metrics_tell_answers_lost_connections_and_what_was_never_tried_apart) {
    const auto later = [&](const std::string& reason, const std::string& error) {
        Verdict verdict;
        verdict.reason = reason;
        verdict.error = error;
        end("post", verdict);
    };
    clock.advance(kSecond);
    end("post", RunState::failed, R"({"status":503,"body":""})");
    later("permanent", "POST http://example.org/ is refused: it answered 404 once");
    later("bad_arguments", "argument 'endpoint' is no URL");
    end("post", RunState::error);
    end("post", RunState::failed, R"({"status":404,"body":""})");
    end("post", RunState::failed, R"({"status":null,"error":"connect"})");
    end("post", RunState::failed, R"({"status":null,"error":"timeout"})");
    metrics.push(as(olga));
    const auto sum = [&](const std::string& name) {
        return part(pushed(), {"body", "scheduler.deliver_task." + name + ".sum"});
    };
    BOOST_TEST(sum("http_error.503") == "1.0");
    BOOST_TEST(sum("http_error.404") == "1.0");
    BOOST_TEST(sum("connection_error") == "1.0");
    BOOST_TEST(sum("timeout") == "1.0");
}

BOOST_AUTO_TEST_CASE(metrics_are_pushed_by_a_job_and_count_from_the_last_push_on) {
    clock.advance(kSecond);
    end("post", RunState::timeout);
    end("post", RunState::failed, R"({"status":null,"error":"connect"})");
    metrics.push(as(olga));
    BOOST_TEST(jobs.get(as(olga), "metrics-push").definition.func.text() == "http:request");
    BOOST_TEST(part(pushed(), {"url"}) == "http://metrics/");
    BOOST_TEST(part(pushed(), {"method"}) == "POST");
    BOOST_TEST(part(pushed(), {"body", "scheduler.deliver_task.timeout.sum"}) == "1.0");
    BOOST_TEST(part(pushed(), {"body", "scheduler.deliver_task.connection_error.sum"}) == "1.0");
    BOOST_TEST(part(pushed(), {"body", "scheduler.deliver_task.http_error.500.sum"}) == "0.0");
    BOOST_TEST(part(pushed(), {"body", "schedules.created.sum"}) == "1.0");
    BOOST_TEST(vault.open(part(pushed(), {"secret_headers"})) == R"({"Authorization":"Basic bWU6aHVzaA=="})");
    clock.advance(kSecond);
    metrics.push(as(olga));
    BOOST_TEST(part(pushed(), {"body", "scheduler.deliver_task.timeout.sum"}) == "0.0");
    BOOST_CHECK_EXCEPTION(metrics.push(as(vera)), RequestError, refused(Problem::forbidden));
}

BOOST_AUTO_TEST_CASE(without_an_address_nothing_is_pushed) {
    service::MetricsPush none{*store, vault, {}};
    none.push(as(olga));
    BOOST_CHECK_THROW(jobs.get(as(olga), "metrics-push"), RequestError);
}

BOOST_AUTO_TEST_SUITE_END()
