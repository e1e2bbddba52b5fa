// History grows old also while ids are ahead of the clock: it was years ahead, and what it gave out does not go back.
#include "world.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

constexpr Micros kHour = 3'600 * kSecond, kDay = 24 * kHour, kYear = 365 * kDay;

template <class Backend>
struct Ahead : On<Backend> {
    JobKey key = this->put_manual("a");

    /// Five years ahead for an hour, with a run in it.
    Ahead() {
        const Micros right = this->clock.now();
        this->clock.set_wall(right + 5 * kYear);
        run(1);
        this->clock.set_wall(right + kHour);
    }
    void run(int times) {
        for (int i = 0; i < times; ++i) {
            this->run_now(key);
            this->finish(this->turn().assigned);
        }
    }
    void note(const std::string& event) {
        this->write([&](Tx& tx) { tx.audit({.event = event}); });
    }
    /// Prunes each hour, as a server does.
    void live(Micros length, const Retention& retention) {
        for (Micros gone = 0; gone < length; gone += kHour) {
            this->clock.advance(kHour);
            while (this->store->prune(retention).more) {}
        }
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(pruning_with_ids_ahead)

BOOST_AUTO_TEST_CASE_TEMPLATE(executions_go_at_their_age, Backend, Backends) {
    Ahead<Backend> w;
    constexpr Retention retention{.max_age = kDay};
    w.run(300);
    w.live(23 * kHour, retention);
    BOOST_TEST(w.runs_of(w.key).size() == 301U, "none is a day old");
    w.run(5);
    w.live(5 * kHour, retention);
    BOOST_TEST(w.runs_of(w.key).size() == 5U);
    w.live(25 * kHour, retention);
    BOOST_TEST(w.runs_of(w.key).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(audit_rows_go_at_their_age, Backend, Backends) {
    Ahead<Backend> w;
    constexpr Retention retention{.audit_max_age = kDay};
    w.note("old");
    w.live(23 * kHour, retention);
    w.note("new");
    BOOST_TEST(w.store->read()->audit({}).items.size() == 2U);
    w.live(5 * kHour, retention);
    const auto left = w.store->read()->audit({}).items;
    BOOST_REQUIRE(left.size() == 1U);
    BOOST_TEST(left.front().event == "new");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_job_that_is_gone_stays_for_its_age, Backend, Backends) {
    Ahead<Backend> w;
    constexpr Retention retention{.max_age = 10 * kDay};
    w.write([&](Tx& tx) { tx.remove(w.key); });
    w.live(5 * kDay, retention);
    BOOST_TEST(w.store->read()->job(w.key).has_value());
    w.live(12 * kDay, retention);
    BOOST_TEST(!w.store->read()->job(w.key).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
