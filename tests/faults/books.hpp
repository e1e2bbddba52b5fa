// What the history of a server must add up to, and what its jobs wrote down themselves.
#pragma once

#include "store/store.hpp"
#include "trigger/trigger.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace foliot::testing {

/// bench:append writes the id of its execution into a file.
inline std::map<std::string, int> times_run(const std::filesystem::path& file) {
    std::map<std::string, int> count;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) ++count[line];
    return count;
}

inline void check_none_ran_twice(const std::map<std::string, int>& ran) {
    for (const auto& [id, count] : ran) BOOST_TEST(count == 1, "execution " << id << " ran " << count << " times");
}

inline std::vector<store::RunView> all_runs(store::Store& store) {
    std::vector<store::RunView> runs;
    store::RunFilter filter;
    filter.limit = 1'000;
    do {
        auto page = store.read()->runs(filter);
        runs.insert(runs.end(), page.items.begin(), page.items.end());
        filter.before = page.next;
    } while (filter.before);
    return runs;
}

/// Since a job's last edit or resume history holds each fire once; before, at most once.
inline void check_fires(store::Store& store) {
    for (const auto& job : store.read()->jobs({}).items) {
        const auto& state = job.state;
        store::RunFilter filter;
        filter.job = state.key;
        filter.limit = 1'000'000;
        std::int64_t fires = 0;
        bool ever = false;
        Micros later = std::numeric_limits<Micros>::max();  // where the row behind begins
        for (const auto& run : store.read()->runs(filter).items) {
            if (run.fires == 0) continue;
            BOOST_TEST(run.nominal < later, "one fire of " << state.id << " in two rows");
            later = run.first_nominal;
            if (run.nominal > state.anchor) fires += run.fires;
            ever = true;
        }
        BOOST_TEST(fires == trigger::fires_between(job.definition.trigger, state.anchor, state.cursor).count, state.id);
        BOOST_TEST(ever, state.id << " never fired");
    }
}

}  // namespace foliot::testing
