// What the world does to a server: its clock, its disk, its administrators.
#include "model/life.hpp"

#include <algorithm>
#include <cstdlib>

namespace foliot::testing {
namespace {

constexpr Micros kStep = 5 * kSecond;  // of the clock, or of the store's absence: less is nothing
constexpr int kMinute = 60, kHour = 60 * kMinute;

}  // namespace

/// One look at the clock and a few turns. True: what was due before is late.
bool Life::step_engine() {
    auto& clock = system_.clock;
    const Micros ahead = system_.wall.now() - clock.now();
    const bool was_suspect = clock.suspect(), was_held = node_held_;
    system_.crank();
    latest_ = std::max(latest_, clock.now());
    node_held_ = draining_ || clock.suspect();
    const bool jumped = !clock.suspect() && (was_suspect || std::abs(ahead) > kStep);
    return jumped || (was_held && !node_held_);
}

/// A new life: nobody drains it, and what its clock was ahead at the start is believed.
void Life::begin_again() {
    draining_ = node_held_ = false;
    woke_up();
    if (system_.clock.suspect()) crank();
}

void Life::set_clock() {
    auto& clock = system_.clock;
    if (clock.suspect()) return chance(60) ? mend_clock() : accept_clock();
    const int kind = pick(0, 9);
    const int by = kind < 4   ? -pick(1, 290)
                   : kind < 7 ? pick(1, 5 * kHour)
                   : kind < 9 ? -pick(10 * kMinute, 3 * kHour)
                              : pick(25 * kHour, 30 * kHour);
    tell("clock set by " + std::to_string(by) + " s");
    system_.wall.set_wall(clock.now() + by * kSecond);
    if (chance(70)) crank();
}

void Life::mend_clock() {
    tell("clock set right");
    system_.wall.set_wall(system_.clock.now());
}

void Life::accept_clock() {
    tell("accept the clock");
    const bool back = system_.wall.now() < system_.clock.now();
    std::vector<std::pair<ModelJob*, Micros>> ahead;
    for (auto& job : jobs_) {
        if (!job->alive) continue;
        const Micros cursor = cursor_of(*job);
        const Plain& plain = job->owed.trigger();
        const bool has_fired = plain.kind == Plain::Kind::date && plain.at <= cursor;  // of a paused job: not again
        if (back && !has_fired && cursor > system_.wall.now()) ahead.emplace_back(job.get(), cursor);
    }
    const auto rows = system_.store().read()->runs({}).items;
    const RunId newest = rows.empty() ? RunId{} : rows.front().id;
    system_.engine().accept_clock();
    if (back) latest_ = system_.wall.now();
    if (step_engine()) woke_up();
    for (const auto& [job, cursor] : ahead) move_back(*job, cursor, newest);
}

/// Its fires count from now on anew, and an interval keeps its beat.
void Life::move_back(ModelJob& job, Micros cursor, RunId newest) {
    job.moved_back.push_back(newest);
    const auto stored = system_.store().read()->job(job.key).value();
    Plain plain = job.owed.trigger();
    if (plain.kind == Plain::Kind::interval) plain.at = std::get<trigger::Interval>(stored.definition.trigger).start;
    job.owed.restart(plain, cursor, system_.clock.now());
    job.def = stored.definition;
    job.armed_at = job.settled = system_.clock.now();
}

void Life::lose_store() {
    const int seconds = chance(50) ? pick(1, 4) : pick(6, 10'000);
    tell("the store is away for " + std::to_string(seconds) + " s");
    system_.let_store_work(false);
    bool late = step_engine();
    pass(seconds);
    late = step_engine() || late || seconds * kSecond > kStep;
    system_.let_store_work(true);
    crank();
    if (late) woke_up();
}

void Life::drain() {
    draining_ = !draining_;
    tell(draining_ ? "drain" : "drain no more");
    system_.engine().drain(draining_);
}

/// While nobody can claim, a trigger that stays what it was leaves what is due owed.
bool Life::stays_owed(const ModelJob& job, const Plain& plain) {
    if (!held() || job.paused || !(plain == job.owed.trigger())) return false;
    const auto next = system_.store().read()->job(job.key).value().state.next_fire;
    return next && *next <= system_.clock.now();
}

}  // namespace foliot::testing
