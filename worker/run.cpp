#include "run.hpp"

#include "base/error.hpp"
#include "base/json.hpp"

#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

using foliot::kMillisecond;
using foliot::Micros;

namespace {

constexpr Micros kProgressPause = 250 * kMillisecond;
constexpr std::size_t kMaxNote = 4U << 10U;
constexpr std::size_t kMaxErrorText = 64U << 10U;
constexpr std::size_t kMaxErrorCode = 128;
constexpr std::size_t kLogOverhead = 64;  ///< header and fixed fields of a LOG frame

foliot_str str(const std::string& s) { return {s.data(), s.size()}; }

/// At most `max` bytes, never ending within a character.
std::string_view cut(std::string_view text, std::size_t max) {
    if (text.size() <= max) return text;
    while (max > 0 && (static_cast<unsigned char>(text[max]) & 0xC0U) == 0x80U) --max;
    return text.substr(0, max);
}

std::uint32_t thread_id() {
    thread_local const auto id = static_cast<std::uint32_t>(::syscall(SYS_gettid));
    return id;
}

}  // namespace

foliot_run::foliot_run(foliot::worker::Channel& control, foliot::worker::Channel& log, const foliot::Clock& clock)
    : control_(control), log_(log), clock_(clock), cancel_event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!cancel_event_) foliot::throw_errno("eventfd");
    info_.struct_size = sizeof info_;
}

void foliot_run::prepare(std::uint64_t run, foliot::process::Start start, std::string work_dir) {
    start_ = std::move(start);
    work_dir_ = std::move(work_dir);
    result_.clear();
    error_code_.clear();
    error_text_.clear();
    delay_ = 0;
    results_ = 0;
    log_level_ = start_.log_level;
    info_.attempt = start_.attempt;
    info_.max_attempts = start_.max_attempts;
    info_.scheduled_us = start_.scheduled;
    info_.execution_id = str(start_.execution_id);
    info_.job_id = str(start_.job_id);
    info_.job_name = str(start_.job_name);
    run_ = run;
    active_ = true;
    args_.read(std::move(start_.args));
    kwargs_.read(std::move(start_.kwargs));
}

void foliot_run::begin(Micros now) {
    info_.deadline_us = start_.timeout > 0 ? now + start_.timeout : 0;
    last_sign_ = clock_.monotonic();
}

std::string foliot_run::finish(std::int32_t outcome, foliot::process::Result& result) {
    if (outcome != FOLIOT_OK) reserve_.give();
    std::string frame;
    {
        const std::lock_guard lock(progress_mutex_);
        if (progress_) frame = foliot::process::encode(run_, *progress_);
        progress_.reset();
        progress_sent_ = 0;
        active_ = false;
    }
    if (outcome < FOLIOT_OK || outcome > FOLIOT_CANCELLED) {
        set_error("abi_violation", "the function returned " + std::to_string(outcome) + ", which is no outcome");
        outcome = FOLIOT_FAILED;
    }
    take_result(outcome, result);
    result.outcome = outcome;
    result.delay = delay_;
    result.error_code = std::move(error_code_);
    result.error_text = std::move(error_text_);
    return frame;
}

void foliot_run::remove_work_dir() {
    if (!std::exchange(work_dir_made_, false)) return;
    std::error_code ignored;
    std::filesystem::remove_all(work_dir_, ignored);
}

void foliot_run::take_result(std::int32_t& outcome, foliot::process::Result& into) {
    if (results_ == 0) return;
    if (results_ > 1) {
        set_error("abi_violation", "the function gave " + std::to_string(results_) + " results");
        outcome = FOLIOT_FAILED;
        return;
    }
    if (result_.size() > foliot::process::kMaxResult) {
        set_error("result_too_large", "the result has " + std::to_string(result_.size()) + " bytes, at most " +
                                          std::to_string(foliot::process::kMaxResult) + " are kept");
        outcome = FOLIOT_FAILED;
        return;
    }
    try {
        foliot::json::parse(result_);
        into.result = std::move(result_);
    } catch (const foliot::json::SyntaxError& e) {
        set_error("invalid_result", std::string("the result is no JSON: ") + e.what());
        outcome = FOLIOT_FAILED;
    }
}

void foliot_run::cancel(std::int32_t why) {
    std::int32_t expected = FOLIOT_RUNNING;
    if (!cancelled_.compare_exchange_strong(expected, why, std::memory_order_acq_rel)) return;
    ::eventfd_write(cancel_event_.get(), 1);
}

void foliot_run::reset_cancel() {
    if (cancelled_.load(std::memory_order_acquire) == FOLIOT_RUNNING) return;
    eventfd_t ignored = 0;
    ::eventfd_read(cancel_event_.get(), &ignored);
    cancelled_.store(FOLIOT_RUNNING, std::memory_order_release);
}

std::string_view foliot_run::work_dir() {
    if (!work_dir_made_ && ::mkdir(work_dir_.c_str(), 0700) != 0) return {};
    work_dir_made_ = true;
    return work_dir_;
}

void foliot_run::log(std::int32_t level, std::string_view text, std::string_view fields) {
    if (!active_ || level < static_cast<std::int32_t>(log_level_.load())) return;
    foliot::process::Log line;
    line.at = clock_.now();
    line.level = level;
    line.thread = thread_id();
    line.text = cut(text, foliot::process::kMaxLogFrame - kLogOverhead);
    // Fields cut in the middle would be no JSON: they go whole or not at all.
    if (line.text.size() + fields.size() + kLogOverhead <= foliot::process::kMaxLogFrame) line.fields = fields;
    last_sign_ = clock_.monotonic();
    log_.send(foliot::process::encode(run_, line));
}

void foliot_run::progress(double fraction, std::string_view note) {
    const Micros now = clock_.monotonic();
    last_sign_ = now;
    {
        const std::lock_guard lock(progress_mutex_);
        if (!active_ || run_ == 0) return;
        progress_ = foliot::process::Progress{fraction, std::string(cut(note, kMaxNote))};
    }
    control_.send(due_progress(now));
}

std::string foliot_run::due_progress(Micros monotonic) {
    const std::lock_guard lock(progress_mutex_);
    if (!progress_ || (progress_sent_ != 0 && monotonic < progress_sent_ + kProgressPause)) return {};
    std::string frame = foliot::process::encode(run_, *progress_);
    progress_.reset();
    progress_sent_ = monotonic;
    return frame;
}

void foliot_run::set_result(std::string_view json) {
    ++results_;
    result_ = json;
}

void foliot_run::set_error(std::string_view code, std::string_view text) {
    reserve_.give();
    error_code_ = cut(code, kMaxErrorCode);
    error_text_ = cut(text, kMaxErrorText);
}
