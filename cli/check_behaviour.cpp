#include "base/error.hpp"
#include "base/json.hpp"
#include "cli/checks.hpp"
#include "cli/child.hpp"
#include "cli/interrupt.hpp"
#include "cli/module_file.hpp"
#include "cli/scratch.hpp"

#include <sys/timerfd.h>

#include <algorithm>
#include <array>

namespace foliot::cli {
namespace {

using module::Param;

constexpr Micros kCancelAfter = 100 * kMillisecond;

CheckResult finding(const char* test, Level level, std::string text) {
    if (text.empty()) level = Level::ok;
    return {"behaviour", test, level, std::move(text)};
}

std::string words_of(const Verdict& verdict) {
    std::string text = verdict.reason.empty() ? std::string(wire_name(verdict.state)) : verdict.reason;
    return verdict.error.empty() ? text : text + ": " + verdict.error;
}

/// Its process ended, or was ended, before it had answered.
bool died(const Verdict& verdict) {
    static constexpr std::array<std::string_view, 6> kReasons{"timeout",         "out_of_memory",  "cpu_limit",
                                                              "file_size_limit", "protocol_error", "lost"};
    const std::string_view reason = verdict.reason;
    return verdict.state == RunState::error || reason.starts_with("crashed:") || reason.starts_with("exited:") ||
           std::ranges::find(kReasons, reason) != kReasons.end();
}

bool broke_the_rules(const Verdict& verdict) {
    return verdict.reason == "invalid_result" || verdict.reason == "result_too_large" ||
           verdict.reason == "abi_violation";
}

Verdict run_once(const RunRequest& request) {
    Audience nobody;
    Verdict verdict = run_by_worker(request, nobody, interrupts()).verdict;
    throw_if_interrupted();
    return verdict;
}

CheckResult check_end(const Verdict& verdict) {
    if (died(verdict)) return finding("ends", Level::error, words_of(verdict));
    const bool well = verdict.state == RunState::succeeded || broke_the_rules(verdict);
    return finding("ends", Level::warning,
                   well ? "" : "with these arguments it does not succeed: " + words_of(verdict));
}

CheckResult check_result(const Verdict& verdict) {
    return finding("result", Level::error, broke_the_rules(verdict) ? words_of(verdict) : "");
}

/// Arms a timer when the run has begun.
class CancelLater final : public Audience {
  public:
    CancelLater() : timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)) {
        if (!timer_) throw_errno("timerfd_create");
    }
    void on_started() override {
        itimerspec when{};
        when.it_value.tv_nsec = kCancelAfter * 1000;
        if (::timerfd_settime(timer_.get(), 0, &when, nullptr) != 0) throw_errno("timerfd_settime");
    }
    int fd() const { return timer_.get(); }

  private:
    Fd timer_;
};

CheckResult check_cancel(const RunRequest& request) {
    CancelLater later;
    const RunReport report = run_by_worker(request, later, later.fd());
    std::string text;
    if (report.stopping >= request.grace)
        text =
            "cancelled, it did not end within its grace and was killed; look at context.checkpoint() or wait with "
            "context.sleep_for()";
    else if (died(report.verdict))
        text = "cancelled, it did not end by itself: " + words_of(report.verdict);
    return finding("cancel", Level::error, text);
}

/// A JSON value that no parameter of that type takes; empty: it takes all.
std::string_view wrong_value(const Param& param) {
    if (param.type == "any") return {};
    return param.type == "string" ? "1" : "\"wrong\"";
}

/// Runs that the function's own check of its arguments must end, past the server's.
std::vector<std::pair<std::string, std::string>> wrong_arguments(const module::Function& function) {
    std::vector<std::pair<std::string, std::string>> wrong;
    std::string required;
    for (const Param& param : function.params) {
        if (param.required) required = param.name;
        const std::string_view value = wrong_value(param);
        if (value.empty()) continue;
        wrong.emplace_back("a wrong type for '" + param.name + "'",
                           "{" + json::quote(param.name) + ":" + std::string(value) + "}");
    }
    if (!required.empty()) wrong.emplace_back("that '" + required + "' is missing", "{}");
    wrong.emplace_back("an unknown argument", R"({"no such parameter":1})");
    return wrong;
}

CheckResult check_arguments(RunRequest request) {
    if (request.function->pass_through) return {"behaviour", "arguments", Level::skipped, "it takes anything"};
    request.args = "[]";
    for (const auto& [what, kwargs] : wrong_arguments(*request.function)) {
        request.kwargs = kwargs;
        const Verdict verdict = run_once(request);
        if (verdict.reason != "bad_arguments")
            return finding("arguments", Level::error,
                           "it does not refuse " + what + " with bad_arguments, but ends as " + words_of(verdict));
    }
    return finding("arguments", Level::ok, "");
}

CheckResult check_leftovers(const RunRequest& request) {
    std::vector<std::string> arguments{
        "module", "inspect",    request.module->path, "leaves_nothing", "--run", request.function->name,
        "--args", request.args, "--kwargs",           request.kwargs};
    if (!request.config.empty()) arguments.insert(arguments.end(), {"--config", request.config});
    const Scratch folder;  // what it leaves there when it is killed goes with it
    const ChildReport child =
        run_child(own_program(), arguments, request.timeout, {{"TMPDIR=" + (folder / "").string()}, interrupts()});
    if (!child.succeeded()) return finding("leaves_nothing", Level::error, child.ending());
    return finding("leaves_nothing", Level::error, child.answer);
}

CheckResult check_repetition(const RunRequest& request, const Verdict& first) {
    const Verdict second = run_once(request);
    const bool same = first.state == second.state && first.reason == second.reason;
    return finding("repeatable", Level::warning,
                   same ? "" : "another run in a new process ended otherwise: " + words_of(second));
}

}  // namespace

CheckResults check_behaviour(const RunRequest& request) {
    const Verdict first = run_once(request);
    CheckResults findings{check_end(first), check_result(first)};
    findings.push_back(check_arguments(request));
    if (died(first)) {
        for (const char* test : {"cancel", "leaves_nothing", "repeatable"})
            findings.push_back({"behaviour", test, Level::skipped, "it does not end well"});
        return findings;
    }
    findings.push_back(check_cancel(request));
    findings.push_back(check_leftovers(request));
    findings.push_back(check_repetition(request, first));
    return findings;
}

}  // namespace foliot::cli
