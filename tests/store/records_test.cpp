// Jobs of one function as records: who made and changed them, finished ones too, in pages.
#include "world.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

struct Records : On<Sqlite> {
    const std::string func = "module:function";

    JobKey put_by(const std::string& id, std::int64_t account, ExpectedRev expected = ExpectedRev::absent()) {
        JobKey key{};
        write([&](Tx& tx) {
            JobWrite wish = job_write(id, every_second());
            wish.by = account;
            key = tx.put_job(wish, expected);
        });
        return key;
    }
    std::vector<JobKey> keys(const RecordFilter& filter) {
        std::vector<JobKey> found;
        for (const JobRecord& record : store->read()->job_records(filter)) found.push_back(record.job.state.key);
        return found;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(records, Records)

BOOST_AUTO_TEST_CASE(a_record_tells_who_made_the_job_and_who_changed_it_last_though_revisions_are_pruned) {
    const JobKey key = put_by("a", 7);
    const Micros made = clock.now();
    auto record = store->read()->job_record(key).value();
    BOOST_TEST(record.created_by == 7);
    BOOST_TEST(record.updated_by == 7);
    BOOST_TEST(record.updated == made);
    clock.advance(5 * kSecond);
    put_by("a", 8, ExpectedRev::any());
    put_by("a", 0, ExpectedRev::any());  // the server itself
    clock.advance(86'400 * kSecond);
    for (bool more = true; more;) more = store->prune({.max_age = kSecond, .max_rows_per_job = 1}).more;
    record = store->read()->job_record(key).value();
    BOOST_TEST(record.created_by == 7);
    BOOST_TEST(record.updated_by == 8);
    BOOST_TEST(record.updated == made + 5 * kSecond);
}

BOOST_AUTO_TEST_CASE(a_finished_job_stays_and_a_deleted_one_does_not) {
    Definition once = every_second();
    once.max_runs = 1;
    const JobKey finished = put("finished", once);
    const JobKey deleted = put("deleted");
    clock.advance(kSecond);
    finish(turn(5).assigned);
    BOOST_TEST(!store->read()->job("finished").has_value());
    write([&](Tx& tx) { tx.remove(deleted); });
    BOOST_TEST((store->read()->job_record(finished)->job.state.status == JobStatus::finished));
    BOOST_TEST(store->read()->job_record(finished)->gone_at.has_value());
    BOOST_TEST(!store->read()->job_record(deleted).has_value());
    BOOST_TEST((keys({.func = func}) == std::vector{finished}));
    BOOST_TEST(store->read()->count_job_records(func) == 1);
    write([&](Tx& tx) { tx.remove(finished); });
    BOOST_TEST(store->read()->count_job_records(func) == 0);
}

BOOST_AUTO_TEST_CASE(they_come_newest_first_and_pages_go_both_ways) {
    std::vector<JobKey> made;
    for (const char* id : {"a", "b", "c", "d", "e"}) made.push_back(put(id));
    Definition other = every_second();
    other.func = {"module", "other"};
    put("f", other);
    using Keys = std::vector<JobKey>;
    BOOST_TEST((keys({.func = func}) == Keys(made.rbegin(), made.rend())));
    BOOST_TEST((keys({.func = func, .limit = 2}) == Keys{made[4], made[3]}));
    BOOST_TEST((keys({.func = func, .limit = 2, .before = made[3]}) == Keys{made[2], made[1]}));
    BOOST_TEST((keys({.func = func, .limit = 2, .after = made[1]}) == Keys{made[3], made[2]}));
    BOOST_TEST((keys({.func = func, .limit = 9, .before = made[0]}).empty()));
    BOOST_TEST(store->read()->count_job_records(func) == 5);
    BOOST_TEST(store->read()->count_job_records("module:other") == 1);
}

BOOST_AUTO_TEST_CASE(a_job_may_have_its_own_public_id_as_id) {
    const JobKey key = put_by("", 1), another = put_by("", 1);
    BOOST_TEST((store->read()->job(store->public_ids().dashed(raw(key)))->state.key == key));
    BOOST_TEST((key != another));
}

BOOST_AUTO_TEST_SUITE_END()
