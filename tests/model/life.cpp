#include "model/life.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace foliot::testing {
namespace {

constexpr Micros kHalf = kSecond / 2;  // fires fall on whole seconds, so that nothing else happens at their instant

Verdict random_verdict(int number) {
    switch (number) {
        case 0: return {RunState::failed, Outcome::failed, "exception", "it broke", "null", 0};
        case 1: return {RunState::failed, Outcome::failed_for_good, "exception", "it is hopeless", "null", 0};
        case 2: return {RunState::failed, Outcome::retry_after, "exception", "later", "null", 7 * kSecond};
        case 3: return {RunState::stopped, Outcome::snoozed, "snoozed", "", "null", 5 * kSecond};
        default: return {RunState::succeeded, Outcome::ok, "", "", "null", 0};
    }
}

}  // namespace

void Life::live(int steps) {
    struct Choice {
        int weight;
        Act act;
    };
    static constexpr std::array<Choice, 16> kChoices{{{24, &Life::let_time_pass},
                                                      {24, &Life::work},
                                                      {8, &Life::add},
                                                      {6, &Life::edit},
                                                      {4, &Life::replace},
                                                      {6, &Life::pause},
                                                      {7, &Life::resume},
                                                      {3, &Life::remove},
                                                      {6, &Life::run_now},
                                                      {4, &Life::stop},
                                                      {4, &Life::switch_engine},
                                                      {4, &Life::crash},
                                                      {2, &Life::restart},
                                                      {4, &Life::set_clock},
                                                      {2, &Life::lose_store},
                                                      {3, &Life::drain}}};
    add();
    for (int i = 0; i < steps; ++i) {
        int number = pick(0, 110);
        for (const Choice& choice : kChoices) {
            if ((number -= choice.weight) >= 0) continue;
            act(choice.act);
            break;
        }
        if (chance(70)) crank();
        check();
    }
    come_to_rest();
}

/// A job whose last fire has just come due is found no more, and then nothing has happened.
void Life::act(Act what) {
    try {
        (this->*what)();
    } catch (const RequestError& error) {
        if (error.problem() != Problem::not_found) throw;
        tell(error.what());
    }
}

void Life::pass(Micros seconds) {
    const Micros now = system_.clock.now();
    system_.wall.advance(seconds * kSecond + (now % kSecond == 0 ? kHalf : 0));
}

