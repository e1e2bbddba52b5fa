#include "app/application.hpp"

#include "app/database_owner.hpp"
#include "app/services.hpp"
#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/file_lock.hpp"
#include "base/log.hpp"
#include "engine/recover.hpp"
#include "process/spawn.hpp"
#include "service/accounts.hpp"
#include "service/privileged_jobs.hpp"
#include "service/unit.hpp"

#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <set>

namespace foliot::app {
namespace {

void make_private_folder(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    if (::chmod(folder.c_str(), 0700) != 0) throw_errno("chmod 0700 " + folder.string());
}

/// The start ledger belongs on tmpfs, where it lasts exactly as long as the kernel that runs its workers.
std::filesystem::path run_folder(const Config& config) {
    const char* given = std::getenv("RUNTIME_DIRECTORY");
    return given != nullptr && *given != 0 ? std::filesystem::path(given) : config.data_dir / "run";
}

}  // namespace

Application::Application(const Config& config) : config_(config) {
    if (service_manager::listens()) {
        herald_.emplace(Herald::Server{[this] { return state_line(); }, [this] { return vital_signs_->all_turn(); }});
    }
    refuse_files_of_others(config_.database);
    prepare_folders();
    take_folders();
    process::become_subreaper();
    containment_ = contain_jobs(config_);
    open_store();
    catalogue_ = std::make_unique<module::Catalogue>(module::CatalogueOptions{.path = config_.module_path,
                                                                              .trusted_paths = config_.trusted_paths,
                                                                              .worker_program = config_.worker_program,
                                                                              .job_user = containment_.user},
                                                     *store_);
    std::optional<module::FolderWatch> folders;  // before the first look, so that nothing is missed
    if (config_.watch_modules) folders.emplace(config_.module_path);
    catalogue_->rescan();
    rescanner_.emplace(*catalogue_, [this] { modules_looked_at(); });
    ledger_.emplace(process::Ledger::open(run_folder(config_) / "ledger",
                                          static_cast<std::size_t>(config_.workers.max_workers), process::boot_id()));
    const auto fence = engine::join_and_recover(*store_, *ledger_, host_name());
    store_->write(store::Store::Class::api, [this](store::Tx& tx) { tx.set_limits(config_.limits); });
    make_runner();
    make_engine(fence);
    make_services();
    services_->schedules.finish_moves();
    job_review_.emplace(0, Later::AtEnd::drop_it, [this] { services_->modules.look_at_jobs(); });
    job_review_->ask();
    look_at_key();
    say_state();
    say_what_is_privileged();
    hook_teller_.emplace(*store_);
    try {
        listen();
    } catch (...) {
        runner_.reset();  // its thread calls the engine
        throw;
    }
    engine_thread_ = std::thread([this] { run_engine(); });
    if (folders) module_watch_.emplace(*std::move(folders), *catalogue_, *rescanner_, clock_);
    if (herald_) herald_ready();
}

Application::~Application() { stop(); }

void Application::prepare_folders() const {
    make_private_folder(config_.data_dir);
    make_private_folder(config_.data_dir / "run");
    make_private_folder(run_folder(config_));
    std::filesystem::create_directories(config_.database.parent_path());
}

/// Token file, ledger and work folders are one server's, whatever database it uses.
void Application::take_folders() {
    folder_locks_.push_back(lock_for_one_server(config_.data_dir / "server.lock", config_.data_dir.string()));
    std::filesystem::remove(address_file());  // of a life that was killed: the lock says that it is ours
    const auto run = run_folder(config_);
    folder_locks_.push_back(lock_for_one_server(run / "ledger.lock", run.string()));
}

std::filesystem::path Application::address_file() const { return config_.data_dir / "run" / "http.address"; }

/// The guards come first: on a full disk the store needs what the reserve gives, on a wrong clock the right time.
void Application::open_store() {
    disk_.emplace(config_.database.string() + ".reserve", clock_);
    store_ = store::open_sqlite({.file = config_.database}, clock_);
    clock_.begin(store_->last_seen());
}

void Application::make_runner() {
    runner::Options options;
    options.limits = config_.workers;
    options.worker_program = config_.worker_program;
    options.environment = runner::worker_environment();
    options.work_dir = containment_.work_dir;
    options.user = containment_.user;
    options.cgroup = containment_.cgroup ? &*containment_.cgroup : nullptr;
    options.module_config = [this](const std::string& module) { return config_of(module); };
    options.module_changed = [this] { rescanner_->ask(); };
    runner_ = runner::start_runner(options, clock_, *ledger_, [this] {
        engine_->wake();
        idle_changed_.notify_all();
    });
}

void Application::make_engine(store::Fence fence) {
    engine_ = std::make_unique<engine::Engine>(
        *store_, *runner_, [this](const FuncRef& func, std::string& why) { return catalogue_->resolve(func, why); },
        clock_, fence);
    engine_->guard_with({&clock_, &*disk_});
    engine_->await_modules([this] { return catalogue_->unavailable(); });
    make_breaker();
    engine_->break_with(*breaker_);
    engine_->limit_with(config_.defaults.limits);
    engine_->keep_history(config_.history);
    engine_->watch_zones();
    if (herald_) engine_->tell_holds([this] { herald_->changed(); });
    if (!host_allowed(config_.allowed_hosts, host_name())) {
        engine_->forbid("scheduler.allowed_hosts does not name this host, " + host_name() + ": nothing is started");
    }
    store_->subscribe([this](const store::Event& event) {
        if (herald_) herald_->changed();
        switch (event.kind) {
            case store::Event::Kind::disk_full: return engine_->disk_is_full();
            case store::Event::Kind::run_touched:
            case store::Event::Kind::job_touched:
            case store::Event::Kind::module_touched: return changes_.note(event);
            case store::Event::Kind::accounts_changed: return;
            case store::Event::Kind::ending_noted:
                if (hook_teller_) hook_teller_->ask();
                return;
            case store::Event::Kind::delivery_queued:
            case store::Event::Kind::delivery_dropped:
                if (metrics_) metrics_->note_delivery(event.kind == store::Event::Kind::delivery_queued);
                return;
            default: engine_->wake();
        }
    });
}

void Application::make_services() {
    const auto look_on = [this](RunId run, const runner::OutputPosition& seen) { return runner_->look(run, seen); };
    services_ = std::make_unique<Services>(
        config_, *store_, *catalogue_, *engine_, *breaker_, clock_, [this](Micros limit) { return wait_idle(limit); },
        [this](Micros limit) { return rescanner_->look(limit); }, Services::Sights{changes_, look_on});
    engine_->open_secrets_with([this](std::string_view sealed) { return services_->vault.open(sealed); });
    token_writer_.emplace(60 * kSecond, Later::AtEnd::do_it, [this] { services_->token_uses.flush(); });
    services_->token_uses.when_noted([this] { token_writer_->ask(); });
    if (service::ensure_admin(*store_, config_.data_dir / "admin.token")) {
        log::info("admin-made", "made the user admin; its token is in " + (config_.data_dir / "admin.token").string());
    }
    metrics_.emplace(Metrics::Sources{*store_, config_.database, *engine_, *runner_, *catalogue_, services_->node});
    router_ = make_router(config_, *services_, [this] { return metrics_->text(); });
}

void Application::make_breaker() {
    breaker_ = std::make_unique<engine::Breaker>(config_.breaker);
    breaker_->read(store_->read()->setting(engine::kBreakersSetting));
    for (const auto& one : breaker_->tripped()) {
        log::warning("function-still-broken", one.func + " is not run since it crashed " + std::to_string(one.crashes) +
                                                  " times in a row; " + engine::way_out(one.func));
    }
}

/// A pause may be months old.
void Application::say_state() {
    const auto state = store_->read()->engine_state();
    if (state == store::EngineState::running) return;
    const bool paused = state == store::EngineState::paused;
    log::warning("scheduler-not-running", std::string("the scheduler is ") + (paused ? "paused" : "stopped") +
                                              ", as it was told to be: nothing fires until POST " +
                                              config_.apscheduler_prefix + (paused ? "/resume" : "/start"));
}

/// A misspelt name protects nothing, nor does a name protect from the jobs that are there.
void Application::say_what_is_privileged() {
    std::set<std::string> names = config_.privileged_modules;
    names.erase("shell");  // the default, whether it is installed or not
    for (const auto& module : catalogue_->modules()) names.erase(module->name);
    for (const auto& name : names) {
        log::warning("privileged-module-unknown",
                     "modules.privileged names '" + name + "', but there is no such module: is it misspelt?");
    }
    privileged_jobs_.emplace(0, Later::AtEnd::drop_it,
                             [this] { service::warn_of_jobs_by_others(*store_, config_.privileged_modules); });
    privileged_jobs_->ask();
}

/// A key that is lost is noticed at once, not by the first run that needs it.
void Application::look_at_key() const {
    constexpr const char* made = "secrets.key";
    if (!services_->vault.made_key()) return;
    const std::string path = config_.secrets_key.string();
    const bool there_was_one = !store_->read()->setting(made).empty();
    if (there_was_one) {
        log::error("secrets-key-lost",
                   path +
                       " was gone, and a new key was made: secrets that jobs have cannot be opened. Put the lines of " +
                       "the old file into the new one and start again, or give these secrets anew");
    } else {
        log::info("secrets-key-made", "made the key of secrets, " + path + ": keep a copy of it");
    }
    store_->write(store::Store::Class::api, [](store::Tx& tx) { tx.settings().set(made, "made"); });
}

void Application::listen() {
    http_ = std::make_unique<api::HttpServer>(config_.http, *router_, services_->authenticator());
    metrics_->serve_of(http_.get());
    const bool has_colons = config_.http.address.find(':') != std::string::npos;  // RFC 3986, 3.2.2
    const std::string host = has_colons ? "[" + config_.http.address + "]" : config_.http.address;
    const std::string address = host + ":" + std::to_string(http_->port());
    write_file_atomically(address_file().string(), address + "\n", 0600);
    log::info("serving", "serving on http://" + address);
    http_address_ = http_->address();
}

/// What the engine cannot go on after (the fate of a commit is unknown, say) is what recovery is for: end at once, as
/// if killed, and let the next start judge by the ledger.
void Application::run_engine() {
    ::pthread_setname_np(::pthread_self(), "engine");
    try {
        engine_->run();
    } catch (const std::exception& e) {
        log::error("engine-failed",
                   std::string("the engine cannot go on; start the server again to recover: ") + e.what());
        std::_Exit(1);
    }
}

void Application::herald_ready() {
    vital_signs_.emplace(
        *store_,
        std::vector<VitalSigns::Loop>{
            {"the engine's loop", [this] { return engine_->beats(); }, [this] { engine_->nudge(); }},
            {"the supervisor of the workers", [this] { return runner_->beats(); }, [this] { runner_->nudge(); }}});
    herald_->ready();
}

/// What `systemctl status` shows.
std::string Application::state_line() {
    constexpr std::int64_t most = 100'000;
    const auto readiness = services_->node.readiness();
    const std::size_t runs = runner_->census().runs;
    std::string line =
        readiness.reason.empty() ? std::string(service::name_of(readiness.engine)) + ": " : readiness.reason + "; ";
    line += std::to_string(runs) + (runs == 1 ? " run" : " runs") + " under way";
    try {
        const store::Queue queue = store_->read()->queue(most);
        line += ", " + std::to_string(queue.blocked + queue.ready) + " queued";
    } catch (const store::StoreUnavailable&) {  // it is the reason, or for a moment
    }
    return line;
}

/// With what a store that is away, and all else, may take.
Micros Application::longest_stop() const {
    constexpr Micros rest = 36 * kSecond;
    return config_.shutdown_grace + config_.workers.grace + rest;
}

/// The rows tell: a run that was claimed may not be with the runner yet, one that left it not stored.
bool Application::idle() const {
    store::RunFilter filter;
    filter.states = {RunState::assigned, RunState::running, RunState::stopping};
    filter.limit = 1;
    bool none = false;
    service::read(*store_, [&](store::Snapshot& snapshot) { none = snapshot.runs(filter).items.empty(); });
    return none;
}

bool Application::wait_idle(Micros limit) {
    // Nobody tells when the last end is stored, so look now and then; only while somebody waits.
    constexpr std::chrono::milliseconds slice{20};
    const Micros end = clock_.monotonic() + limit;
    std::unique_lock lock(idle_mutex_);
    while (!idle()) {
        if (stopping_ || clock_.monotonic() >= end) return false;
        idle_changed_.wait_for(lock, slice);
    }
    return true;
}

void Application::modules_looked_at() {
    engine_->wake();
    job_review_->ask();
}

std::string Application::config_of(const std::string& module) const {
    const std::lock_guard lock(config_mutex_);
    return module_config_json(config_, module, http_address_);
}

/// The store comes first: it may say no.
void Application::reload(const Config& next, const ChangedKeys& keys) {
    if (keys.any_at_once("limits."))
        store_->write(store::Store::Class::api, [&](store::Tx& tx) { tx.set_limits(next.limits); });
    engine_->retain(next.history);
    services_->jobs.use_defaults(next.defaults);
    const auto configured = modules_configured_anew(config_, next);
    {
        const std::lock_guard lock(config_mutex_);
        config_.module_config = next.module_config;
    }
    if (!configured.empty()) runner_->replace_workers(configured);
    config_.shutdown_grace = next.shutdown_grace;
    if (keys.any_at_once("modules.")) search_modules(next);
    engine_->wake();
    rescanner_->ask();
}

void Application::search_modules(const Config& next) {
    module_watch_.reset();
    catalogue_->search(next.module_path, next.trusted_paths);
    if (next.watch_modules)
        module_watch_.emplace(module::FolderWatch(next.module_path), *catalogue_, *rescanner_, clock_);
}

void Application::stop() {
    if (!engine_thread_.joinable()) return;
    if (herald_) herald_->stopping(longest_stop());
    std::error_code ignored;
    std::filesystem::remove(address_file(), ignored);
    {
        const std::lock_guard lock(idle_mutex_);
        stopping_ = true;
    }
    idle_changed_.notify_all();
    log::info("runs-may-end", "runs may go on for " + std::to_string(config_.shutdown_grace / kSecond) + " s");
    engine_->stop();
    module_watch_.reset();
    catalogue_->give_up();
    constexpr Micros request_grace = 5 * kSecond;
    if (http_) http_->stop(request_grace);
    token_writer_.reset();
    privileged_jobs_.reset();
    runner_->shut_down(config_.shutdown_grace);
    engine_thread_.join();
    http_.reset();
    runner_.reset();  // its thread calls the engine until the last worker is gone
    rescanner_.reset();
    job_review_.reset();
    hook_teller_.reset();
}

}  // namespace foliot::app
