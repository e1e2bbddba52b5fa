// Running jobs in a test: no server, no worker, no shared object; a host that records what they do.
//
//   foliot::testing::Host host;
//   host.cancel_on_log("row");
//   const auto report = host.run<send_report>(ReportArgs{.recipient = "a@b"});   // the function, with its arguments
//   const auto same = host.call<send_report>({"a@b"}, {{"rows", 30}});           // the job, as a caller names them
#pragma once

#include <foliot/job.hpp>

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace foliot::testing {

class Host;

/// A JSON value to call a job with: null, boolean, number, text, list or map.
class Data {
  public:
    using List = std::vector<Data>;
    using Map = std::vector<std::pair<std::string, Data>>;

    Data(std::nullptr_t = nullptr) {}
    Data(bool value) : value_(value) {}
    template <std::integral I>
        requires(!std::same_as<I, bool>)
    Data(I value) : value_(static_cast<std::int64_t>(value)) {}
    Data(double value) : value_(value) {}
    Data(const char* value) : value_(std::string(value)) {}
    Data(std::string value) : value_(std::move(value)) {}
    Data(List value) : value_(std::move(value)) {}
    Data(Map value) : value_(std::move(value)) {}

    /// The same as the ABI has it; `storage` holds the items, and the texts stay those of this Data.
    foliot_value raw(std::deque<std::vector<foliot_value>>& storage) const {
        foliot_value out{};
        if (const auto* flag = std::get_if<bool>(&value_)) {
            out.kind = FOLIOT_BOOL;
            out.as.i = *flag ? 1 : 0;
        } else if (const auto* integer = std::get_if<std::int64_t>(&value_)) {
            out.kind = FOLIOT_INT;
            out.as.i = *integer;
        } else if (const auto* real = std::get_if<double>(&value_)) {
            out.kind = FOLIOT_REAL;
            out.as.d = *real;
        } else if (const auto* text = std::get_if<std::string>(&value_)) {
            out = raw_text(*text);
        } else if (const auto* list = std::get_if<List>(&value_)) {
            out = {FOLIOT_LIST, static_cast<std::uint32_t>(list->size()), {0}};
            auto& items = storage.emplace_back();
            for (const Data& item : *list) items.push_back(item.raw(storage));
            out.as.items = items.data();
        } else if (const auto* map = std::get_if<Map>(&value_)) {
            out = {FOLIOT_MAP, static_cast<std::uint32_t>(map->size()), {0}};
            auto& items = storage.emplace_back();
            for (const auto& [key, value] : *map) {
                items.push_back(raw_text(key));
                items.push_back(value.raw(storage));
            }
            out.as.items = items.data();
        }
        return out;
    }

  private:
    static foliot_value raw_text(const std::string& text) {
        foliot_value out{FOLIOT_STRING, static_cast<std::uint32_t>(text.size()), {0}};
        out.as.s = text.data();
        return out;
    }

    std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, List, Map> value_;
};

struct LogLine {
    int level = FOLIOT_LOG_INFO;
    std::string text;
    std::string fields;  ///< a JSON object, or empty
};

/// What a run did.
struct Report {
    int outcome = FOLIOT_OK;
    std::string result = "null";  ///< JSON
    int results = 0;              ///< how often a result was set
    std::string error_code, error_text;
    std::chrono::microseconds delay{0};
    std::vector<LogLine> log;
    std::vector<double> progress;

    bool logged(std::string_view text) const {
        for (const LogLine& line : log) {
            if (line.text == text) return true;
        }
        return false;
    }
};

}  // namespace foliot::testing

/// The ABI leaves this type to the host.
struct foliot_run {
    foliot::testing::Host* host;
};

