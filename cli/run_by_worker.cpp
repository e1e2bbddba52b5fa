// The server's own runner with room for one worker.
#include "base/bell.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "cli/command.hpp"
#include "cli/module_file.hpp"
#include "cli/run_request.hpp"
#include "cli/scratch.hpp"
#include "process/spawn.hpp"
#include "runner/runner.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace foliot::cli {
namespace {

constexpr int kLookEvery = 50;                    // milliseconds: output is not rung for
constexpr std::size_t kMostOutput = 16UL << 20U;  // kept between two looks
constexpr RunId kRun{1};

runner::Options options_for(const RunRequest& request, const Scratch& scratch) {
    runner::Options options;
    options.limits.max_workers = 1;
    options.limits.grace = request.grace;
    options.limits.spawn_limit = kLimit;
    options.limits.max_output = kMostOutput;
    options.worker_program = worker_program();
    options.environment = runner::worker_environment();
    options.work_dir = scratch / "work";
    options.module_config = [config = request.config](const std::string&) { return config; };
    options.module_changed = [] {};
    options.awaits_restart = false;
    return options;
}

runner::RunOrder order_for(const RunRequest& request, const Clock& clock) {
    runner::RunOrder order;
    auto definition = std::make_shared<Definition>();
    definition->name = request.function->name;
    definition->func = {request.module->name, request.function->name};
    definition->args = request.args;
    definition->kwargs = request.kwargs;
    order.assigned.run = kRun;
    order.assigned.claim = 1;
    order.assigned.job_id = "command-line";
    order.assigned.lane = lane_of(request.module->name);
    order.assigned.nominal = clock.now();
    order.assigned.def = std::move(definition);
    order.function = {request.module, request.function};
    order.execution_id = "command-line";
    order.timeout = request.timeout;
    order.limits.declared = request.function->limits;
    order.limits.declared.output.reset();  // its author sees all of it
    return order;
}

class Watch {
  public:
    Watch(const RunRequest& request, Audience& audience, int interrupts)
        : audience_(audience),
          interrupts_(interrupts),
          ledger_(process::Ledger::open(scratch_ / "ledger", 1, process::boot_id())),
          runner_(runner::start_runner(options_for(request, scratch_), clock_, ledger_, [this] { bell_.ring(); })) {
        std::vector<runner::RunOrder> orders;
        orders.push_back(order_for(request, clock_));
        runner_->submit(std::move(orders));
    }

    RunReport to_its_end() {
        for (;;) {
            wait();
            show_output();
            runner::Collected news = runner_->collect();
            if (!news.started.empty()) audience_.on_started();
            for (const auto& [run, word] : news.progressed)
                audience_.on_progress(word.progress.fraction, word.progress.note);
            if (!news.given_back.empty())
                throw CommandError("the module's file changed since it was looked at; run it again");
            if (!news.finished.empty()) return finish(news.finished.front());
        }
    }

  private:
    void wait() {
        std::array<pollfd, 2> events{{{bell_.fd(), POLLIN, 0}, {interrupts_, POLLIN, 0}}};
        if (::poll(events.data(), events.size(), kLookEvery) < 0 && errno != EINTR) throw_errno("poll");
        if (events[0].revents != 0) bell_.clear();
        if (events[1].revents != 0) {
            runner_->stop(kRun, StopWhy::user);
            stopped_ = clock_.monotonic();
            interrupts_ = -1;
        }
    }

    void show_output() {
        for (;;) {
            const auto piece = runner_->look(kRun, seen_);
            if (!piece) return;
            seen_ = piece->end;
            show(piece->chunks);
            if (!piece->more) return;
        }
    }

    void show(const std::vector<OutputChunk>& chunks) {
        for (const OutputChunk& chunk : chunks) {
            if (chunk.left_out > 0) {
                const char* what = chunk.stream == Stream::log ? " lines" : " bytes";
                audience_.on_output(Stream::err, "[... " + std::to_string(chunk.left_out) + what + " left out ...]\n");
            } else if (chunk.stream == Stream::log) {
                audience_.on_log(chunk.at, log_line(chunk));
            } else {
                audience_.on_output(chunk.stream, chunk.data);
            }
        }
    }

    RunReport finish(store::Finished& finished) {
        show(runner::output_after(std::move(finished.output), seen_));
        if (finished.progress) audience_.on_progress(finished.progress->fraction, finished.progress->note);
        const Micros stopping = stopped_ == 0 ? 0 : std::max<Micros>(clock_.monotonic() - stopped_, 1);
        return {std::move(finished.verdict), finished.started, finished.started > 0 ? finished.ended : 0, stopping};
    }

    Audience& audience_;
    int interrupts_;
    Micros stopped_ = 0;  ///< monotonic; 0: not asked to end
    Scratch scratch_;
    SystemClock clock_;
    Bell bell_;
    process::Ledger ledger_;
    runner::OutputPosition seen_;
    std::unique_ptr<runner::Runner> runner_;  // last: its thread uses the others
};

}  // namespace

RunReport run_by_worker(const RunRequest& request, Audience& audience, int interrupts) {
    return Watch(request, audience, interrupts).to_its_end();
}

}  // namespace foliot::cli
