// Pages of executions that ended badly: of one function's jobs, those that nothing came after, in both directions.
#include "statement_log.hpp"
#include "store/sqlite/db.hpp"
#include "world.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

const std::vector<RunState> kBad{RunState::failed, RunState::timeout, RunState::error, RunState::missed};

template <class Backend>
struct Failing : On<Backend> {
    JobKey job(const std::string& id, const std::string& function) {
        return World::put_manual(id, [&](Definition& def) { def.func = {"http", function}; });
    }
    RunId end(JobKey job, RunState state, const ManualRun& manual = {}) {
        World::clock.advance(kSecond);
        const RunId run = World::run_now(job, manual);
        World::finish(World::turn().assigned, state);
        return run;
    }
    static std::vector<RunId> ids(const Page<RunView>& page) {
        std::vector<RunId> ids;
        for (const auto& run : page.items) ids.push_back(run.id);
        return ids;
    }
    Page<RunView> page(const RunFilter& filter) { return World::store->read()->runs(filter); }
    std::int64_t count(const RunFilter& filter) { return World::store->read()->count_bad_runs(filter); }
};
using Runs = std::vector<RunId>;

RunFilter failed_tasks() {
    RunFilter filter;
    filter.states = kBad;
    filter.func = "http:post";
    filter.last_attempts = true;
    return filter;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bad_runs)

BOOST_AUTO_TEST_CASE_TEMPLATE(those_of_one_function_that_nothing_came_after, Backend, Backends) {
    Failing<Backend> w;
    const JobKey post = w.job("a", "post"), get = w.job("b", "get"), gone = w.job("c", "post");
    const RunId first = w.end(post, RunState::failed), second = w.end(post, RunState::timeout);
    w.end(get, RunState::failed);
    w.end(post, RunState::succeeded);
    w.end(post, RunState::stopped);
    w.end(gone, RunState::error);
    w.write([&](Tx& tx) { tx.remove(gone); });
    const RunId third = w.end(post, RunState::error);
    BOOST_TEST((w.ids(w.page(failed_tasks())) == Runs{third, second, first}));
    BOOST_TEST(w.count(failed_tasks()) == 3);

    const RunId again = w.end(post, RunState::failed, {.args = {}, .kwargs = {}, .retry_of = first});
    BOOST_TEST((w.ids(w.page(failed_tasks())) == Runs{again, third, second}));
    w.end(post, RunState::succeeded, {.args = {}, .kwargs = {}, .retry_of = second});
    BOOST_TEST((w.ids(w.page(failed_tasks())) == Runs{again, third}));
    BOOST_TEST(w.count(failed_tasks()) == 2);
    RunFilter of_any = failed_tasks();
    of_any.func.reset();
    BOOST_TEST(w.page(of_any).items.size() == 3U);
    BOOST_TEST(w.count(of_any) == 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(pages_go_both_ways_whatever_the_states, Backend, Backends) {
    Failing<Backend> w;
    const JobKey job = w.job("a", "post");
    Runs runs;
    for (int i = 0; i < 9; ++i) runs.push_back(w.end(job, kBad.at(static_cast<std::size_t>(i) % 3)));
    std::reverse(runs.begin(), runs.end());
    for (const bool one_state : {false, true}) {
        RunFilter filter = failed_tasks();
        Runs wanted = runs;
        if (one_state) {
            filter.states = {RunState::failed};
            wanted = {runs[2], runs[5], runs[8]};
        }
        filter.limit = 2;
        Runs seen;
        for (std::optional<std::int64_t> next = INT64_MAX; next; next = w.page(filter).next) {
            filter.before = next;
            for (const RunId run : w.ids(w.page(filter))) seen.push_back(run);
        }
        BOOST_TEST((seen == wanted));
        BOOST_TEST(w.count(filter) == static_cast<std::int64_t>(wanted.size()));
        filter.before.reset();
        filter.after = raw(wanted.back());
        const auto newer = w.page(filter);
        BOOST_TEST((w.ids(newer) == Runs{*(wanted.end() - 3), *(wanted.end() - 2)}));
        BOOST_TEST(newer.next.has_value() == !one_state);
        filter.after = raw(wanted.front());
        BOOST_TEST(w.page(filter).items.empty());
    }
}

namespace {
struct Logged {
    StatementLog log;
};
struct Planned : Logged, Failing<Sqlite> {};
}  // namespace

BOOST_FIXTURE_TEST_CASE(they_come_from_their_index_in_its_order, Planned) {
    RunFilter filter = failed_tasks();
    log.take();
    page(filter);
    filter.after = 1;
    page(filter);
    count(filter);
    store.reset();
    int looked = 0;
    for (const std::string& sql : log.take()) {
        if (sql.find("j.func=?4") == std::string::npos) continue;
        ++looked;
        sqlite::Connection db(dir / "foliot.db", sqlite::Connection::Mode::reader);
        auto query = db.query_text("EXPLAIN QUERY PLAN " + sql);
        std::string plan;
        while (query.next()) plan += query.text(3) + "; ";
        const auto has = [&](const char* words) { return plan.find(words) != std::string::npos; };
        BOOST_TEST(!has("TEMP B-TREE"), plan);
        BOOST_TEST(!has("SCAN"), plan);
        BOOST_TEST(has("SEARCH e USING INDEX exec_bad (state=? AND id>"), plan);
        BOOST_TEST(has("SEARCH j USING INTEGER PRIMARY KEY (rowid=?)"), plan);
        BOOST_TEST(has("SEARCH n USING INDEX exec_job (job_key=? AND nominal=?)"), plan);
    }
    BOOST_TEST(looked == 3);
}

/// Between the first wanted run and the last one; as the store would have written them.
BOOST_FIXTURE_TEST_CASE(a_page_looks_at_so_many_unwanted_ones_and_no_more, Failing<Sqlite>) {
    const JobKey post = job("a", "post"), get = job("b", "get");
    const RunId oldest = end(post, RunState::failed), model = end(get, RunState::failed);
    clock.advance(3600 * kSecond);
    const RunId newest = end(post, RunState::failed);
    store.reset();
    sqlite::Connection(dir / "foliot.db", sqlite::Connection::Mode::writer)
        .query(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<12000)"
            " INSERT INTO "
            "execution(id,job_key,rev,state,nominal,first_nominal,fires,seq,attempt,origin,due,prio,lane,ended)"
            " SELECT id+i,job_key,rev,state,nominal+i,first_nominal+i,fires,seq,attempt,origin,due,prio,lane,ended"
            " FROM execution,n WHERE id=?")
        .bind(model)
        .run();
    reopen();
    RunFilter filter = failed_tasks();  // four states: 5,000 of each
    const auto first = page(filter);
    BOOST_TEST((ids(first) == Runs{newest}));
    BOOST_TEST(count(filter) == 1);
    Runs seen;
    int pages = 1;
    for (auto next = first.next; next; ++pages) {
        filter.before = next;
        const auto more = page(filter);
        for (const RunId run : ids(more)) seen.push_back(run);
        next = more.next;
    }
    BOOST_TEST(pages == 3);
    BOOST_TEST((seen == Runs{oldest}));
    filter.before.reset();
    filter.after = raw(oldest);
    BOOST_TEST(page(filter).items.empty());
    filter.after = page(filter).next.value();
    filter.after = page(filter).next.value();
    BOOST_TEST((ids(page(filter)) == Runs{newest}));
    BOOST_TEST(!page(filter).next.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
