#include "job_loop.hpp"

#include "base/fd.hpp"
#include "base/json.hpp"
#include "call.hpp"
#include "exit_codes.hpp"

#include <unistd.h>

#include <cstdio>
#include <optional>
#include <system_error>

namespace foliot::worker {
namespace {

constexpr Micros kLongRun = 3 * kMillisecond;  ///< beside it a long look is nothing

}  // namespace

JobLoop::JobLoop(const Options& options, const foliot_module& module, Control& control, Channel& channel,
                 foliot_run& run, process::LedgerSlot& slot, ServerClock& clock)
    : options_(options),
      module_(module),
      control_(control),
      channel_(channel),
      run_(run),
      slot_(slot),
      clock_(clock),
      limits_(options.limits),
      looked_after_(module.job_count),
      pid_(::getpid()),
      cpu_before_(cpu_used()) {}

void JobLoop::run() {
    while (std::optional<Order> order = control_.take(batch_)) {
        run_order(std::move(*order));
        control_.end();
    }
}

void JobLoop::run_order(Order order) {
    const std::uint64_t run = order.run;
    clock_.follow(order.start.clock_offset);
    process::Result result;
    std::int32_t refusal = FOLIOT_FAILED_FOR_GOOD;
    if (prepare(std::move(order), refusal)) {
        call(run, result);
    } else {
        run_.finish(refusal, result);
    }
    batch_ += process::encode(run, result);
    if (!result.leftovers.empty()) control_.close(batch_);  // nobody else shall run in what this one has made of it
}

bool JobLoop::prepare(Order order, std::int32_t& refusal) {
    try {
        run_.prepare(order.run, std::move(order.start), options_.work_dir + "/run-" + std::to_string(order.run));
    } catch (const json::SyntaxError& e) {
        run_.set_error("bad_arguments", std::string("the arguments cannot be read: ") + e.what());
        return false;
    }
    if (run_.order().function >= module_.job_count) {
        run_.set_error("no_function", "the module has no function number " + std::to_string(run_.order().function));
        return false;
    }
    refusal = FOLIOT_CANCELLED;
    return control_.begin(clock_.monotonic());
}

void JobLoop::call(std::uint64_t run, process::Result& result) {
    const process::Start& order = run_.order();
    result.started = clock_.now();
    // One write for the result before and this: what has ended must be out before code runs that may crash. It tells,
    // too, when the server is gone: then nothing is begun.
    batch_ += process::encode(run, process::Started{result.started});
    const bool heard = channel_.send(batch_);
    batch_.clear();
    if (!heard) return control_.drop_queue();
    process::LedgerRun& entry = process::ledger_begin(slot_, order.execution, order.claim, result.started);
    run_.begin(clock_.wall());  // job code compares its deadline with what the system says

    if (options_.limits.memory > 0) run_.reserve_memory();
    limits_.begin();
    const std::int32_t outcome = call_function(*module_.jobs[order.function], run_);
    limits_.end();
    result.cancelled = run_.cancel_state();
    if (::getpid() != pid_)
        ::_exit(kInternal);  // a child forked by the job came back from it: there is one worker only

    result.ended = clock_.now();
    batch_ += run_.finish(outcome, result);
    process::ledger_end(entry, result.outcome, result.ended);
    clean_up(run, result);
    result.rss_bytes = memory_.bytes();
    const Micros cpu = cpu_used();
    result.cpu = cpu - cpu_before_;
    cpu_before_ = cpu;
}

void JobLoop::clean_up(std::uint64_t run, process::Result& result) {
    std::fflush(nullptr);
    result.leftovers = hygiene_.after_run(look_after(result));
    run_.remove_work_dir();
    write_markers(run);
}

/// What a function leaves behind it mostly leaves behind each time: so its first run is looked after well.
Hygiene::Look JobLoop::look_after(const process::Result& result) {
    const bool is_first = !looked_after_[run_.order().function];
    looked_after_[run_.order().function] = true;
    return is_first || result.ended - result.started >= kLongRun ? Hygiene::Look::thorough : Hygiene::Look::brief;
}

void JobLoop::write_markers(std::uint64_t run) {
    const std::string bytes = process::marker(options_.nonce, run);
    for (const int fd : {STDOUT_FILENO, STDERR_FILENO}) {
        try {
            write_all(fd, bytes);
        } catch (const std::system_error&) {
            // The job closed it. The server sees the end of the pipe, and the descriptor count tells of it.
        }
    }
}

}  // namespace foliot::worker