void Life::let_time_pass() {
    const int seconds = chance(60) ? pick(1, 30) : chance(75) ? pick(30, 1'200) : pick(1'200, 20'000);
    tell("pass " + std::to_string(seconds) + " s");
    pass(seconds);
}

void Life::crank() {
    tell("crank");
    if (step_engine()) woke_up();
    if (held()) return;
    for (auto& job : jobs_) {
        if (job->alive && !job->paused) job->settled = system_.clock.now();
    }
}

void Life::work() {
    auto& workers = system_.workers;
    for (int i = pick(1, 4); i > 0 && !workers.held.empty(); --i) {
        const auto index = static_cast<std::size_t>(pick(0, static_cast<int>(workers.held.size()) - 1));
        const auto& held = workers.held[index];
        const std::string run = held.order.assigned.job_id + "/" + std::to_string(raw(held.order.assigned.run));
        if (chance(25)) {
            tell("begin " + run);
            workers.begin(index);
        } else if (!held.begun && chance(20)) {
            tell("give back " + run);
            workers.give_back(index);
        } else {
            const Verdict verdict = held.stop ? Verdict{RunState::stopped, Outcome::cancelled, "stopped", "", "null", 0}
                                              : random_verdict(pick(0, 9));
            tell("end " + run + " as " + std::string(wire_name(verdict.state)));
            workers.end(index, verdict, system_.clock.now());
        }
    }
}

Plain Life::random_trigger() {
    latest_ = std::max(latest_, system_.clock.now());
    const Micros now = latest_ / kSecond * kSecond;
    Plain plain;
    // A date forgets what other triggers' fires history covers, and that may lie ahead of a clock that is behind.
    const int kind = pick(system_.clock.now() < latest_ ? 1 : 0, 9);
    if (kind == 0) {
        plain.kind = Plain::Kind::date;
        plain.at = now + pick(1, 600) * kSecond;
        return plain;
    }
    if (chance(15)) plain.end = now + pick(60, 20'000) * kSecond;
    if (kind < 7) {
        plain.at = now + pick(-300, 300) * kSecond;
        plain.every = pick(7, 900) * kSecond;
        return plain;
    }
    plain.kind = Plain::Kind::minutes;
    plain.every = pick(1, 20) * 60 * kSecond;
    return plain;
}

/// Another one, or that of the job once more.
Plain Life::new_trigger(const ModelJob& job) {
    const Plain& present = job.owed.trigger();
    const bool may_repeat = present.kind != Plain::Kind::date || present.at > std::max(latest_, system_.clock.now());
    return may_repeat && chance(20) ? present : random_trigger();
}

Micros Life::cursor_of(const ModelJob& job) { return system_.store().read()->job(job.key).value().state.cursor; }

/// While the clock is a little behind, what history covers may lie beyond now.
void Life::change_owed(ModelJob& job, const Plain& plain, Micros covered, const JobState& stored) {
    const Micros now = system_.clock.now();
    job.owed.change(plain, std::max(now, stored.cursor), std::max(now, covered));
}

service::TriggerEdit Life::as_edit(const Plain& plain) {
    return [plain](const trigger::Trigger*, Micros) { return plain.trigger(); };
}

void Life::random_rules(service::JobEdit& edit) {
    edit.coalesce = chance(50);
    edit.misfire_grace = chance(30) ? std::optional<Micros>() : pick(1, 2'000) * kSecond;
    edit.max_instances = pick(1, 3);
    edit.overlap = static_cast<Overlap>(pick(0, 2));
    edit.max_queued = pick(0, 4);
    edit.retry.max_retries = pick(0, 2);
    edit.retry.delay = pick(1, 60) * kSecond;
    edit.priority = pick(0, 9);
}

void Life::take_over(ModelJob& job, const Job& stored) {
    job.key = stored.state.key;
    job.def = stored.definition;
    job.most_instances = std::max(job.most_instances, job.def.max_instances);
}

ModelJob* Life::alive(const std::string& id) {
    for (auto& job : jobs_) {
        if (job->alive && job->id == id) return job.get();
    }
    return nullptr;
}

ModelJob* Life::pick_job() {
    std::vector<ModelJob*> choice;
    for (auto& job : jobs_) {
        if (job->alive) choice.push_back(job.get());
    }
    if (choice.empty()) return nullptr;
    return choice[static_cast<std::size_t>(pick(0, static_cast<int>(choice.size()) - 1))];
}

void Life::look(ModelJob& job) {
    const auto stored = system_.store().read()->job(job.id);
    job.settled = system_.clock.now();
    if (stored && stored->state.key == job.key) return;
    job.alive = false;
    job.owed.close(system_.clock.now());
}

void Life::add() {
    const std::string id(1, static_cast<char>('a' + pick(0, 4)));
    if (alive(id) != nullptr) return;
    const Plain plain = random_trigger();
    service::NewJob wish;
    wish.id = id;
    wish.fields.func = FuncRef{"tasks", "ok"};
    wish.fields.trigger = as_edit(plain);
    random_rules(wish.fields);
    if (chance(20)) wish.fields.max_runs = std::optional<std::int64_t>(pick(1, 6));
    if (chance(10)) wish.fields.next_run = service::NextRun{};
    tell("add " + id + " " + trigger::to_json(plain.trigger()));
    const auto stored = system_.jobs().add(system_.caller(), wish).job;
    auto job = std::make_unique<ModelJob>();
    job->id = id;
    job->paused = wish.fields.next_run.has_value();
    job->armed_at = job->settled = system_.clock.now();
    if (!stored) return;  // it had nothing to do
    take_over(*job, *stored);
    change_owed(*job, plain, 0, stored->state);
    jobs_.push_back(std::move(job));
}

void Life::edit() {
    ModelJob* job = pick_job();
    if (job == nullptr) return;
    service::JobEdit edit;
    random_rules(edit);
    const bool trigger = chance(50);
    const Plain plain = new_trigger(*job);
    if (trigger) edit.trigger = as_edit(plain);
    edit.reschedule = chance(50);
    const bool same = plain == job->owed.trigger() && !edit.reschedule;
    const bool stays = !trigger || same || stays_owed(*job, plain);
    const Micros covered = cursor_of(*job);
    tell("edit " + job->id + (trigger ? " " + trigger::to_json(plain.trigger()) : "") +
         (trigger && edit.reschedule ? " anew" : ""));
    const auto stored = system_.jobs().edit(system_.caller(), job->id, edit);
    history_.check_new_rows(*job, awake_since_, held());
    if (!held() || job->paused || !stays) job->settled = system_.clock.now();
    if (!stored) return look(*job);
    take_over(*job, *stored);
    if (stays) return;
    change_owed(*job, plain, covered, stored->state);
    job->armed_at = system_.clock.now();
}

void Life::replace() {
    ModelJob* job = pick_job();
    if (job == nullptr || job->paused) return;
    const Plain plain = new_trigger(*job);
    const bool stays = stays_owed(*job, plain);
    const Micros covered = cursor_of(*job);
    service::NewJob wish;
    wish.id = job->id;
    wish.replace_existing = true;
    wish.fields.func = FuncRef{"tasks", "ok"};
    wish.fields.trigger = as_edit(plain);
    random_rules(wish.fields);
    wish.fields.max_runs = job->def.max_runs;
    tell("replace " + job->id + " " + trigger::to_json(plain.trigger()));
    const auto stored = system_.jobs().add(system_.caller(), wish).job;
    history_.check_new_rows(*job, awake_since_, held());
    if (!stored || stored->state.key != job->key) {
        look(*job);
        job->alive = false;
        job->owed.close(system_.clock.now());
        if (!stored) return;
        auto fresh = std::make_unique<ModelJob>();
        fresh->id = job->id;
        job = fresh.get();
        jobs_.push_back(std::move(fresh));
    }
    take_over(*job, *stored);
    if (stays) return;
    change_owed(*job, plain, covered, stored->state);
    job->armed_at = job->settled = system_.clock.now();
}

void Life::pause() {
    ModelJob* job = pick_job();
    if (job == nullptr || job->paused) return;
    tell("pause " + job->id);
    system_.jobs().pause(system_.caller(), job->id);
    history_.check_new_rows(*job, awake_since_, held());
    const Micros settled = job->settled;
    look(*job);
    if (held()) job->settled = settled;  // what is due is booked when the job goes on
    job->paused = job->alive;
}

void Life::resume() {
    ModelJob* job = pick_job();
    if (job == nullptr || !job->paused) return;
    tell("resume " + job->id);
    system_.jobs().resume(system_.caller(), job->id);
    job->armed_at = system_.clock.now();
    job->paused = false;
    look(*job);
}

void Life::remove() {
    ModelJob* job = pick_job();
    if (job == nullptr) return;
    tell("remove " + job->id);
    system_.jobs().remove(system_.caller(), job->id);
    job->deleted = true;
    look(*job);
}

void Life::run_now() {
    const ModelJob* job = pick_job();
    if (job == nullptr) return;
    tell("run " + job->id);
    system_.jobs().run_now(system_.caller(), job->id);
}

void Life::stop() {
    const auto runs = system_.store().read()->runs({}).items;
    const auto live = std::find_if(runs.begin(), runs.end(), [](const auto& run) { return is_live(run.state); });
    if (live == runs.end()) return;
    tell("stop " + live->job_id + "/" + std::to_string(raw(live->id)));
    system_.workers.stopped.insert(live->id);
    system_.executions().stop(system_.caller(), system_.executions().id_of(live->id));
}

void Life::switch_engine() {
    using store::EngineState;
    const EngineState from = engine_;
    auto& scheduler = system_.scheduler();
    if (from == EngineState::stopped) {
        engine_ = EngineState::running;
        scheduler.start(system_.caller());
    } else if (from == EngineState::paused) {
        engine_ = EngineState::running;
        scheduler.resume(system_.caller());
    } else if (chance(50)) {
        engine_ = EngineState::paused;
        scheduler.pause(system_.caller());
    } else {
        engine_ = EngineState::stopped;
        scheduler.shut_down(system_.caller(), false);
    }
    tell("engine " + std::to_string(static_cast<int>(engine_)));
    if (engine_ == EngineState::running) woke_up();
}

void Life::woke_up() { awake_since_ = system_.clock.now(); }

void Life::crash() {
    tell("crash");
    if (system_.wall.now() != system_.clock.now()) crank();  // the clock is known up to the last turn
    system_.crash();
    begin_again();
}

void Life::restart() {
    tell("restart");
    if (chance(50)) pass(pick(1, 5'000));
    if (system_.wall.now() != system_.clock.now()) crank();
    system_.restart();
    begin_again();
}

void Life::check_submit(const runner::RunOrder& order) {
    const auto& assigned = order.assigned;
    const auto job = std::find_if(jobs_.begin(), jobs_.end(), [&](const auto& j) { return j->key == assigned.job; });
    if (job == jobs_.end()) throw std::logic_error("a run of an unknown job was given out");
    if ((*job)->deleted) {
        throw std::logic_error("a run of the deleted job '" + (*job)->id + "' was given out");
    }
    const bool by_hand = assigned.origin == Origin::manual;
    if (!by_hand && (*job)->paused)
        throw std::logic_error("a run of the paused job '" + (*job)->id + "' was given out");
    if (draining_ || system_.clock.suspect()) throw std::logic_error("a run was given out while claims are held");
    if (!by_hand && engine_ != store::EngineState::running) throw std::logic_error("a run was given out while paused");
    const auto& held = system_.workers.held;
    const auto same = [&](const Workers::Held& h) { return h.order.assigned.job == assigned.job; };
    if (std::count_if(held.begin(), held.end(), same) >= (*job)->most_instances) {
        throw std::logic_error("job '" + (*job)->id + "' runs more often at once than max_instances");
    }
}

void Life::check() {
    for (auto& job : jobs_) {
        if (job->alive) {
            const auto stored = system_.store().read()->job(job->key).value().state;
            if (stored.status == JobStatus::finished || stored.status == JobStatus::broken) {
                if (stored.status == JobStatus::broken) throw std::logic_error("job '" + job->id + "' is broken");
                job->alive = false;
                job->owed.close(system_.clock.now());
            }
        }
        history_.check_new_rows(*job, awake_since_, held());
        history_.check_accounting(*job);
    }
}

/// Everything goes on and all runs end well: nothing may be left over.
void Life::come_to_rest() {
    tell("come to rest");
    system_.wall.set_wall(system_.clock.now());
    if (draining_) drain();
    if (engine_ != store::EngineState::running) switch_engine();
    for (int round = 0; round < 5'000; ++round) {
        crank();
        if (system_.workers.held.empty()) break;
        while (!system_.workers.held.empty()) {
            system_.workers.end(0, random_verdict(9), system_.clock.now());
        }
    }
    check();
    for (const auto& job : jobs_) {
        history_.check_ends(*job);
        history_.check_nothing_is_stuck(*job);
    }
}

}  // namespace foliot::testing
