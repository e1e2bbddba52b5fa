#include "domain/planner.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace foliot;

namespace {

constexpr Micros kBase = 1'800'000'000 * kSecond;

/// A toy store: claims at random instants, ends runs at random, pauses, edits and deletes; keeps every nominal's
/// account.
class Toy {
  public:
    explicit Toy(unsigned seed) : random_(seed) {
        define();
        rearm();
    }

    void live() {
        const int steps = pick(5, 40);
        for (int i = 0; i < steps; ++i) {
            now_ += chance(10) ? 0 : pick(1, chance(20) ? 2'000 : 60) * kSecond + pick(0, 999'999);
            if (chance(15)) awake_ = now_;
            if (chance(50)) due_.instances = std::max(0, due_.instances - pick(0, 3));
            if (chance(50)) due_.queued = std::max(0, due_.queued - pick(0, 3));
            act();
            if (due_.job.status == JobStatus::deleted || due_.job.status == JobStatus::finished) break;
        }
    }

  private:
    int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
    bool chance(int percent) { return pick(0, 99) < percent; }

    void define() {
        Definition& d = due_.def;
        const int kind = pick(0, 9);
        if (kind == 0) {
            d.trigger = trigger::Date{now_ + pick(-100, 100) * kSecond, 0};
        } else if (kind < 6) {
            trigger::Interval interval{.every = pick(1, 90) * kSecond + pick(0, 1) * pick(1, 999'999),
                                       .start = now_ + pick(-500, 200) * kSecond,
                                       .end = {},
                                       .offset_seconds = 0};
            if (chance(20)) interval.end = now_ + pick(0, 3'000) * kSecond;
            d.trigger = interval;
        } else {
            std::array<std::optional<std::string>, trigger::kFieldCount> given;
            given[6] = chance(50) ? "*" : "*/" + std::to_string(pick(1, 20));
            given[7] = std::to_string(pick(0, 29)) + "," + std::to_string(pick(30, 59));
            d.trigger = trigger::make_cron(std::move(given), {}, {});
        }
        d.misfire_grace = chance(30) ? std::nullopt : std::optional<Micros>(pick(0, 400) * kSecond);
        d.coalesce = chance(50);
        d.misfire = static_cast<MisfirePolicy>(pick(0, 2));
        d.max_instances = pick(1, 3);
        d.overlap = static_cast<Overlap>(pick(0, 2));
        d.max_queued = pick(0, 4);
        due_.job.runs_left = chance(30) ? std::optional<std::int64_t>(pick(1, 200)) : std::nullopt;
    }

    void rearm() {
        const Arming arming = arm(due_.def.trigger, now_);
        due_.job.anchor = arming.anchor;
        due_.job.armed_at = arming.armed_at;
        due_.job.cursor = arming.cursor;
        due_.job.next_fire = arming.next_fire;
        accounted_ = 0;
    }

    void act() {
        if (due_.job.status == JobStatus::paused) {
            if (!chance(40)) return;
            apply(Occasion::resume);
            due_.job.armed_at = now_;
        } else if (chance(75)) {
            apply(Occasion::claim);
        } else if (chance(50)) {
            apply(Occasion::edit);
            if (due_.job.status != JobStatus::active) return;
            due_.job.status = JobStatus::paused;
            due_.job.next_fire.reset();
        } else if (chance(80)) {
            apply(Occasion::edit);
            if (due_.job.status != JobStatus::active) return;
            define();
            now_ += 1;  // a new trigger does not own the fire that the old one has just made
            rearm();
            if (!due_.job.next_fire) due_.job.status = JobStatus::finished;
        } else {
            apply(Occasion::remove);
        }
    }

    void apply(Occasion occasion) {
        const FirePlan p = plan(due_, now_, awake_, occasion);
        check(p, occasion);
        for (const PlannedRow& row : p.rows) {
            accounted_ += row.fires;
            if (row.state == RunState::ready) ++due_.instances;
            if (row.state == RunState::blocked) ++due_.queued;
        }
        due_.job.cursor = p.cursor;
        due_.job.next_fire = p.next_fire;
        due_.job.runs_left = p.runs_left;
        due_.job.status = p.status;
        BOOST_REQUIRE(trigger::fires_between(due_.def.trigger, due_.job.anchor, due_.job.cursor).count == accounted_);
    }

    void check(const FirePlan& p, Occasion occasion) {
        const JobState& job = due_.job;
        Micros done = job.cursor;
        std::int64_t runs = 0;
        int ready = 0;
        for (const PlannedRow& row : p.rows) {
            const auto covered = trigger::fires_between(due_.def.trigger, done, row.nominal);
            BOOST_REQUIRE(covered.count == row.fires);
            BOOST_REQUIRE(covered.first == row.first_nominal);
            BOOST_REQUIRE(covered.last == row.nominal);
            BOOST_REQUIRE(row.nominal <= now_);
            const bool is_run = row.state == RunState::ready || row.state == RunState::blocked;
            if (is_run) ++runs;
            if (row.state == RunState::ready) ++ready;
            BOOST_REQUIRE(is_run == row.reason.empty());
            done = row.nominal;
        }
        BOOST_REQUIRE(p.cursor == done);
        BOOST_REQUIRE(ready == 0 || (ready == 1 && due_.instances < due_.def.max_instances));
        if (job.runs_left) BOOST_REQUIRE(*job.runs_left - runs == *p.runs_left);
        BOOST_REQUIRE(!p.runs_left || *p.runs_left >= 0);
        const auto left = trigger::next_after(due_.def.trigger, p.cursor);
        BOOST_REQUIRE(!left || *left > now_ || p.runs_left == 0);
        if (p.status == JobStatus::active) BOOST_REQUIRE(p.next_fire == left);
        if (occasion != Occasion::claim && job.status == JobStatus::paused) BOOST_REQUIRE(p.rows.size() <= 1U);
        if (due_.def.overlap == Overlap::queue && due_.instances >= due_.def.max_instances)
            BOOST_REQUIRE(runs <= std::max(0, due_.def.max_queued - due_.queued));
    }

    std::mt19937 random_;
    Micros now_ = kBase;
    Micros awake_ = kBase - kSecond;
    DueJob due_;
    std::int64_t accounted_ = 0;
};

}  // namespace

BOOST_AUTO_TEST_CASE(every_nominal_is_accounted_for_by_exactly_one_row_through_pauses_edits_and_deletes) {
    for (unsigned seed = 0; seed < 20'000; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed) { Toy(seed).live(); }
    }
}
