// One random life of a scheduler: what users, workers and the world do to it, in an order that a seed decides.
#pragma once

#include "model/history.hpp"

#include <random>

namespace foliot::testing {

class Life {
  public:
    explicit Life(unsigned seed) : random_(seed), awake_since_(system_.clock.now()) {
        system_.workers.on_submit = [this](const runner::RunOrder& order) { check_submit(order); };
        pass(0);
    }

    void live(int steps);
    std::string story() const { return story_; }  ///< what happened so far, for a failure

  private:
    using Act = void (Life::*)();

    int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
    bool chance(int percent) { return pick(0, 99) < percent; }
    void tell(const std::string& what) { story_ += what + "\n"; }

    void act(Act what);
    void pass(Micros seconds);
    void crank();
    void let_time_pass();
    void set_clock();
    void mend_clock();
    void accept_clock();
    void lose_store();
    void drain();
    bool step_engine();
    void begin_again();
    void move_back(ModelJob& job, Micros cursor, RunId newest);
    void work();
    void add();
    void edit();
    void replace();
    void pause();
    void resume();
    void remove();
    void run_now();
    void stop();
    void switch_engine();
    void crash();
    void restart();
    void come_to_rest();

    void check_submit(const runner::RunOrder& order);
    void check();
    void woke_up();
    bool held() const { return node_held_ || engine_ != store::EngineState::running; }
    bool stays_owed(const ModelJob& job, const Plain& plain);
    Plain random_trigger();
    Plain new_trigger(const ModelJob& job);
    Micros cursor_of(const ModelJob& job);
    void change_owed(ModelJob& job, const Plain& plain, Micros covered, const JobState& stored);
    void random_rules(service::JobEdit& edit);
    void take_over(ModelJob& job, const Job& stored);
    ModelJob* pick_job();
    ModelJob* alive(const std::string& id);
    /// What became of the job, as far as its owner sees.
    void look(ModelJob& job);
    static service::TriggerEdit as_edit(const Plain& plain);

    System system_;
    std::mt19937 random_;
    History history_{system_};
    std::vector<std::unique_ptr<ModelJob>> jobs_;
    Micros awake_since_;
    Micros latest_ = 0;  ///< the server's clock has been there
    bool draining_ = false;
    bool node_held_ = false;  ///< at its last turn
    store::EngineState engine_ = store::EngineState::running;
    std::string story_;
};

}  // namespace foliot::testing
