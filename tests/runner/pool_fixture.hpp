// A supervisor with real workers, cranked by hand.
#pragma once

#include "module/file_check.hpp"
#include "runner/supervisor.hpp"
#include "support/temp_dir.hpp"

#include <algorithm>
#include <functional>
#include <map>

namespace foliot::testing {

inline std::shared_ptr<module::Module> module_at(const std::filesystem::path& file, std::string version = "1.0.0") {
    auto found = std::make_shared<module::Module>();
    found->name = file.stem().string();
    found->path = file.string();
    found->version = std::move(version);
    const auto stat = module::stat_of(file);
    found->identity = "1:" + (stat ? stat->text() : "") + ":";
    for (std::uint32_t i = 0; i < 5; ++i) {
        module::Function function;
        function.name = "f" + std::to_string(i);
        function.index = i;
        found->functions.push_back(function);
    }
    return found;
}

inline std::shared_ptr<module::Module> fixture(const std::string& name) {
    return module_at(std::filesystem::path(FOLIOT_FIXTURES_DIR) / (name + ".so"));
}

/// Functions of the fixtures by their place in the module.
inline constexpr std::uint32_t kNoop = 0, kAppend = 1, kOk = 0, kFail = 2, kSlow = 3;

struct Pool {
    explicit Pool(int workers = 2, Micros grace = 200 * kMillisecond)
        : ledger(process::Ledger::open(folder / "ledger", 8, "boot")),
          options(options_for(folder.path(), workers, grace)) {
        supervisor.emplace(options, clock, ledger);
    }

    static runner::Options options_for(const std::filesystem::path& folder, int workers, Micros grace) {
        runner::Options options;
        options.limits.max_workers = workers;
        options.limits.grace = grace;
        options.worker_program = std::filesystem::path(FOLIOT_BIN_DIR) / "foliot-worker";
        options.work_dir = folder / "work";
        return options;
    }

    runner::RunOrder order(const std::shared_ptr<module::Module>& of, std::uint32_t function = 0,
                           std::string kwargs = "{}") {
        runner::RunOrder order;
        order.assigned.run = static_cast<RunId>(++last_run);
        order.assigned.claim = 1000 + last_run;
        order.assigned.job_id = "job";
        order.assigned.lane = lane_of(of->name);
        auto def = std::make_shared<Definition>();
        def->name = "job";
        def->kwargs = std::move(kwargs);
        order.assigned.def = def;
        order.function = {of, &of->functions.at(function)};
        order.execution_id = "x" + std::to_string(last_run);
        return order;
    }

    /// Hands an order in; its run.
    RunId submit(runner::RunOrder order) {
        const RunId run = order.assigned.run;
        std::vector<runner::RunOrder> orders;
        orders.push_back(std::move(order));
        supervisor->submit(std::move(orders));
        return run;
    }
    RunId submit(const std::string& name, std::uint32_t function = 0, std::string kwargs = "{}") {
        return submit(order(fixture(name), function, std::move(kwargs)));
    }

    void collect() {
        auto now = supervisor->collect();
        for (auto& one : now.finished) {
            ++reports[one.run];
            finished.insert_or_assign(one.run, std::move(one));
        }
        for (const auto& one : now.started) started.push_back(one.run);
        for (auto& [run, one] : now.progressed) progress[run].push_back(std::move(one.progress));
        for (const auto& one : now.given_back) given_back.push_back(one.run);
        crashes.merge(now.crashes);
        room = std::move(now.room);
    }

    bool turn_until(const std::function<bool()>& condition, Micros limit = 30 * kSecond) {
        const Micros end = clock.monotonic() + limit;
        for (;;) {
            collect();
            if (condition()) return true;
            if (clock.monotonic() > end) return false;
            supervisor->poll(50 * kMillisecond);
        }
    }
    bool turn_until_done(RunId run) {
        return turn_until([&] { return finished.count(run) > 0; });
    }
    bool turn_until_started(RunId run) {
        return turn_until([&] { return std::count(started.begin(), started.end(), run) > 0; });
    }
    const store::Finished& result_of(RunId run) {
        BOOST_REQUIRE_MESSAGE(turn_until_done(run), "run " << raw(run) << " did not end");
        return finished.at(run);
    }
    std::string reason_of(RunId run) { return result_of(run).verdict.reason; }
    std::string output_of(RunId run, Stream stream) {
        std::string text;
        for (const auto& chunk : result_of(run).output) {
            if (chunk.stream != stream) continue;
            if (chunk.left_out > 0) text += "[" + std::to_string(chunk.left_out) + "]";
            text += stream == Stream::log ? log_line(chunk) + "\n" : chunk.data;
        }
        return text;
    }

    TempDir folder;
    SystemClock clock;
    process::Ledger ledger;
    runner::Options options;
    std::optional<runner::Supervisor> supervisor;
    std::int64_t last_run = 0;
    std::map<RunId, store::Finished> finished;
    std::map<RunId, int> reports;
    std::vector<RunId> started, given_back;
    std::map<RunId, runner::Crash> crashes;
    std::map<RunId, std::vector<store::Progress>> progress;  ///< as it was told, in order
    store::Room room;
};

}  // namespace foliot::testing
