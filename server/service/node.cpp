#include "service/node.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "service/unit.hpp"

#include <exception>

namespace foliot::service {
namespace {

using engine::Hold;
using Status = Node::Readiness::Status;

store::AuditEntry audit_of(const Caller& caller, std::string_view event) {
    store::AuditEntry entry;
    entry.actor = caller.who.name;
    entry.via = caller.via;
    entry.event = event;
    entry.kind = "scheduler";
    return entry;
}

}  // namespace

std::string_view name_of(store::EngineState state) {
    switch (state) {
        case store::EngineState::running: return "running";
        case store::EngineState::paused: return "paused";
        case store::EngineState::stopped: break;
    }
    return "stopped";
}

Node::Readiness Node::readiness() const {
    Readiness ready;
    try {
        ready.engine = store_.read()->engine_state();
    } catch (const std::exception& e) {
        return {.status = Status::unavailable, .reason = e.what(), .reasons = {{"store", e.what()}}};
    }
    for (const auto& [what, why] : engine_.holds().all()) ready.reasons.push_back({engine::name_of(what), why});
    if (ready.engine != store::EngineState::running) {
        ready.reasons.push_back({name_of(ready.engine), "the scheduler is " + std::string(name_of(ready.engine)) +
                                                            ", as it was told to be: nothing fires"});
    }
    if (!any_module_()) {
        ready.reasons.push_back({"no_modules", "no module can be used, so no job can run: see GET /api/v1/modules"});
    }
    const auto held = engine_.holds().worst();
    if (!held) return ready;
    ready.reason = held->why;
    switch (held->what) {
        case Hold::not_allowed: ready.engine = store::EngineState::stopped; break;
        case Hold::draining: ready.status = Status::draining; break;
        case Hold::clock:
        case Hold::disk:
        case Hold::store: ready.status = Status::unavailable; break;
    }
    return ready;
}

void Node::drain(const Caller& caller) { set_draining(caller, true); }

void Node::undrain(const Caller& caller) { set_draining(caller, false); }

void Node::set_draining(const Caller& caller, bool draining) {
    require(caller, Power::admin, draining ? "drain this server" : "end the draining of this server");
    if (engine_.holds().has(Hold::draining) == draining) return;
    write(store_, [&](store::Tx& tx) {
        tx.settings().set_draining(draining);
        tx.audit(audit_of(caller, draining ? "draining" : "undrained"));
    });
    engine_.drain(draining);
    draining ? log::info("drained", caller.who.name + " drains this server: nothing is started")
             : log::info("undrained", caller.who.name + " ended the draining");
}

void Node::accept_clock(const Caller& caller) {
    require(caller, Power::admin, "accept the clock");
    if (!engine_.holds().has(Hold::clock)) throw RequestError(Problem::wrong_state, "The clock is believed already");
    write(store_, [&](store::Tx& tx) {
        store::AuditEntry entry = audit_of(caller, "clock_accepted");
        if (const auto held = engine_.holds().worst()) entry.before = held->why;
        tx.audit(entry);
    });
    engine_.accept_clock();
}

}  // namespace foliot::service
