// The last places are kept for modules that hold none.
#include "world.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

struct Many : World {
    Many() : World(&Sqlite::open) {}

    void queue(const std::string& module, int runs, const std::vector<std::string>& tags = {}) {
        for (int i = 0; i < runs; ++i) {
            run_now(put_manual(module + std::to_string(++jobs_), [&](Definition& def) {
                def.func.module = module;
                def.tags = tags;
            }));
        }
    }
    /// How many of each module were given a place.
    std::map<std::string, int> give(const Room& room) {
        TurnIn in;
        in.room = room;
        std::map<std::string, int> given;
        bool more = true;
        while (more) {
            const TurnOut out = turn(in);
            for (const Assigned& run : out.assigned) ++given[run.def->func.module];
            in.room.any = std::max(0, in.room.any - static_cast<int>(out.assigned.size()));
            in.room.lanes.clear();
            for (const Assigned& run : out.assigned) in.room.holders.push_back(run.lane);
            more = out.more;
        }
        return given;
    }

  private:
    int jobs_ = 0;
};

using Given = std::map<std::string, int>;

}  // namespace

BOOST_AUTO_TEST_SUITE(kept_places)

BOOST_FIXTURE_TEST_CASE(without_kept_places_a_module_gets_all_that_there_are, Many) {
    queue("a", 10);
    BOOST_TEST((give({.lanes = {}, .any = 4}) == Given{{"a", 4}}));
}

BOOST_FIXTURE_TEST_CASE(a_module_does_not_get_the_last_place_when_it_has_another, Many) {
    queue("a", 10);
    BOOST_TEST((give({.lanes = {}, .any = 4, .kept = 1}) == Given{{"a", 3}}));
    BOOST_TEST((give({.lanes = {}, .any = 1, .kept = 1, .holders = {lane_of("a")}}) == Given{}));
    BOOST_TEST((give({.lanes = {}, .any = 2, .kept = 1, .holders = {lane_of("a")}}) == Given{{"a", 1}}));
    BOOST_TEST((give({.lanes = {}, .any = 1, .kept = 1, .holders = {lane_of("b")}}) == Given{{"a", 1}}));
}

BOOST_FIXTURE_TEST_CASE(it_goes_to_another_module_however_many_lanes_the_first_one_has, Many) {
    for (int i = 0; i < 8; ++i) queue("a", 2, {"tag" + std::to_string(i)});
    queue("b", 5);
    BOOST_TEST((give({.lanes = {}, .any = 1, .kept = 1, .holders = {lane_of("a")}}) == Given{{"b", 1}}));
}

BOOST_FIXTURE_TEST_CASE(a_modules_own_places_are_its_own_all_the_same, Many) {
    queue("a", 10);
    BOOST_TEST((give({.lanes = {{lane_of("a"), 3}}, .any = 1, .kept = 1, .holders = {lane_of("a")}})["a"] == 3));
}

BOOST_AUTO_TEST_SUITE_END()
