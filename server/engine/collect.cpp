// Collect: what the runner learned goes into the inbox of the next turn, with the next attempt where a policy asks for
// one.
#include "engine/engine.hpp"

#include <iterator>

namespace foliot::engine {
namespace {

template <class T>
void append(std::vector<T>& to, std::vector<T>&& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

/// The runner knows time limits only; what was left until the deadline was one.
void name_deadline(store::Finished& finished, Micros deadline) {
    if (deadline == 0 || finished.verdict.state != RunState::timeout || finished.ended < deadline) return;
    finished.verdict.reason = "deadline";
    finished.verdict.error = "the job's deadline passed before it ended";
}

}  // namespace

void Engine::collect() {
    auto collected = runner_.collect();
    const std::size_t already_there = inbox_.finished.size();
    append(inbox_.finished, std::move(collected.finished));
    append(inbox_.started, std::move(collected.started));
    append(inbox_.given_back, std::move(collected.given_back));
    for (auto& [run, progressed] : collected.progressed) inbox_.progressed[run] = std::move(progressed);
    inbox_.room = std::move(collected.room);
    plan_retries(already_there);
    if (breaker_ != nullptr) note_crashes(already_there, collected.crashes);
}

void Engine::plan_retries(std::size_t from) {
    std::uniform_real_distribution<double> spread(0.0, 1.0);
    for (std::size_t i = from; i < inbox_.finished.size(); ++i) {
        auto& finished = inbox_.finished[i];
        const auto known = in_flight_.find(raw(finished.run));
        if (known == in_flight_.end()) continue;
        const auto& [def, attempt, deadline, snoozes, module, due] = known->second;
        name_deadline(finished, deadline);
        cap_snoozes(finished.verdict, snoozes);
        finished.next =
            within(next_attempt(def->retry, finished.verdict, attempt, clock_.now(), spread(random_)), deadline);
    }
}

}  // namespace foliot::engine
