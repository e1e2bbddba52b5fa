// The whole server, wired together. Parts are made lowest first and go in the opposite order.
#pragma once

#include "api/http/router.hpp"
#include "api/http/server.hpp"
#include "app/config.hpp"
#include "app/containment.hpp"
#include "app/herald.hpp"
#include "app/hook_teller.hpp"
#include "app/metrics.hpp"
#include "app/module_watch.hpp"
#include "app/reload.hpp"
#include "app/rescanner.hpp"
#include "app/vital_signs.hpp"
#include "base/clock.hpp"
#include "base/fd.hpp"
#include "base/later.hpp"
#include "engine/engine.hpp"
#include "module/catalogue.hpp"
#include "process/ledger.hpp"
#include "runner/runner.hpp"
#include "service/changes.hpp"
#include "store/store.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

namespace foliot::app {

struct Services;  // the use cases, and the dialects that speak of them

/// Serves from construction until stop(). One thread uses it.
class Application {
  public:
    /// Throws std::runtime_error that says what is wrong and what to do.
    explicit Application(const Config& config);
    ~Application();
    Application(const Application&) = delete;
    Application& operator=(const Application&) = delete;

    void look_for_modules() { rescanner_->ask(); }  ///< returns at once
    /// Takes over what of `next` can change while the server runs (`keys` names it), and looks for modules anew; does
    /// not wait for that. Throws when the store does not take it; then nothing has changed.
    void reload(const Config& next, const ChangedKeys& keys);
    /// Takes no more requests, claims nothing more, lets runs end for shutdown.grace, then ends them. Idempotent.
    void stop();

  private:
    void prepare_folders() const;
    void take_folders();
    std::filesystem::path address_file() const;
    void open_store();
    void make_runner();
    void make_engine(store::Fence fence);
    void make_services();
    void say_state();
    void make_breaker();
    void say_what_is_privileged();
    void look_at_key() const;
    void listen();
    void run_engine();
    void search_modules(const Config& next);
    void modules_looked_at();
    std::string config_of(const std::string& module) const;
    void herald_ready();
    std::string state_line();
    Micros longest_stop() const;
    bool idle() const;
    bool wait_idle(Micros limit);

    mutable std::mutex config_mutex_;
    Config config_;                 ///< module_config: guarded by config_mutex_
    std::optional<Herald> herald_;  ///< where a service manager listens
    std::vector<Fd> folder_locks_;
    Containment containment_;
    SystemClock system_clock_;
    engine::GuardedClock clock_{system_clock_};
    service::Changes changes_;
    std::optional<engine::DiskGuard> disk_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<module::Catalogue> catalogue_;
    std::optional<Rescanner> rescanner_;
    std::optional<ModuleWatch> module_watch_;
    std::optional<process::Ledger> ledger_;
    std::unique_ptr<runner::Runner> runner_;
    std::unique_ptr<engine::Breaker> breaker_;
    std::unique_ptr<engine::Engine> engine_;
    std::unique_ptr<Services> services_;
    std::optional<Later> token_writer_;
    std::optional<Later> privileged_jobs_;
    std::optional<Later> job_review_;  ///< of what modules that changed mean for them
    std::optional<HookTeller> hook_teller_;
    std::optional<Metrics> metrics_;
    std::unique_ptr<api::Router> router_;
    std::unique_ptr<api::HttpServer> http_;
    std::string http_address_;  ///< set before the engine starts workers
    std::thread engine_thread_;
    std::optional<VitalSigns> vital_signs_;
    std::mutex idle_mutex_;
    bool stopping_ = false;  // guarded by idle_mutex_
    std::condition_variable idle_changed_;
};

}  // namespace foliot::app
