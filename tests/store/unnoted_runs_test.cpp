// Going through the ready runs of a module, piece by piece.
#include "world.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

struct Queued : World {
    Queued() : World(&Sqlite::open) {}

    RunId queue(const FuncRef& func, const std::vector<std::string>& tags, int priority) {
        const auto key = put_manual(std::to_string(++count_), [&](Definition& def) {
            def.func = func;
            def.tags = tags;
            def.priority = priority;
        });
        return run_now(key);
    }
    /// All that a walk finds, in pieces of so many.
    std::map<std::int64_t, int> walk(std::size_t piece) {
        std::map<std::int64_t, int> found;
        std::optional<ReadyPlace> at;
        do {
            const auto page = store->read()->unnoted_runs("module", at, piece);
            BOOST_TEST(page.runs.size() <= piece);
            for (const RunView& run : page.runs) ++found[raw(run.id)];
            at = page.next;
        } while (at);
        return found;
    }

  private:
    int count_ = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(each_run_of_the_module_is_found_once_whatever_the_pieces_and_no_other, Queued) {
    std::map<std::int64_t, int> all;
    for (int i = 0; i < 40; ++i) {
        const std::vector<std::string> tags =
            i % 4 == 0 ? std::vector<std::string>{} : std::vector{std::to_string(i % 4)};
        all[raw(queue({"module", "f" + std::to_string(i % 3)}, tags, i % 5))] = 1;
        queue({"other", "f"}, tags, i % 5);
        if (i % 7 == 0) clock.advance(kSecond);
    }
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U}) BOOST_TEST((walk(piece) == all), piece);
    write([&](Tx& tx) {
        int count = 0;
        std::erase_if(all, [&](const auto& run) {
            if (++count % 2 == 0) return false;
            tx.note_wait(RunId{run.first}, "module_unavailable");
            return true;
        });
        AuditEntry entry;
        entry.actor = entry.via = "test";
        entry.event = "noted";
        tx.audit(entry);
    });
    BOOST_TEST(all.size() == 20U);
    for (const std::size_t piece : {1U, 5U, 1000U}) BOOST_TEST((walk(piece) == all), piece);
}
