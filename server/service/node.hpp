// Use cases of this server as one node: is it ready, draining it, and believing its clock.
#pragma once

#include "engine/engine.hpp"
#include "service/caller.hpp"
#include "store/store.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace foliot::service {

std::string_view name_of(store::EngineState state);  ///< running, paused, stopped

/// Thread-safe.
class Node {
  public:
    struct Readiness {
        enum class Status { ok, draining, unavailable } status = Status::ok;
        std::string reason;  ///< "" when ok, unless it says why the scheduler shows as stopped
        struct Reason {
            std::string_view id;  ///< clock, disk, store, host, draining, paused, stopped, no_modules
            std::string text;
        };
        std::vector<Reason> reasons{};  ///< all for which nothing, or nothing by itself, is started; the worst first
        store::EngineState engine = store::EngineState::running;  ///< as everybody wants it; with `ok`
    };

    /// `any_module`: can any be used? Asked on any thread.
    Node(store::Store& store, engine::Engine& engine, std::function<bool()> any_module)
        : store_(store), engine_(engine), any_module_(std::move(any_module)) {}

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
    std::function<bool()> any_module_;
};

}  // namespace foliot::service
