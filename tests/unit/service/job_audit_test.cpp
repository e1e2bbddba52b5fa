// What the audit shows of jobs that are added, replaced and edited.
#include "base/time_text.hpp"
#include "unit/service/setup.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using foliot::testing::Setup;

BOOST_FIXTURE_TEST_SUITE(job_audit, Setup)

BOOST_AUTO_TEST_CASE(the_audit_shows_that_an_edit_pauses_or_moves_the_next_run) {
    jobs.add(as(olga), hourly("a"));
    BOOST_TEST(audit().front().after.starts_with("{\"status\":\"active\",\"next_run_time\":\"" +
                                                 iso_time(clock.now() + 3600 * kSecond)));
    service::JobEdit pause;
    pause.next_run = service::NextRun{};
    jobs.edit(as(olga), "a", pause);
    BOOST_TEST(audit().front().after == "status: \"active\" -> \"paused\"\nnext_run_time: \"" +
                                            iso_time(clock.now() + 3600 * kSecond) + "\" -> null");
    service::JobEdit move;
    move.next_run = service::NextRun{clock.now() + 60 * kSecond, 0};
    jobs.edit(as(olga), "a", move);
    const std::string moved = audit().front().after;
    BOOST_TEST(moved.find("status: \"paused\" -> \"active\"\nnext_run_time: null -> \"" +
                          iso_time(clock.now() + 60 * kSecond) + '"') != std::string::npos,
               moved);
}

BOOST_AUTO_TEST_CASE(the_audit_shows_that_a_new_job_or_one_in_place_of_another_is_paused) {
    auto wish = hourly("a");
    wish.fields.next_run = service::NextRun{};
    jobs.add(as(olga), wish);
    BOOST_TEST(audit().front().after.starts_with("{\"status\":\"paused\",\"next_run_time\":null,\"name\":"));
    auto other = hourly("b");
    jobs.add(as(olga), other);
    other.fields.next_run = service::NextRun{};
    other.replace_existing = true;
    jobs.add(as(olga), other);
    BOOST_TEST(audit().front().event == "modified");
    BOOST_TEST(audit().front().after.find("status: \"active\" -> \"paused\"") != std::string::npos);
}
BOOST_AUTO_TEST_SUITE_END()
