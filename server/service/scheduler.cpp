#include "service/scheduler.hpp"

#include "base/error.hpp"
#include "service/unit.hpp"

#include <string>

namespace foliot::service {
namespace {

using store::EngineState;

std::string name_of(EngineState state) {
    switch (state) {
        case EngineState::running: return "running";
        case EngineState::paused: return "paused";
        case EngineState::stopped: break;
    }
    return "stopped";
}

/// Starting is for a stopped scheduler only; all other changes are for one that is not stopped.
void check_transition(EngineState from, bool starting) {
    const bool stopped = from == EngineState::stopped;
    if (starting && !stopped) throw RequestError(Problem::wrong_state, "Scheduler is already running");
    if (!starting && stopped) throw RequestError(Problem::wrong_state, "Scheduler is not running");
}

}  // namespace

store::EngineState Scheduler::state(const Caller& caller) {
    require(caller, Power::read, "see the scheduler");
    if (!options_.host_allowed) return EngineState::stopped;
    EngineState state{};
    read(store_, [&](store::Snapshot& snapshot) { state = snapshot.engine_state(); });
    return state;
}

void Scheduler::start(const Caller& caller) {
    require(caller, Power::admin, "start the scheduler");
    if (!options_.host_allowed) return;
    change(caller, EngineState::running, "started");
}

void Scheduler::pause(const Caller& caller) {
    require(caller, Power::run, "pause the scheduler");
    change(caller, EngineState::paused, "paused");
}

void Scheduler::resume(const Caller& caller) {
    require(caller, Power::run, "resume the scheduler");
    change(caller, EngineState::running, "resumed");
}

bool Scheduler::shut_down(const Caller& caller, bool wait) {
    require(caller, Power::admin, "shut the scheduler down");
    change(caller, EngineState::stopped, "stopped");
    return !wait || wait_idle_(options_.longest_wait);
}

void Scheduler::change(const Caller& caller, EngineState to, std::string_view event) {
    if (!options_.host_allowed) throw RequestError(Problem::wrong_state, "Scheduler is not running");
    write(store_, [&](store::Tx& tx) {
        const EngineState from = tx.settings().engine_state();
        check_transition(from, event == "started");
        if (from == to) return;
        tx.settings().set_engine_state(to);
        store::AuditEntry entry;
        entry.actor = caller.who.name;
        entry.via = caller.via;
        entry.event = event;
        entry.kind = "scheduler";
        entry.before = name_of(from);
        entry.after = name_of(to);
        tx.audit(entry);
        tx.after_commit({store::Event::Kind::engine_state, 0});
    });
}

}  // namespace foliot::service
