// What comes due while nobody can claim it waits for its judgement, whatever is done to its job meanwhile.
#include "unit/service/setup.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using foliot::testing::Setup;
using store::EngineState;

namespace {

struct HeldClaims : Setup {
    void scheduler(EngineState state) {
        store->write(store::Store::Class::api, [&](store::Tx& tx) { tx.settings().set_engine_state(state); });
    }
    void pause_scheduler() {
        turn();
        scheduler(EngineState::paused);
    }
    /// Claims go on; how many runs begin?
    std::size_t go_on() {
        scheduler(EngineState::running);
        return turn(10).assigned.size();
    }
    void node_claims(bool claims) {
        store::TurnIn in;
        in.claim = claims;
        in.awake = claims;
        in.room.any = claims ? 10 : 0;
        store->turn(fence, in,
                    [](const DueJob& due, Micros now, Micros awake_since) { return plan(due, now, awake_since); });
    }
    void add(const std::string& id, service::TriggerEdit trigger, Micros grace = 3600 * kSecond) {
        service::NewJob job = hourly(id);
        job.fields.trigger = std::move(trigger);
        job.fields.misfire_grace = std::optional(grace);
        jobs.add(as(root), job);
    }
    void rename(const std::string& id) {
        service::JobEdit edit;
        edit.name = "another name";
        jobs.edit(as(root), id, edit);
    }
    std::optional<Job> change(const std::string& id, service::TriggerEdit trigger) {
        service::JobEdit edit;
        edit.trigger = std::move(trigger);
        return jobs.edit(as(root), id, edit);
    }
    Job job(const std::string& id) { return store->read()->latest_job(id).value().job; }
    /// "state reason" of each row, oldest first.
    std::vector<std::string> rows() {
        std::vector<std::string> out;
        for (const auto& run : runs()) {
            out.insert(out.begin(), std::string(wire_name(run.state)) + (run.reason.empty() ? "" : " " + run.reason));
        }
        return out;
    }
    using Rows = std::vector<std::string>;
};

service::TriggerEdit each_minute() {
    return [](const trigger::Trigger*, Micros) -> trigger::Trigger {
        std::array<std::optional<std::string>, trigger::kFieldCount> given;
        given[static_cast<std::size_t>(trigger::Field::minute)] = "*";
        return trigger::make_cron(std::move(given), {}, {});
    };
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(held_claims, HeldClaims)

BOOST_AUTO_TEST_CASE(a_new_name_makes_no_late_fire_one_in_time) {
    add("c", every(10 * kSecond), kSecond);
    add("d", every(10 * kSecond), kSecond);
    pause_scheduler();
    clock.advance(16 * kSecond);
    rename("c");
    BOOST_TEST(runs().empty());
    BOOST_TEST(go_on() == 0U);
    BOOST_TEST(rows() == (Rows{"missed misfire", "missed misfire"}));
}

BOOST_AUTO_TEST_CASE(within_its_grace_a_renamed_job_runs_late) {
    add("c", every(10 * kSecond));
    pause_scheduler();
    clock.advance(16 * kSecond);
    rename("c");
    BOOST_TEST(go_on() == 1U);
    BOOST_TEST(job("c").definition.name == "another name");
}

BOOST_AUTO_TEST_CASE(a_node_that_holds_its_claims_is_a_paused_scheduler) {
    add("c", every(10 * kSecond), kSecond);
    node_claims(false);
    clock.advance(16 * kSecond);
    rename("c");
    BOOST_TEST(runs().empty());
    node_claims(true);
    BOOST_TEST(rows() == (Rows{"missed misfire"}));
    clock.advance(10 * kSecond);
    rename("c");
    BOOST_TEST(rows() == (Rows{"missed misfire", "scheduled"}), "claims go on: what is due is booked at the edit");
}

BOOST_AUTO_TEST_CASE(a_job_that_is_paused_while_it_is_due_does_not_run_when_only_the_scheduler_goes_on) {
    add("once", at(clock.now() + 10 * kSecond));
    pause_scheduler();
    clock.advance(16 * kSecond);
    BOOST_TEST(jobs.pause(as(root), "once").has_value());
    BOOST_TEST(go_on() == 0U);
    BOOST_TEST(runs().empty());
    BOOST_TEST((job("once").state.status == JobStatus::paused));
    jobs.resume(as(root), "once");
    BOOST_TEST(rows() == (Rows{"skipped paused"}));
    BOOST_TEST((job("once").state.status == JobStatus::finished));
    BOOST_TEST(turn(10).assigned.empty());
}

BOOST_AUTO_TEST_CASE(a_one_off_that_is_due_can_be_put_off) {
    add("once", at(clock.now() + 10 * kSecond));
    pause_scheduler();
    clock.advance(16 * kSecond);
    const Micros later = clock.now() + 3600 * kSecond;
    const auto changed = change("once", at(later));
    BOOST_REQUIRE(changed.has_value());
    BOOST_TEST(changed->state.next_fire.value() == later);
    BOOST_TEST(rows() == (Rows{"skipped edited"}));
    BOOST_TEST(go_on() == 0U);
    clock.advance(3600 * kSecond);
    BOOST_TEST(turn(10).assigned.size() == 1U);
    BOOST_TEST((job("once").state.status == JobStatus::finished));
}

BOOST_AUTO_TEST_CASE(so_it_can_by_its_next_run_time) {
    add("once", at(clock.now() + 10 * kSecond));
    pause_scheduler();
    clock.advance(16 * kSecond);
    service::JobEdit edit;
    edit.next_run = service::NextRun{clock.now() + 60 * kSecond, 0};
    BOOST_TEST(jobs.edit(as(root), "once", edit).has_value());
    BOOST_TEST(go_on() == 0U);
    clock.advance(60 * kSecond);
    BOOST_TEST(turn(10).assigned.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_new_trigger_books_what_the_old_one_owed_as_one_skip) {
    add("beat", every(10 * kSecond));
    pause_scheduler();
    clock.advance(35 * kSecond);
    change("beat", every(3600 * kSecond));
    BOOST_REQUIRE(rows() == (Rows{"skipped edited"}));
    BOOST_TEST(runs().front().fires == 3);
    BOOST_TEST(go_on() == 0U);
    BOOST_TEST(job("beat").state.next_fire.value() == clock.now() + 3600 * kSecond);
}

BOOST_AUTO_TEST_CASE(a_job_put_in_its_own_place_again_still_owes_what_is_due) {
    clock.advance(10 * kSecond);
    add("beat", each_minute());
    pause_scheduler();
    clock.advance(150 * kSecond);
    service::NewJob again = hourly("beat");
    again.fields.trigger = each_minute();
    again.replace_existing = true;
    BOOST_TEST(jobs.add(as(root), again).job.has_value());
    BOOST_TEST(runs().empty());
    BOOST_TEST(go_on() == 1U);
    BOOST_TEST(store->read()->fires_accounted(job("beat").state.key) == 2);
}

BOOST_AUTO_TEST_CASE(a_deleted_job_leaves_what_it_owed_as_a_skip) {
    add("once", at(clock.now() + 10 * kSecond));
    pause_scheduler();
    clock.advance(16 * kSecond);
    jobs.remove(as(root), "once");
    BOOST_TEST(go_on() == 0U);
    BOOST_TEST(rows() == (Rows{"skipped deleted"}));
}

BOOST_AUTO_TEST_SUITE_END()
