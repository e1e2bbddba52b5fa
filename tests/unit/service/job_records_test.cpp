// Jobs by their uid: read, changed and deleted whatever their id is, finished ones too.
#include "unit/service/setup.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using foliot::testing::refused;
using foliot::testing::Setup;

namespace {

struct Records : Setup {
    const FuncRef ok{"tasks", "ok"};

    service::NewJob named_by_uid() const {
        auto wish = hourly("");
        wish.id.reset();
        wish.named_by_uid = true;
        return wish;
    }
    std::string add() { return jobs.add(as(olga), named_by_uid()).id; }
    store::JobRecord record(const std::string& uid) { return jobs.record(as(vera), uid, ok); }
    void edit(const std::string& uid, const service::JobEdit& edit) {
        jobs.edit_record(as(olga), uid, ok, [&](const store::JobRecord&) { return edit; });
    }
    /// Due and run.
    void run(Micros after) {
        clock.advance(after);
        turn(1);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(job_records, Records)

BOOST_AUTO_TEST_CASE(a_job_named_by_its_uid_has_it_as_id_everywhere) {
    const std::string uid = add();
    BOOST_TEST(uid.size() == 36U);
    const auto made = record(uid);
    BOOST_TEST(made.job.state.id == uid);
    BOOST_TEST(jobs.uid_of(made.job.state.key) == uid);
    BOOST_TEST(made.created_by == olga.account);
    BOOST_TEST(made.job.definition.name == "ok");
    BOOST_TEST((jobs.get(as(vera), uid).state.key == made.job.state.key));
}

BOOST_AUTO_TEST_CASE(under_an_idempotency_key_it_is_made_once) {
    const service::Caller caller{olga, "test", service::Once{"key", "asked"}};
    const std::string uid = jobs.add(caller, named_by_uid()).id;
    BOOST_TEST(jobs.add(caller, named_by_uid()).id == uid);
    BOOST_TEST(jobs.records(as(vera), {.func = ok.text()}).count == 1);
}

BOOST_AUTO_TEST_CASE(a_job_of_any_id_is_found_by_its_uid_but_not_as_one_of_another_function) {
    const JobKey key = jobs.add(as(olga), hourly("a")).job->state.key;
    BOOST_TEST(record(jobs.uid_of(key)).job.state.id == "a");
    const FuncRef two{"tasks", "two"};
    BOOST_CHECK_EXCEPTION(jobs.record(as(vera), jobs.uid_of(key), two), RequestError, refused(Problem::not_found));
    BOOST_CHECK_EXCEPTION(record("a"), RequestError, refused(Problem::not_found));
    BOOST_CHECK_EXCEPTION(record("00000000-0000-0000-0000-000000000000"), RequestError, refused(Problem::not_found));
}

BOOST_AUTO_TEST_CASE(pausing_by_an_edit_holds_the_job_and_the_next_lets_it_go_on) {
    const std::string uid = add();
    service::JobEdit pause, go_on;
    pause.paused = true;
    go_on.paused = false;
    edit(uid, pause);
    BOOST_TEST((record(uid).job.state.status == JobStatus::paused));
    clock.advance(2 * 3600 * kSecond + kSecond);
    edit(uid, go_on);
    const auto state = record(uid).job.state;
    BOOST_TEST((state.status == JobStatus::active));
    BOOST_TEST((state.next_fire.value() > clock.now()));
    BOOST_TEST(runs().size() == 1U);  // what it slept through is accounted for
    edit(uid, go_on);
    BOOST_TEST((record(uid).job.state.next_fire == state.next_fire));
}

BOOST_AUTO_TEST_CASE(a_job_without_a_trigger_survives_being_paused) {
    auto wish = named_by_uid();
    wish.fields.trigger = [](const trigger::Trigger*, Micros) -> trigger::Trigger { return trigger::None{}; };
    wish.fields.paused = true;
    const std::string uid = jobs.add(as(olga), wish).id;
    BOOST_TEST((record(uid).job.state.status == JobStatus::paused));
    service::JobEdit go_on;
    go_on.paused = false;
    edit(uid, go_on);
    BOOST_TEST((record(uid).job.state.status == JobStatus::active));
    go_on.trigger = every(60 * kSecond);
    edit(uid, go_on);
    BOOST_TEST((record(uid).job.state.next_fire.value() == clock.now() + 60 * kSecond));
}

BOOST_AUTO_TEST_CASE(a_finished_job_can_be_read_and_deleted_and_not_changed) {
    auto wish = named_by_uid();
    wish.fields.max_runs = 1;
    const std::string uid = jobs.add(as(olga), wish).id;
    run(3600 * kSecond);
    BOOST_TEST((record(uid).job.state.status == JobStatus::finished));
    BOOST_CHECK_EXCEPTION(edit(uid, {}), RequestError, refused(Problem::invalid));
    BOOST_CHECK_EXCEPTION(jobs.remove_record(as(vera), uid, ok), RequestError, refused(Problem::forbidden));
    jobs.remove_record(as(olga), uid, ok);
    BOOST_TEST(events().back() == "deleted");
    BOOST_CHECK_EXCEPTION(jobs.remove_record(as(olga), uid, ok), RequestError, refused(Problem::not_found));
    BOOST_TEST(jobs.records(as(vera), {.func = ok.text()}).count == 0);
}

BOOST_AUTO_TEST_CASE(max_runs_is_not_lowered_to_the_runs_that_were_made) {
    auto wish = named_by_uid();
    wish.fields.max_runs = 5;
    wish.fields.max_instances = 5;  // nobody ends them here
    const std::string uid = jobs.add(as(olga), wish).id;
    run(3600 * kSecond);
    run(3600 * kSecond);
    service::JobEdit fewer;
    for (const std::int64_t most : {1, 2}) {
        fewer.max_runs = most;
        BOOST_CHECK_EXCEPTION(edit(uid, fewer), RequestError, [](const RequestError& error) {
            return error.problem() == Problem::invalid && error.field() == "max_runs" &&
                   error.what() == std::string("field 'max_runs': must be more than the 2 runs that were made");
        });
    }
    fewer.max_runs = 3;
    edit(uid, fewer);
    BOOST_TEST(record(uid).job.state.runs_left.value() == 1);
    edit(uid, fewer);
    run(3600 * kSecond);
    BOOST_TEST((record(uid).job.state.status == JobStatus::finished));
}

BOOST_AUTO_TEST_CASE(a_wish_is_made_anew_when_the_job_has_changed_meanwhile) {
    const std::string uid = add();
    int asked = 0;
    jobs.edit_record(as(olga), uid, ok, [&](const store::JobRecord& present) {
        service::JobEdit other;
        other.description = "of somebody else";
        if (++asked == 1) jobs.edit(as(root), uid, other);
        other.description = present.job.definition.description + "!";
        return other;
    });
    BOOST_TEST(asked == 2);
    BOOST_TEST(record(uid).job.definition.description == "of somebody else!");
    BOOST_TEST(record(uid).updated_by == olga.account);
}

BOOST_AUTO_TEST_CASE(pages_go_both_ways_through_more_than_is_read_at_once) {
    std::vector<std::string> uids;
    for (int i = 0; i < 250; ++i) uids.insert(uids.begin(), add());
    const auto page = [&](std::optional<std::string> position, bool backwards) {
        return jobs.records(as(vera), {.func = ok.text(), .limit = 110, .position = position, .backwards = backwards});
    };
    const auto uid = [&](const store::JobRecord& one) { return jobs.uid_of(one.job.state.key); };
    const auto first = page({}, false);
    BOOST_TEST(first.count == 250);
    BOOST_TEST(first.more);
    BOOST_TEST(first.items.size() == 110U);
    BOOST_TEST(uid(first.items.front()) == uids.front());
    const auto second = page(uid(first.items.back()), false);
    BOOST_TEST(uid(second.items.front()) == uids[110]);
    const auto last = page(uid(second.items.back()), false);
    BOOST_TEST(last.items.size() == 30U);
    BOOST_TEST(!last.more);
    const auto back = page(uid(last.items.front()), true);
    BOOST_TEST(uid(back.items.front()) == uids[110]);
    BOOST_TEST(uid(back.items.back()) == uids[219]);
    BOOST_TEST(back.more);
    BOOST_TEST(!page(uid(second.items.front()), true).more);
    BOOST_CHECK_EXCEPTION(page("nowhere", false), RequestError, refused(Problem::not_found));
}

BOOST_AUTO_TEST_SUITE_END()
