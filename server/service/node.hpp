// Use cases of this server as one node: is it ready, draining it, and believing its clock.
#pragma once

#include "engine/engine.hpp"
#include "service/caller.hpp"
#include "store/store.hpp"

#include <string>
#include <string_view>

namespace foliot::service {

std::string_view name_of(store::EngineState state);  ///< running, paused, stopped

/// Thread-safe.
class Node {
  public:
    struct Readiness {
        enum class Status { ok, draining, unavailable } status = Status::ok;
        std::string reason;  ///< "" when ok, unless it says why the scheduler shows as stopped
        store::EngineState engine = store::EngineState::running;  ///< as everybody wants it; with `ok`
    };

    Node(store::Store& store, engine::Engine& engine) : store_(store), engine_(engine) {}

    Readiness readiness() const;  ///< for anybody; throws nothing
    /// Idempotent; until undrain() or the next start.
    void drain(const Caller& caller);
    void undrain(const Caller& caller);
    /// Throws RequestError wrong_state when the clock is believed already.
    void accept_clock(const Caller& caller);

  private:
    void set_draining(const Caller& caller, bool draining);

    store::Store& store_;
    engine::Engine& engine_;
};

}  // namespace foliot::service
