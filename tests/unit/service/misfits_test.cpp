// Jobs that cannot run as they are.
#include "service/misfits.hpp"

#include "setup.hpp"
#include "support/captured_error.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;

namespace {

struct Fitting : Setup {
    module::Catalogue catalogue{{}, *store};
    service::Misfits misfits{*store, catalogue};

    void add(const std::string& id, const FuncRef& func) {
        store::JobWrite write;
        write.id = write.def.name = id;
        write.def.func = func;
        write.def.trigger = trigger::None{};
        write.arming = arm(write.def.trigger, clock.now());
        store->write(store::Store::Class::bulk, [&](store::Tx& tx) {
            tx.put_job(write, store::ExpectedRev::absent());
            store::AuditEntry entry;
            entry.actor = entry.via = "test";
            entry.event = "added";
            tx.audit(entry);
        });
    }
    std::string look() {
        const CapturedError errors;
        misfits.look();
        return errors.text();
    }
    static int count(const std::string& text, std::string_view part) {
        int found = 0;
        for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
        return found;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(misfits, Fitting)

BOOST_AUTO_TEST_CASE(jobs_of_one_problem_are_told_of_together_and_five_are_named) {
    for (int i = 0; i < 7; ++i) add("job" + std::to_string(i), {"gone", "f"});
    const std::string said = look();
    BOOST_TEST(
        said.find("7 jobs cannot run as they are (job0, job1, job2, job3, job4, ...): gone:f: no module 'gone'") !=
            std::string::npos,
        said);
    BOOST_TEST(misfits.list().size() == 7U);
}

BOOST_AUTO_TEST_CASE(however_many_problems_there_are_the_log_has_a_few_lines) {
    for (int i = 0; i < 30; ++i) add("job" + std::to_string(i), {"gone", "f" + std::to_string(i)});
    const std::string said = look();
    BOOST_TEST(count(said, "cannot run as they are (") == 20, said);
    BOOST_TEST(said.find("10 jobs more cannot run as they are, for other reasons") != std::string::npos, said);
    BOOST_TEST(misfits.list().size() == 30U);
}

BOOST_AUTO_TEST_SUITE_END()
