// Failed executions of http:post jobs: trying all of them again, and pushing what came about as metrics.
#include "service/failed_posts.hpp"

#include "service/metrics_push.hpp"
#include "unit/service/hooked.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;

namespace {

struct Failed : Hooked {
    service::FailedPosts failed{*store, jobs};
    service::MetricsPush metrics{*store, vault, {.url = "http://metrics/", .user = "me", .password = "hush"}};

    Failed() {
        auto post = hourly("post", "http:post");
        post.fields.kwargs = R"({"endpoint":"http://example.org/"})";
        jobs.add(as(olga), post);
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

BOOST_AUTO_TEST_CASE(metrics_are_pushed_by_a_job_and_count_from_the_last_push_on) {
    clock.advance(kSecond);
    end("post", RunState::timeout);
    end("post", RunState::failed);
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
