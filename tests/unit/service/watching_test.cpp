// The ring of changes, and what those who read it get to see.
#include "service/watching.hpp"

#include "unit/service/setup.hpp"

#include <boost/test/unit_test.hpp>
#include <poll.h>

#include <algorithm>
#include <set>
#include <thread>

using namespace foliot;
using namespace foliot::service;
using foliot::testing::refused;
using foliot::testing::Setup;

namespace {

store::Event touched(std::int64_t ref, bool job = false) {
    return {job ? store::Event::Kind::job_touched : store::Event::Kind::run_touched, ref};
}

/// "e1 j2": kinds and what they are of.
std::string text_of(const std::optional<std::vector<Change>>& changes) {
    if (!changes) return "lost";
    std::string text;
    for (const Change& change : *changes) {
        if (!text.empty()) text += ' ';
        text += (change.kind == Change::Kind::job ? "j" : "e") + std::to_string(change.ref);
    }
    return text;
}

bool has_news(const Changes::Reader& reader) {
    pollfd entry{reader.news(), POLLIN, 0};
    return ::poll(&entry, 1, 0) == 1;
}

struct Watched : Setup {
    Changes changes;
    Watching watching{*store, changes};

    Watched() {
        store->subscribe([this](const store::Event& event) { changes.note(event); });
    }
    /// "execution a scheduled", "job a", "gone a".
    static std::vector<std::string> see(Watcher& watcher) {
        std::vector<std::string> seen;
        const auto sights = watcher.next();
        if (!sights) return {"reset"};
        for (const Sight& sight : *sights) {
            if (sight.run)
                seen.push_back("execution " + sight.run->job_id + " " + std::string(wire_name(sight.run->state)));
            if (sight.job) seen.push_back("job " + sight.job->state.id);
            if (sight.gone_job) seen.push_back("gone " + *sight.gone_job);
            if (sight.module) seen.push_back("module " + sight.module->name + " " + sight.module->status);
        }
        return seen;
    }
};

using Seen = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(the_changes)

BOOST_AUTO_TEST_CASE(a_reader_gets_what_comes_after_it_came_and_of_each_thing_the_last) {
    Changes changes;
    changes.note(touched(1));
    Changes::Reader reader(changes, std::nullopt);
    BOOST_TEST(!has_news(reader));
    BOOST_TEST(text_of(reader.take()).empty());
    for (const std::int64_t ref : {2, 3, 2}) changes.note(touched(ref));
    changes.note(touched(2, true));
    changes.note({store::Event::Kind::engine_state, 9});
    BOOST_TEST(has_news(reader));
    BOOST_TEST(text_of(reader.take()) == "e3 e2 j2");
    BOOST_TEST(!has_news(reader));
    BOOST_TEST(reader.position() == 5U);
}

BOOST_AUTO_TEST_CASE(who_comes_back_misses_nothing_while_the_ring_has_it) {
    Changes changes(8);
    for (std::int64_t ref = 1; ref <= 8; ++ref) changes.note(touched(ref));
    const auto from = [&](const std::string& id) {
        Changes::Reader reader(changes, id);
        return text_of(reader.take());
    };
    BOOST_TEST(from(changes.id_of(6)) == "e7 e8");
    BOOST_TEST(from(changes.id_of(8)).empty());
    BOOST_TEST(from(changes.id_of(0)) == "e1 e2 e3 e4 e5 e6 e7 e8");
    changes.note(touched(9));
    BOOST_TEST(from(changes.id_of(0)) == "lost");
    BOOST_TEST(from(changes.id_of(1)) == "e2 e3 e4 e5 e6 e7 e8 e9");
    for (const std::string& odd :
         {changes.id_of(10), std::string("0123456789abcdef-3"), std::string(), std::string("x"), changes.id_of(3) + "x",
          changes.id_of(3) + "99999999999999999999"}) {
        BOOST_TEST(from(odd) == "lost", odd);
    }
    BOOST_TEST(Changes().id_of(1) != changes.id_of(1));
}

BOOST_AUTO_TEST_CASE(a_slow_reader_is_told_once_that_it_missed_something_and_goes_on) {
    Changes changes(4);
    Changes::Reader reader(changes, std::nullopt);
    for (std::int64_t ref = 1; ref <= 100; ++ref) changes.note(touched(ref));
    BOOST_TEST(text_of(reader.take()) == "lost");
    BOOST_TEST(text_of(reader.take()).empty());
    changes.note(touched(101));
    BOOST_TEST(text_of(reader.take()) == "e101");
}

BOOST_AUTO_TEST_CASE(what_is_much_comes_in_parts) {
    Changes changes;
    for (std::int64_t ref = 1; ref <= 1'000; ++ref) changes.note(touched(ref));
    Changes::Reader reader(changes, changes.id_of(0));
    std::size_t count = 0;
    for (int parts = 1; reader.is_behind(); ++parts) {
        BOOST_REQUIRE(parts < 100);
        count += reader.take().value().size();
    }
    BOOST_TEST(count == 1'000U);
}

BOOST_AUTO_TEST_CASE(many_threads_write_and_read) {
    Changes changes;
    constexpr std::int64_t each = 5'000;
    std::vector<std::thread> threads;
    std::vector<std::set<std::int64_t>> seen(3);
    for (auto& mine : seen) {
        threads.emplace_back([&changes, &mine] {
            Changes::Reader reader(changes, changes.id_of(0));
            while (mine.size() < 2 * each) {
                pollfd entry{reader.news(), POLLIN, 0};
                if (!reader.is_behind()) ::poll(&entry, 1, 10'000);
                const auto taken = reader.take();
                if (!taken) return;
                for (const Change& change : *taken) mine.insert(change.ref);
            }
        });
    }
    for (int writer = 0; writer < 2; ++writer) {
        threads.emplace_back([&changes, writer] {
            for (std::int64_t i = 0; i < each; ++i) changes.note(touched(2 * i + writer));
        });
    }
    for (auto& thread : threads) thread.join();
    for (const auto& mine : seen) BOOST_TEST(mine.size() == 2U * each);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(those_who_watch, Watched)

BOOST_AUTO_TEST_CASE(jobs_and_executions_are_seen_as_they_are_now) {
    const auto watcher = watching.open(as(vera), {});
    BOOST_TEST(see(*watcher) == Seen{}, boost::test_tools::per_element());
    jobs.add(as(olga), hourly("a"));
    jobs.add(as(olga), hourly("b"));
    BOOST_TEST(see(*watcher) == (Seen{"job a", "job b"}), boost::test_tools::per_element());
    const RunId run = jobs.run_now(as(olga), "a");
    executions.stop(as(olga), executions.id_of(run));
    const auto seen = see(*watcher);
    BOOST_TEST(std::count(seen.begin(), seen.end(), "execution a stopped") == 1);
    jobs.remove(as(olga), "b");
    BOOST_TEST(see(*watcher) == Seen{"gone b"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_job_that_took_the_place_of_one_is_not_told_to_be_gone) {
    jobs.add(as(olga), hourly("a"));
    const auto watcher = watching.open(as(vera), {});
    jobs.remove(as(olga), "a");
    jobs.add(as(olga), hourly("a"));
    BOOST_TEST(see(*watcher) == Seen{"job a"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(one_may_ask_for_a_job_or_a_kind_only) {
    const auto of_a = watching.open(as(vera), {.job_id = "a", .kind = {}, .after = {}});
    const auto runs = watching.open(as(vera), {.job_id = {}, .kind = Change::Kind::execution, .after = {}});
    for (const char* id : {"a", "b"}) {
        jobs.add(as(olga), hourly(id));
        jobs.run_now(as(olga), id);
    }
    for (const std::string& one : see(*of_a)) BOOST_TEST(one.find(" a") != std::string::npos, one);
    BOOST_TEST(see(*runs) == (Seen{"execution a scheduled", "execution b scheduled"}),
               boost::test_tools::per_element());
    BOOST_TEST(of_a->position() == runs->position());
}

BOOST_AUTO_TEST_CASE(who_resumes_sees_what_came_meanwhile) {
    std::string position;
    {
        const auto watcher = watching.open(as(vera), {});
        jobs.add(as(olga), hourly("a"));
        see(*watcher);
        position = watcher->position();
    }
    jobs.add(as(olga), hourly("b"));
    const auto watcher = watching.open(as(vera), {.job_id = {}, .kind = {}, .after = position});
    BOOST_TEST(watcher->position() == position);
    BOOST_TEST(see(*watcher) == Seen{"job b"}, boost::test_tools::per_element());
    const auto odd = watching.open(as(vera), {.job_id = {}, .kind = {}, .after = "odd"});
    BOOST_TEST(see(*odd) == Seen{"reset"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(much_comes_in_parts_and_each_part_says_where_it_ends) {
    const auto watcher = watching.open(as(vera), {});
    for (int i = 0; i < 100; ++i) jobs.add(as(olga), hourly("j" + std::to_string(i)));
    const std::size_t first = see(*watcher).size();
    BOOST_TEST((first > 0 && first < 100));
    BOOST_TEST(watcher->has_more());
    const auto resumed = watching.open(as(vera), {.job_id = {}, .kind = {}, .after = watcher->position()});
    std::size_t rest = 0;
    do rest += see(*resumed).size();
    while (resumed->has_more());
    BOOST_TEST(first + rest == 100U);
}

BOOST_AUTO_TEST_CASE(nobody_watches_without_the_power_to_read) {
    BOOST_CHECK_EXCEPTION(watching.open(as(Principal{}), {}), RequestError, refused(Problem::unauthenticated));
}

BOOST_FIXTURE_TEST_CASE(a_module_is_told_of_as_it_is_and_keeps_its_number_and_those_of_one_job_do_not_hear_of_it,
                        Watched) {
    const auto all = watching.open(as(vera), {});
    const auto modules = watching.open(as(vera), {.job_id = {}, .kind = Change::Kind::module, .after = {}});
    const auto one_job = watching.open(as(vera), {.job_id = "job", .kind = {}, .after = {}});
    const auto put = [&](const std::string& status) {
        store->write(store::Store::Class::bulk, [&](store::Tx& tx) {
            tx.put_module({"m", "/m.so", "1:2", "1.0", status, status == "ok" ? "" : "bad", "", 0});
        });
    };
    put("ok");
    BOOST_TEST((see(*all) == std::vector<std::string>{"module m ok"}));
    put("crashed");
    put("ok");
    put("load_error");
    for (Watcher* watcher : {all.get(), modules.get()})
        BOOST_TEST((see(*watcher) == std::vector<std::string>{"module m load_error"}));
    BOOST_TEST(see(*one_job).empty());
}

BOOST_AUTO_TEST_SUITE_END()
