// Lists that are longer than an answer may be: what is left out is the rest, it is told, and pages go on behind it.
#include "world.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

struct Lists : On<Sqlite> {
    /// Runs of the job that ended with a result of so many bytes.
    std::vector<RunId> finished_runs(JobKey key, int count, std::size_t bytes) {
        std::vector<RunId> ids;
        for (int i = 0; i < count; ++i) {
            ids.push_back(run_now(key));
            TurnIn in;
            for (const Assigned& run : turn(1).assigned) {
                in.finished.push_back(ended(run));
                in.finished.back().verdict.result = '"' + std::string(bytes, 'x') + '"';
            }
            turn(in);
            clock.advance(kSecond);
        }
        return ids;
    }
    std::vector<std::size_t> page_sizes(RunFilter filter) {
        std::vector<std::size_t> sizes;
        for (;;) {
            const auto page = store->read()->runs(filter);
            sizes.push_back(page.items.size());
            if (!page.next) return sizes;
            filter.before = page.next;
        }
    }
    std::vector<RunId> pages(RunFilter filter) {
        std::vector<RunId> ids;
        for (;;) {
            const auto page = store->read()->runs(filter);
            for (const RunView& run : page.items) ids.push_back(run.id);
            if (!page.next) return ids;
            filter.before = page.next;
        }
    }
    static RunFilter of(const std::string& id, std::size_t limit = 10'000) {
        RunFilter filter;
        filter.job_id = id;
        filter.limit = limit;
        return filter;
    }
    std::string order(const Page<Job>& page) const {
        std::string ids;
        for (const Job& job : page.items) ids += job.state.id;
        return ids;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(lists, Lists)

BOOST_AUTO_TEST_CASE(a_page_of_runs_ends_at_its_bytes_and_has_one_run_at_least) {
    const JobKey key = put_manual("a");
    finished_runs(key, 5, 10'000);
    RunFilter filter;
    filter.max_bytes = 15'000;
    const std::vector<std::size_t> twos{2, 2, 1};
    BOOST_TEST(page_sizes(filter) == twos, boost::test_tools::per_element());
    filter.job_id = "a";
    BOOST_TEST(page_sizes(filter) == twos, boost::test_tools::per_element());
    filter.max_bytes = 1;
    BOOST_TEST(page_sizes(filter).size() == 5U);
    filter.max_bytes = 1'000'000;
    BOOST_TEST(page_sizes(filter).size() == 1U);
}

BOOST_AUTO_TEST_CASE(arguments_count_as_bytes_too) {
    const JobKey key = put_manual("a", [](Definition& def) { def.args = "[\"" + std::string(10'000, 'x') + "\"]"; });
    finished_runs(key, 4, 1);
    RunFilter filter;
    filter.max_bytes = 15'000;
    BOOST_TEST(page_sizes(filter) == (std::vector<std::size_t>{2, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(runs_are_found_by_a_jobs_id_whoever_had_it) {
    std::vector<RunId> mine;
    for (int life = 0; life < 3; ++life) {
        const JobKey key = put_manual("a"), other = put_manual("b" + std::to_string(life));
        for (const RunId run : finished_runs(key, 3, 1)) mine.insert(mine.begin(), run);
        finished_runs(other, 3, 1);
        write([&](Tx& tx) { tx.remove(key); });
    }
    BOOST_TEST(pages(of("a")) == mine, boost::test_tools::per_element());
    for (std::size_t limit = 1; limit < 6; ++limit) {
        BOOST_TEST(pages(of("a", limit)) == mine, boost::test_tools::per_element());
    }
    BOOST_TEST(pages(of("nobody")).empty());
}

BOOST_AUTO_TEST_CASE(runs_of_a_jobs_id_are_cut_by_time_and_state) {
    const JobKey key = put_manual("a");
    const Micros start = clock.now();
    const auto ids = finished_runs(key, 6, 1);
    RunFilter some = of("a", 2);
    some.from = start + 2 * kSecond;
    some.until = start + 4 * kSecond;
    BOOST_TEST(pages(some) == (std::vector{ids[4], ids[3], ids[2]}), boost::test_tools::per_element());
    RunFilter live = of("a", 2);
    live.states = {RunState::ready, RunState::blocked};
    BOOST_TEST(pages(live).empty());
    const RunId waiting = run_now(key);
    BOOST_TEST(pages(live) == (std::vector{waiting}), boost::test_tools::per_element());
    live.states = {RunState::succeeded};
    BOOST_TEST(pages(live).size() == 6U);
    live.states = {RunState::failed, RunState::timeout};
    BOOST_TEST(pages(live).empty());
}

BOOST_AUTO_TEST_CASE(of_too_many_jobs_those_that_fire_next_are_listed) {
    const auto fires_in = [&](const std::string& id, Micros in) {
        Definition def = every_second();
        def.trigger = trigger::Interval{3600 * kSecond, clock.now() + in, {}, 0};
        put(id, def);
    };
    put_manual("z");
    fires_in("c", 3 * kSecond);
    fires_in("a", kSecond);
    put_manual("y");
    fires_in("b", 2 * kSecond);
    const auto list = [&](std::size_t limit) { return store->read()->jobs_by_next_fire(limit, 1'000'000); };
    BOOST_TEST(order(list(5)) == "abcyz");
    BOOST_TEST(!list(5).next);
    BOOST_TEST(order(list(4)) == "abcy");
    BOOST_TEST(list(4).next.has_value());
    BOOST_TEST(order(list(3)) == "abc");
    BOOST_TEST(list(3).next.has_value());
    BOOST_TEST(order(list(2)) == "ab");
    BOOST_TEST(list(2).next.has_value());
}

BOOST_AUTO_TEST_CASE(a_list_of_jobs_ends_at_its_bytes) {
    for (const char* id : {"a", "b", "c"}) {
        put_manual(id, [](Definition& def) { def.args = "[\"" + std::string(10'000, 'x') + "\"]"; });
    }
    const auto page = store->read()->jobs_by_next_fire(10, 15'000);
    BOOST_TEST(order(page) == "ab");
    BOOST_TEST(page.next.has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(who_saved_a_job_as_it_is_is_told_page_by_page, Backend, Backends) {
    On<Backend> w;
    const auto save = [&](const std::string& id, std::int64_t by) {
        JobWrite write = w.job_write(id, w.every_second());
        write.by = by;
        w.write([&](Tx& tx) { tx.put_job(write, ExpectedRev::any()); });
    };
    save("a", 1);
    save("b", 2);
    save("c", 3);
    save("a", 4);
    w.write([&](Tx& tx) { tx.remove(tx.job("b")->state.key); });
    const auto page = w.store->read()->authors(1, 0);
    BOOST_REQUIRE(page.items.size() == 1U);
    BOOST_TEST(page.items.front().id == "a");
    BOOST_TEST(page.items.front().func == "module:function");
    BOOST_TEST(page.items.front().account == 4);
    const auto rest = w.store->read()->authors(5, page.next.value());
    BOOST_REQUIRE(rest.items.size() == 1U);
    BOOST_TEST(rest.items.front().account == 3);
    BOOST_TEST(!rest.next.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