namespace foliot::testing {

/// A host that records. One run at a time; cancel() may be called from any thread.
class Host {
  public:
    Host() {
        if (event_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
        info_.struct_size = sizeof info_;
        info_.attempt = 1;
        info_.max_attempts = 1;
        info_.execution_id = str("0192f0c1e2d37a4b8c5d6e7f80912a3b");
        info_.job_id = str("test-job");
        info_.job_name = str("Test job");
    }
    ~Host() {
        remove_work_dir();
        ::close(event_);
    }
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    Host& attempt(std::uint32_t number, std::uint32_t of = 0) {
        info_.attempt = number;
        info_.max_attempts = of == 0 ? number : of;
        return *this;
    }
    Host& scheduled_time(Time time) { return info_.scheduled_us = time.time_since_epoch().count(), *this; }
    Host& deadline(Time time) { return info_.deadline_us = time.time_since_epoch().count(), *this; }

    /// Cancels the run as soon as it logs exactly this text.
    Host& cancel_on_log(std::string text) { return cancel_on_log_ = std::move(text), *this; }
    Host& cancel(CancelReason reason = CancelReason::user) {
        cancel_ = static_cast<std::int32_t>(reason);
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(event_, &one, sizeof one);
        return *this;
    }

    /// Calls the function with these C++ arguments.
    template <auto Fn, class... Args>
    Report run(const Args&... args) {
        return record([&] {
            return detail::barrier(table(), &run_, [&] {
                Context context(table(), &run_);
                if constexpr (std::is_void_v<decltype(Fn(context, args...))>) {
                    Fn(context, args...);
                } else {
                    const std::string json = Json::of(Fn(context, args...));
                    table()->set_result(&run_, str(json));
                }
            });
        });
    }

    /// Runs the function as a job: arguments are matched, checked and decoded.
    template <auto Fn>
    Report call(Data::List args = {}, Data::Map kwargs = {}) {
        foliot_job job{};
        job.struct_size = sizeof job;
        job.run = &detail::run<Fn>;
        return call(job, std::move(args), std::move(kwargs));
    }

    /// The same for a job of a module.
    Report call(const foliot_job& job, Data::List args = {}, Data::Map kwargs = {}) {
        return with_arguments(std::move(args), std::move(kwargs), [&] { return job.run(&job, table(), &run_); });
    }

    /// Calls a module's init with this configuration.
    Report configure(const foliot_module& module, Data::Map config = {}) {
        return with_arguments({}, std::move(config),
                              [&] { return module.init == nullptr ? FOLIOT_OK : module.init(table(), &run_); });
    }

  private:
    template <class Body>
    Report record(const Body& body) {
        {
            const std::lock_guard lock(mutex_);
            report_ = {};
        }
        const int outcome = body();
        remove_work_dir();
        const std::lock_guard lock(mutex_);
        report_.outcome = outcome;
        return report_;
    }

    template <class Body>
    Report with_arguments(Data::List args, Data::Map kwargs, const Body& body) {
        const Data list(std::move(args));
        const Data map(std::move(kwargs));
        std::deque<std::vector<foliot_value>> storage;
        args_ = list.raw(storage);
        kwargs_ = map.raw(storage);
        Report report = record(body);
        args_ = {FOLIOT_LIST, 0, {0}};
        kwargs_ = {FOLIOT_MAP, 0, {0}};
        return report;
    }

    static const foliot_host* table() {
        static const foliot_host kTable = [] {
            foliot_host host{};
            host.struct_size = sizeof host;
            host.abi_major = FOLIOT_ABI_MAJOR;
            host.abi_minor = FOLIOT_ABI_MINOR;
            host.name = "foliot-testing";
            host.version = "1";
            host.get_extension = [](const foliot_host*, const char*) -> const void* { return nullptr; };
            host.info = [](foliot_run* run) -> const foliot_run_info* { return &run->host->info_; };
            host.args = [](foliot_run* run) -> const foliot_value* { return &run->host->args_; };
            host.kwargs = [](foliot_run* run) -> const foliot_value* { return &run->host->kwargs_; };
            host.work_dir = [](foliot_run* run) { return run->host->make_work_dir(); };
            host.log = [](foliot_run* run, std::int32_t level, foliot_str text, foliot_str fields) {
                run->host->add_log({level, std::string(view(text)), std::string(view(fields))});
            };
            host.progress = [](foliot_run* run, double fraction, foliot_str) { run->host->add_progress(fraction); };
            host.cancel_state = [](foliot_run* run) -> std::int32_t { return run->host->cancel_; };
            host.cancel_fd = [](foliot_run* run) { return run->host->event_; };
            host.set_result = [](foliot_run* run, foliot_str json) {
                run->host->report_.result = view(json);
                ++run->host->report_.results;
            };
            host.set_error = [](foliot_run* run, foliot_str code, foliot_str text) {
                run->host->report_.error_code = view(code);
                run->host->report_.error_text = view(text);
            };
            host.set_delay = [](foliot_run* run, std::int64_t us) {
                run->host->report_.delay = std::chrono::microseconds(us);
            };
            return host;
        }();
        return &kTable;
    }

    void add_log(LogLine line) {
        const bool cancels = cancel_on_log_ && line.text == *cancel_on_log_;
        {
            const std::lock_guard lock(mutex_);
            report_.log.push_back(std::move(line));
        }
        if (cancels) cancel();
    }

    void add_progress(double fraction) {
        const std::lock_guard lock(mutex_);
        report_.progress.push_back(fraction);
    }

    foliot_str make_work_dir() {
        if (work_dir_.empty()) {
            std::string pattern = (std::filesystem::temp_directory_path() / "foliot-job-XXXXXX").string();
            if (::mkdtemp(pattern.data()) != nullptr) work_dir_ = pattern;
        }
        return str(work_dir_);
    }

    void remove_work_dir() {
        std::error_code ignored;
        if (!work_dir_.empty()) std::filesystem::remove_all(work_dir_, ignored);
        work_dir_.clear();
    }

    foliot_run run_{this};
    foliot_run_info info_{};
    foliot_value args_{FOLIOT_LIST, 0, {0}};
    foliot_value kwargs_{FOLIOT_MAP, 0, {0}};
    std::atomic<std::int32_t> cancel_{FOLIOT_RUNNING};
    int event_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    std::optional<std::string> cancel_on_log_;
    std::string work_dir_;
    std::mutex mutex_;
    Report report_;  // guarded by mutex_ where any thread may write: log and progress
};

}  // namespace foliot::testing
