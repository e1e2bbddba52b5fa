// What a running job may ask of its host, and the ways a run may end.
#pragma once

#include <foliot/abi.h>
#include <foliot/json.hpp>

#include <poll.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace foliot {

using Time = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

inline foliot_str str(std::string_view text) noexcept { return {text.data(), text.size()}; }
inline std::string_view view(foliot_str text) noexcept { return {text.data, text.size}; }

// How a run ends when it does not simply return. Any other std::exception is a failure, retried by the job's policy.

/// A failure that has a result all the same; retried by the job's policy.
class Failure : public std::runtime_error {
  public:
    template <class T>
    Failure(const std::string& why, const T& result) : runtime_error(why), result_(Json::of(result)) {}
    const std::string& result_json() const noexcept { return result_; }

  private:
    std::string result_;
};

/// Trying again would not help.
class PermanentFailure : public std::runtime_error {
  public:
    using runtime_error::runtime_error;
};

/// The arguments do not fit; the text names the one that does not. As a PermanentFailure, with code "bad_arguments".
class BadArguments : public PermanentFailure {
  public:
    using PermanentFailure::PermanentFailure;
};

/// Failed; to be tried again after `delay`, whatever the policy says. Counts as an attempt.
class RetryAfter : public std::runtime_error {
  public:
    RetryAfter(std::chrono::microseconds delay, const std::string& why) : runtime_error(why), delay_(delay) {}
    /// With a result all the same.
    template <class T>
    RetryAfter(std::chrono::microseconds delay, const std::string& why, const T& result)
        : runtime_error(why), delay_(delay), result_(Json::of(result)) {}
    std::chrono::microseconds delay() const noexcept { return delay_; }
    const std::string& result_json() const noexcept { return result_; }  ///< "": none

  private:
    std::chrono::microseconds delay_;
    std::string result_;
};

/// Nothing to do yet; again after `delay`. Counts as no attempt.
class Snooze : public std::exception {
  public:
    explicit Snooze(std::chrono::microseconds delay) noexcept : delay_(delay) {}
    std::chrono::microseconds delay() const noexcept { return delay_; }
    const char* what() const noexcept override { return "snoozed"; }

  private:
    std::chrono::microseconds delay_;
};

/// The run was told to end and ends.
class Cancelled : public std::exception {
  public:
    const char* what() const noexcept override { return "cancelled"; }
};

enum class CancelReason : std::int32_t {
    none = FOLIOT_RUNNING,
    user = FOLIOT_CANCEL_USER,
    timeout = FOLIOT_CANCEL_TIMEOUT,
    shutdown = FOLIOT_CANCEL_SHUTDOWN,
};

/// One run, as its job sees it. Valid only during the call; usable from any thread, but for work_dir().
class Context {
  public:
    Context(const foliot_host* host, foliot_run* run) noexcept : host_(host), run_(run) {}

    std::string_view execution_id() const { return view(info().execution_id); }
    std::string_view job_id() const { return view(info().job_id); }
    std::string_view job_name() const { return view(info().job_name); }
    std::uint32_t attempt() const { return info().attempt; }  ///< 1 is the first
    std::uint32_t max_attempts() const { return info().max_attempts; }
    /// The nominal time of the run, which may lie before its start.
    std::optional<Time> scheduled_time() const { return time(info().scheduled_us); }
    /// When the run times out.
    std::optional<Time> deadline() const { return time(info().deadline_us); }

    void debug(std::string_view text, const Object& fields = {}) const { log(FOLIOT_LOG_DEBUG, text, fields); }
    void info(std::string_view text, const Object& fields = {}) const { log(FOLIOT_LOG_INFO, text, fields); }
    void warn(std::string_view text, const Object& fields = {}) const { log(FOLIOT_LOG_WARNING, text, fields); }
    void error(std::string_view text, const Object& fields = {}) const { log(FOLIOT_LOG_ERROR, text, fields); }

    /// 0 to 1. May be called often.
    void progress(double fraction, std::string_view note = {}) const { host_->progress(run_, fraction, str(note)); }
    /// When it is not known how far the run is.
    void progress(std::string_view note) const { progress(std::numeric_limits<double>::quiet_NaN(), note); }

    bool cancelled() const { return host_->cancel_state(run_) != FOLIOT_RUNNING; }
    CancelReason cancel_reason() const { return static_cast<CancelReason>(host_->cancel_state(run_)); }
    /// Readable once cancelled. For poll(): neither read nor close it.
    int cancel_fd() const { return host_->cancel_fd(run_); }
    /// Throws Cancelled when the run shall end.
    void checkpoint() const {
        if (cancelled()) throw Cancelled();
    }

    /// Sleeps at least `duration`; wakes and throws Cancelled as soon as the run is cancelled.
    template <class Rep, class Period>
    void sleep_for(std::chrono::duration<Rep, Period> duration) const {
        using namespace std::chrono;
        constexpr auto longest = hours(24 * 365 * 100);  // a sum with the clock's time must not overflow
        const bool too_long = std::chrono::duration<double>(duration) > longest;
        sleep_until(steady_clock::now() + (too_long ? nanoseconds(longest) : ceil<nanoseconds>(duration)));
    }

    /// A folder for this run alone, made by the first call, removed with all in it after the run. Job's thread only.
    std::filesystem::path work_dir() const {
        const std::string_view path = view(host_->work_dir(run_));
        if (path.empty()) throw std::runtime_error("the host could not make a work folder");
        return path;
    }

  private:
    const foliot_run_info& info() const { return *host_->info(run_); }

    static std::optional<Time> time(std::int64_t us) {
        return us == 0 ? std::nullopt : std::optional(Time(std::chrono::microseconds(us)));
    }

    void log(std::int32_t level, std::string_view text, const Object& fields) const {
        const std::string json = fields.empty() ? std::string() : fields.json();
        host_->log(run_, level, str(text), str(json));
    }

    void sleep_until(std::chrono::steady_clock::time_point end) const {
        using namespace std::chrono;
        for (;;) {
            checkpoint();
            const nanoseconds left = end - steady_clock::now();
            if (left <= nanoseconds::zero()) return;
            const auto whole = duration_cast<seconds>(left);
            const timespec wait{whole.count(), (left - whole).count()};
            pollfd cancel{cancel_fd(), POLLIN, 0};
            const int ready = ::ppoll(&cancel, 1, &wait, nullptr);
            if (ready > 0) throw Cancelled();
            if (ready < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "ppoll");
        }
    }

    const foliot_host* host_;
    foliot_run* run_;
};

}  // namespace foliot
