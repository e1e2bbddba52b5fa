#include "world.hpp"

#include <boost/test/unit_test.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

struct Boom : std::runtime_error {
    using runtime_error::runtime_error;
};

/// Runs all units in one batch, most likely: the first holds the writer until the others have queued up.
std::vector<std::exception_ptr> write_together(Store& store, const std::vector<std::function<void(Tx&)>>& units) {
    std::vector<std::exception_ptr> errors(units.size());
    std::atomic<bool> held{false}, go{false};
    std::thread holder([&] {
        store.write(Store::Class::api, [&](Tx&) {
            held = true;
            held.notify_all();
            go.wait(false);
        });
    });
    held.wait(false);
    std::vector<std::thread> threads;
    std::atomic<std::size_t> started{0};
    for (std::size_t i = 0; i < units.size(); ++i) {
        threads.emplace_back([&, i] {
            ++started;
            try {
                store.write(Store::Class::api, units[i]);
            } catch (...) {
                errors[i] = std::current_exception();
            }
        });
    }
    while (started < units.size()) std::this_thread::yield();
    go = true;
    go.notify_all();
    holder.join();
    for (std::thread& thread : threads) thread.join();
    return errors;
}

bool refused(const std::function<void()>& act, Refused::Why why) {
    try {
        act();
    } catch (const Refused& error) {
        return error.why == why;
    }
    return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(units)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_unit_that_throws_leaves_nothing_and_its_neighbours_alone, Backend, Backends) {
    On<Backend> w;
    std::vector<std::function<void(Tx&)>> units;
    for (int i = 0; i < 40; ++i) {
        units.emplace_back([&w, i](Tx& tx) {
            const std::string id = "job" + std::to_string(i);
            tx.put_job(w.job_write(id, w.every_second()), ExpectedRev::absent());
            tx.audit({.actor = "me", .via = "api", .event = "added", .kind = "job", .ref = id});
            if (i % 2 == 1) throw Boom("no");
        });
    }
    const auto errors = write_together(*w.store, units);
    const auto seen = w.store->read();
    BOOST_TEST(seen->jobs({}).items.size() == 20U);
    BOOST_TEST(seen->audit({}).items.size() == 20U);
    for (int i = 0; i < 40; ++i) {
        const auto& error = errors.at(static_cast<std::size_t>(i));
        BOOST_TEST(seen->job("job" + std::to_string(i)).has_value() == (i % 2 == 0));
        BOOST_TEST((error != nullptr) == (i % 2 == 1));
        if (error) BOOST_CHECK_THROW(std::rethrow_exception(error), Boom);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_unit_that_broke_a_statement_and_swallowed_it_keeps_what_it_did_before, Backend,
                              Backends) {
    On<Backend> w;
    w.write([&](Tx& tx) {
        tx.put_job(w.job_write("a", w.every_second()), ExpectedRev::absent());
        BOOST_CHECK_THROW(tx.put_job(w.job_write("a", w.every_second()), ExpectedRev::absent()), Refused);
    });
    BOOST_TEST(w.store->read()->job("a").has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(put_job_is_refused_for_taken_ids_missing_jobs_and_stale_revisions, Backend, Backends) {
    On<Backend> w;
    w.put("a");
    const auto put = [&](const std::string& id, ExpectedRev expected) {
        return
            [&w, id, expected] { w.write([&](Tx& tx) { tx.put_job(w.job_write(id, w.every_second()), expected); }); };
    };
    BOOST_TEST(refused(put("a", ExpectedRev::absent()), Refused::Why::conflict));
    BOOST_TEST(refused(put("a", ExpectedRev::exact(7)), Refused::Why::stale));
    BOOST_TEST(refused(put("b", ExpectedRev::exact(1)), Refused::Why::missing));
    BOOST_CHECK_NO_THROW(put("a", ExpectedRev::exact(1))());
    BOOST_TEST(w.store->read()->job("a")->state.rev == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_edit_stores_a_new_revision_and_old_runs_keep_theirs, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put_manual("a");
    const RunId before = w.run_now(key);
    Definition def = w.job(key).definition;
    def.args = "[1.0,\"ü\"]";
    BOOST_TEST(w.put("a", def) == key);
    BOOST_TEST(w.job(key).definition.args == "[1.0,\"ü\"]");
    BOOST_TEST(w.run(before).def->args == "[]");
    BOOST_TEST(w.run(before).rev == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_the_server_itself_changes_keeps_its_author, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put("a");
    const std::int64_t author = w.store->read()->authors(1, 0).items.at(0).account;
    BOOST_TEST(author != 0);
    const Definition def = w.job(key).definition;
    w.write([&](Tx& tx) { tx.put_job({.id = "a", .def = def, .arming = {}, .by = 0}, ExpectedRev::any()); });
    BOOST_TEST(w.store->read()->authors(1, 0).items.at(0).account == author);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_a_refused_edit_wrote_is_not_remembered, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put("a");
    Definition def = w.every_second();
    def.description = "never";
    BOOST_CHECK_THROW(w.write([&](Tx& tx) {
        tx.put_job({"a", def, {}, false, 1}, ExpectedRev::any());
        BOOST_TEST(tx.job("a")->definition.description == "never");
        throw Boom("no");
    }),
                      Boom);
    def.description = "this one";
    w.put("a", def);
    BOOST_TEST(w.job(key).definition.description == "this one");
    BOOST_TEST(w.job(key).state.rev == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(events_come_after_the_commit_and_never_from_a_refused_unit, Backend, Backends) {
    On<Backend> w;
    std::vector<std::int64_t> heard;
    bool visible = false;
    w.store->subscribe([&](const Event& event) {
        if (event.kind != Event::Kind::accounts_changed) return;
        heard.push_back(event.ref);
        visible = w.store->read()->job("a").has_value();
    });
    BOOST_CHECK_THROW(w.write([](Tx& tx) {
        tx.after_commit({Event::Kind::accounts_changed, 1});
        throw Boom("no");
    }),
                      Boom);
    BOOST_TEST(heard.empty());
    w.write([&](Tx& tx) {
        tx.after_commit({Event::Kind::accounts_changed, 2});
        BOOST_TEST(heard.empty());
        tx.put_job(w.job_write("a", w.every_second()), ExpectedRev::absent());
    });
    BOOST_TEST(heard == std::vector<std::int64_t>{2}, boost::test_tools::per_element());
    BOOST_TEST(visible);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(reads_see_every_write_that_returned_before_and_none_later, Backend, Backends) {
    On<Backend> w;
    const auto before = w.store->read();
    for (int i = 0; i < 20; ++i) {
        w.put("job" + std::to_string(i));
        BOOST_TEST(w.store->read()->jobs({}).items.size() == static_cast<std::size_t>(i) + 1);
    }
    BOOST_TEST(before->jobs({}).items.empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_snapshot_is_refused_after_a_quarter_of_a_second, Backend, Backends) {
    On<Backend> w;
    const auto snapshot = w.store->read();
    w.clock.advance(250 * kMillisecond);
    BOOST_CHECK_NO_THROW(snapshot->jobs({}));
    w.clock.advance(1);
    BOOST_CHECK_THROW(snapshot->jobs({}), StoreUnavailable);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(many_threads_write_and_read_at_once, Backend, Backends) {
    On<Backend> w;
    std::vector<std::thread> threads;
    std::atomic<int> seen{0};
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 25; ++i) {
                const std::string id = std::to_string(t) + "/" + std::to_string(i);
                w.store->write(i % 5 == 0 ? Store::Class::bulk : Store::Class::api,
                               [&](Tx& tx) { tx.put_job(w.job_write(id, w.every_second()), ExpectedRev::absent()); });
                if (w.store->read()->job(id)) ++seen;
            }
        });
    }
    for (int i = 0; i < 50; ++i) w.turn();
    for (std::thread& thread : threads) thread.join();
    BOOST_TEST(seen == 200);
    BOOST_TEST(w.store->read()->jobs({}).items.size() == 200U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(modules_settings_and_audit_are_read_back, Backend, Backends) {
    On<Backend> w;
    const ModuleRecord record{"m", "/m.so", "1:2", "1.0", "ok", "", "{}", 5};
    w.write([&](Tx& tx) {
        tx.put_module(record);
        tx.put_module({"gone", "", "", "", "", "", "", 0});
        tx.remove_module("gone");
        tx.settings().set("colour", "blue");
        BOOST_TEST(tx.settings().get("colour").value() == "blue");
        for (int i = 0; i < 3; ++i) tx.audit({.actor = "a" + std::to_string(i), .event = "added", .job = JobKey{i}});
    });
    w.reopen();
    const auto seen = w.store->read();
    BOOST_TEST(seen->modules().size() == 1U);
    BOOST_TEST((seen->modules().at(0) == record));
    BOOST_TEST(seen->setting("colour") == "blue");
    BOOST_TEST(seen->setting("schema") == "");
    const auto page = seen->audit({.limit = 2});
    BOOST_TEST(page.items.at(0).actor == "a2");
    BOOST_TEST(page.items.size() == 2U);
    BOOST_TEST(seen->audit({.limit = 2, .before = page.next}).items.at(0).actor == "a0");
    BOOST_TEST(IdGenerator::time_of(page.items.at(0).id) / kSecond == w.clock.now() / kSecond);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(public_ids_stay_the_same_after_a_restart, Backend, Backends) {
    On<Backend> w;
    const std::string before = w.store->public_ids().hex(12345);
    w.reopen();
    BOOST_TEST(w.store->public_ids().hex(12345) == before);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(jobs_come_in_pages_by_key, Backend, Backends) {
    On<Backend> w;
    for (int i = 0; i < 5; ++i) w.put("job" + std::to_string(i));
    std::vector<std::string> ids;
    JobFilter filter{.limit = 2, .after = 0};
    for (int pages = 0; pages < 3; ++pages) {
        const auto page = w.store->read()->jobs(filter);
        for (const Job& job : page.items) ids.push_back(job.state.id);
        BOOST_TEST(page.next.has_value() == (pages < 2));
        filter.after = page.next.value_or(0);
    }
    BOOST_TEST(ids == (std::vector<std::string>{"job0", "job1", "job2", "job3", "job4"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
