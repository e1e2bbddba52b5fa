// What the store may know about one fire, and what is to be said of it.
#pragma once

#include "base/time_text.hpp"
#include "service/explain.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace foliot::testing {

using namespace service;
using store::EngineState;
using store::RunView;

inline const Micros kBase = parse_time("2026-11-21T10:00:00Z")->at;
inline Micros t(std::int64_t seconds) { return kBase + seconds * kSecond; }
inline std::string at(std::int64_t seconds) { return iso_time(t(seconds)); }
inline RunId made_at(Micros instant, int n = 0) { return RunId{IdGenerator::first_at(instant) + n}; }

/// A job that fires each 10 s; it was made at t(-95) and is accounted for up to t(0). Now is t(5).
struct Story {
    FireCase fire;
    std::shared_ptr<Definition> def = std::make_shared<Definition>();

    Story() {
        def->trigger = trigger::Interval{10 * kSecond, t(-1000), std::nullopt, 0};
        JobState& job = fire.record.job.state;
        job.key = JobKey{IdGenerator::first_at(t(-95))};
        job.armed_at = t(-95);
        job.anchor = t(-95) - 1;
        job.cursor = t(0);
        job.next_fire = t(10);
        fire.now = t(5);
        fire.time = t(0);
        fire.id_of = [](RunId) { return "RUN"; };
    }
    JobState& job() { return fire.record.job.state; }

    RunView run(RunState state, const std::string& reason = "", const std::string& error = "") const {
        RunView view;
        view.id = made_at(t(0));
        view.def = def;
        view.state = state;
        view.nominal = view.first_nominal = view.due = view.since = t(0);
        view.updated = t(1);
        view.fires = 1;
        view.reason = reason;
        view.error = error;
        return view;
    }
    static RunView ran(RunView view, std::int64_t from, std::int64_t to) {
        view.started = t(from);
        if (!is_live(view.state)) view.ended = t(to);
        view.pid = 7;
        return view;
    }
    /// The row that accounts for t(0), and what it led to.
    void row(const RunView& first, const std::vector<RunView>& rest = {}) {
        fire.row = first;
        fire.attempts = {first};
        fire.attempts.insert(fire.attempts.end(), rest.begin(), rest.end());
    }
    Explanation tell() {
        fire.record.job.definition = *def;
        return explain(fire);
    }
};

struct Case {
    std::string name;
    std::function<void(Story&)> arrange;
    std::string outcome, text;
};

inline void check(const std::vector<Case>& cases) {
    for (const Case& c : cases) {
        Story story;
        c.arrange(story);
        const Explanation answer = story.tell();
        BOOST_TEST(answer.outcome == c.outcome, c.name << ": " << answer.outcome << ", " << answer.text);
        BOOST_TEST(answer.text == c.text, c.name << ": " << answer.text);
    }
}

inline void coalesced(RunView& row) {
    row.first_nominal = t(-30);
    row.fires = 4;
}

}  // namespace foliot::testing
