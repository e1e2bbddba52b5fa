#include "model/system.hpp"

#include <unistd.h>

#include <limits>

namespace foliot::testing {
namespace {

/// Syncing costs nothing in memory; power loss is another test's matter.
std::filesystem::path fastest_folder() {
    const std::filesystem::path memory = "/dev/shm";
    return ::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
}

std::optional<module::Resolved> resolve(const FuncRef&, std::string&) {
    static const auto tasks = [] {
        auto module = std::make_shared<module::Module>();
        module->name = "tasks";
        module->functions.emplace_back().name = "ok";
        return std::shared_ptr<const module::Module>(std::move(module));
    }();
    return module::Resolved{tasks, &tasks->functions.front()};
}

}  // namespace

System::System() : dir_(fastest_folder()) {
    start([](RunId, std::int64_t) { return store::LedgerEntry{}; });
}

void System::start(const store::LedgerLookup& ledger) {
    store_ = store::open_sqlite({dir_ / "foliot.db"}, clock);
    clock.begin(store_->last_seen());
    const store::Fence fence = store_->join({"node", "boot"});
    store_->recover(fence, ledger, false);
    failing_.emplace(*store_);
    jobs_.emplace(*failing_, functions_, vault_, service::JobOptions{});
    executions_.emplace(*failing_);
    scheduler_.emplace(
        *failing_, [](Micros) { return true; }, service::SchedulerOptions{});
    engine_.emplace(*failing_, workers, resolve, clock, fence);
    engine_->guard_with({&clock, nullptr});
}

void System::drop() {
    engine_.reset();
    scheduler_.reset();
    executions_.reset();
    jobs_.reset();
    failing_.reset();
    store_.reset();
}

void System::let_store_work(bool works) {
    failing_->turns = works ? FailingStore::Turns::work : FailingStore::Turns::are_refused;
    failing_->writes = works ? std::numeric_limits<int>::max() : 0;
}

void System::crank() {
    while (engine_->step()) {}
}

void System::crash() {
    drop();
    const auto ledger = workers.die(clock.now());
    start([&](RunId run, std::int64_t claim) {
        const auto found = ledger.find({run, claim});
        if (found != ledger.end()) return found->second;
        return store::LedgerEntry{store::LedgerSays::not_started, {}, 0, 0};
    });
}

void System::restart() {
    engine_->stop();
    while (!workers.held.empty()) {
        if (workers.held.front().begun) {
            workers.end(0, {RunState::succeeded, Outcome::ok, "", "", "null", 0}, clock.now());
        } else {
            workers.give_back(0);
        }
    }
    crank();
    drop();
    workers.die(clock.now());
    start([](RunId, std::int64_t) { return store::LedgerEntry{}; });
}

}  // namespace foliot::testing
