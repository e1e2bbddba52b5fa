// A worker that does whatever the input says: each of its runs is told of once, in an end that can be stored and shown.
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "module/file_check.hpp"
#include "require.hpp"
#include "runner/supervisor.hpp"
#include "support/hostile_script.hpp"
#include "support/temp_dir.hpp"

#include <sys/wait.h>

#include <cerrno>
#include <map>

using namespace foliot;

namespace {

constexpr Micros kHour = 3600 * kSecond;
constexpr std::size_t kMaxOutput = 16U << 10U, kLongestLine = 64U << 10U;

/// Graces and limits are seconds; so that a silent worker does not cost them, each real one has a hundred.
class HurriedClock final : public Clock {
  public:
    Micros now() const override { return system_.now(); }
    Micros monotonic() const override { return 100 * system_.monotonic(); }
    Micros boottime() const override { return system_.boottime(); }

  private:
    SystemClock system_;
};

std::shared_ptr<module::Module> some_module() {
    auto found = std::make_shared<module::Module>();
    found->name = "fuzzed";
    found->path = "/proc/self/exe";
    found->version = "1";
    found->identity = "1:" + module::stat_of(found->path)->text() + ":";
    found->functions.push_back({.name = "run"});
    return found;
}

class Trial {
  public:
    explicit Trial(std::string_view script) : ledger_(process::Ledger::open(folder_ / "ledger", 2, "boot")) {
        runner::Options options;
        options.limits.max_workers = 2;
        options.limits.grace = kSecond;
        options.limits.spawn_limit = 5 * kSecond;
        options.limits.max_output = kMaxOutput;
        options.worker_program = FOLIOT_HOSTILE_WORKER;
        options.environment = {std::string(testing::hostile::kVariable) + "=" + to_hex(script)};
        options.work_dir = folder_ / "work";
        supervisor_.emplace(options, clock_, ledger_);
    }

    void run() {
        submit(3);
        await_ends();
        submit(1);
        supervisor_->shut_down(kSecond);
        await_ends();
        supervisor_.reset();
        REQUIRE(::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD);
    }

  private:
    void submit(int count) {
        std::vector<runner::RunOrder> orders;
        for (int i = 0; i < count; ++i) {
            runner::RunOrder order;
            order.assigned.run = static_cast<RunId>(++submitted_);
            order.assigned.claim = 7;
            order.assigned.job_id = "job";
            order.assigned.def = def_;
            order.function = {module_, &module_->functions.front()};
            order.timeout = 5 * kSecond;
            orders.push_back(std::move(order));
        }
        supervisor_->submit(std::move(orders));
    }

    void await_ends() {
        const Micros end = clock_.monotonic() + 500 * kSecond;
        for (;;) {
            note(supervisor_->collect());
            if (told_.size() == static_cast<std::size_t>(submitted_)) return;
            REQUIRE(clock_.monotonic() < end);
            supervisor_->poll(10 * kMillisecond);  // of real time
        }
    }

    void note(const runner::Collected& news) {
        for (const auto& one : news.finished) {
            REQUIRE(++told_[one.run] == 1);
            check(one);
        }
        for (const auto& one : news.given_back) REQUIRE(++told_[one.run] == 1);
    }

    void check(const store::Finished& one) const {
        REQUIRE(one.claim == 7);
        REQUIRE(one.verdict.state != RunState::running);
        json::parse(one.verdict.result);
        REQUIRE(one.started >= 0 && one.started <= clock_.now() + kHour);
        REQUIRE(one.ended >= one.started && one.ended <= clock_.now() + kHour);
        std::size_t kept = 0;
        for (const auto& chunk : one.output) kept += chunk.data.size();
        REQUIRE(kept <= 3 * kMaxOutput + 3 * kLongestLine);
    }

    testing::TempDir folder_;
    HurriedClock clock_;
    process::Ledger ledger_;
    std::shared_ptr<module::Module> module_ = some_module();
    std::shared_ptr<Definition> def_ = std::make_shared<Definition>();
    std::optional<runner::Supervisor> supervisor_;
    std::int64_t submitted_ = 0;
    std::map<RunId, int> told_;
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    [[maybe_unused]] static const bool quiet = [] {
        log::configure({.least = log::Level::error});
        process::become_subreaper();
        return true;
    }();
    const std::string_view script = fuzz::text_of(data, std::min<std::size_t>(size, 8192));
    Trial(script).run();
    return 0;
}
