// The real store, services and engine on one file, with workers in memory; it can crash and come back.
#pragma once

#include "engine/engine.hpp"
#include "engine/fixture.hpp"
#include "model/workers.hpp"
#include "service/executions.hpp"
#include "service/jobs.hpp"
#include "service/scheduler.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"

#include <memory>
#include <optional>

namespace foliot::testing {

class System {
  public:
    System();

    void crank();    ///< turns until there is nothing more to do now
    void crash();    ///< server and workers die at once; then a new life recovers
    void restart();  ///< a clean stop: what has not begun is given back, what runs ends well

    service::Caller caller() const { return {root_, "test"}; }
    service::Jobs& jobs() { return *jobs_; }
    service::Executions& executions() { return *executions_; }
    service::Scheduler& scheduler() { return *scheduler_; }
    store::Store& store() { return *store_; }
    engine::Engine& engine() { return *engine_; }
    void let_store_work(bool works);  ///< false: it takes no writes

    ManualClock wall;
    engine::GuardedClock clock{wall};  ///< what the server goes by
    Workers workers;

  private:
    class AnyFunction final : public service::Functions {
      public:
        std::shared_ptr<const module::Function> find(const FuncRef& func) const override {
            return std::make_shared<const module::Function>(
                module::Function{.name = func.function, .pass_through = true});
        }
    };
    void start(const store::LedgerLookup& ledger);
    void drop();

    TempDir dir_;
    service::Vault vault_{dir_ / "secrets.key"};
    AnyFunction functions_;
    const Principal root_{1, "root", Role::admin, Scope::admin};
    std::unique_ptr<store::Store> store_;
    std::optional<FailingStore> failing_;
    std::optional<service::Jobs> jobs_;
    std::optional<service::Executions> executions_;
    std::optional<service::Scheduler> scheduler_;
    std::optional<engine::Engine> engine_;
};

}  // namespace foliot::testing
