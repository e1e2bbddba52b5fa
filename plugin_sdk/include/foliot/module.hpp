// Registration: how functions become "module:function", and the wall that no exception passes.
#pragma once

#include <foliot/abi.h>
#include <foliot/args.hpp>
#include <foliot/context.hpp>
#include <foliot/json.hpp>
#include <foliot/value.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <deque>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace foliot {

/// What runs may take of the machine. The server has limits for all; these count where they are lower, and an Admin may
/// give a job others. 0: none.
struct Limits {
    std::optional<std::uint64_t> memory = {};           ///< bytes that its code has allocated; beyond: std::bad_alloc
    std::optional<std::chrono::microseconds> cpu = {};  ///< of all threads; rounded up to whole seconds
    std::optional<std::uint32_t> open_files = {};       ///< at once
    std::optional<std::uint64_t> file_size = {};        ///< bytes, of each file that is written
    std::optional<std::uint64_t> output = {};           ///< bytes of what it prints that are kept: head and tail
    std::optional<std::uint32_t> nice = {};             ///< 0 to 19; higher gives way to others
};

/// What a function says of itself. A job may set each of the limits otherwise; what is not set here is the server's
/// default.
struct Options {
    const char* title = "";
    const char* help = "";
    const char* example = "";  ///< arguments to try it with: a JSON list (or object) that fits them
    std::optional<std::uint32_t> max_retries = {};              ///< 0: none
    std::optional<std::chrono::microseconds> first_delay = {};  ///< before the first retry
    std::optional<double> backoff = {};                         ///< each delay is the one before times this
    std::optional<std::chrono::microseconds> max_delay = {};
    std::optional<std::chrono::microseconds> timeout = {};
    Limits limits = {};  ///< what is not set here is as Module::limits() says
};

namespace detail {

inline std::int32_t fail(const foliot_host* host, foliot_run* run, std::int32_t outcome, std::string_view code,
                         std::string_view what) noexcept {
    host->set_error(run, str(code), str(what));
    return outcome;
}

inline void delay(const foliot_host* host, foliot_run* run, std::chrono::microseconds delay) noexcept {
    host->set_delay(run, delay.count() < 0 ? 0 : delay.count());
}

/// The one place where exceptions end and become outcomes.
template <class Body>
std::int32_t barrier(const foliot_host* host, foliot_run* run, const Body& body) noexcept {
    try {
        body();
        return FOLIOT_OK;
    } catch (const Cancelled&) {
        return FOLIOT_CANCELLED;
    } catch (const Snooze& e) {
        delay(host, run, e.delay());
        return FOLIOT_SNOOZED;
    } catch (const RetryAfter& e) {
        delay(host, run, e.delay());
        if (!e.result_json().empty()) host->set_result(run, str(e.result_json()));
        return fail(host, run, FOLIOT_RETRY_AFTER, "retry_after", e.what());
    } catch (const BadArguments& e) {
        return fail(host, run, FOLIOT_FAILED_FOR_GOOD, "bad_arguments", e.what());
    } catch (const PermanentFailure& e) {
        return fail(host, run, FOLIOT_FAILED_FOR_GOOD, "permanent", e.what());
    } catch (const Failure& e) {
        host->set_result(run, str(e.result_json()));
        return fail(host, run, FOLIOT_FAILED, "failure", e.what());
    } catch (const std::bad_alloc& e) {
        return fail(host, run, FOLIOT_FAILED, "out_of_memory", e.what());
    } catch (const std::exception& e) {
        return fail(host, run, FOLIOT_FAILED, "exception", e.what());
    } catch (...) {
        return fail(host, run, FOLIOT_FAILED, "exception", "something that is no std::exception was thrown");
    }
}

template <class F>
struct signature {
    static_assert(!std::same_as<F, F>, "a job is void|Result (foliot::Context&[, const Args&])");
};
template <class R, bool N>
struct signature<R (*)(Context&) noexcept(N)> {
    using args = NoArgs;
    using result = R;
};
template <class R, class A, bool N>
struct signature<R (*)(Context&, A) noexcept(N)> {
    using args = std::remove_cvref_t<A>;
    using result = R;
};
template <auto Fn>
using signature_of = signature<decltype(+Fn)>;

/// The result becomes text while the arguments live: it may be a view into them.
template <auto Fn, class... Given>
void call(Context& context, const foliot_host* host, foliot_run* run, Given... given) {
    if constexpr (std::is_void_v<typename signature_of<Fn>::result>) {
        Fn(context, std::move(given)...);
    } else {
        const std::string json = Json::of(Fn(context, std::move(given)...));
        host->set_result(run, str(json));
    }
}

template <auto Fn>
std::int32_t run(const foliot_job*, const foliot_host* host, foliot_run* run) noexcept {
    return barrier(host, run, [&] {
        using Taken = typename signature_of<Fn>::args;
        const foliot_value* args = host->args(run);
        const foliot_value* kwargs = host->kwargs(run);
        Context context(host, run);
        if constexpr (std::same_as<Taken, Arguments>) {
            call<Fn>(context, host, run, Arguments(args, kwargs));
        } else if constexpr (std::same_as<Taken, NoArgs>) {
            read_args<NoArgs>(args, kwargs);
            call<Fn>(context, host, run);
        } else {
            call<Fn>(context, host, run, read_args<Taken>(args, kwargs));
        }
    });
}

/// init has no user pointer: what it calls is kept here.
template <class Config>
inline void (*configure)(const Config&) = nullptr;

template <class Config>
std::int32_t init(const foliot_host* host, foliot_run* run) noexcept {
    return barrier(host, run, [&] { configure<Config>(read_args<Config>(host->args(run), host->kwargs(run))); });
}

inline std::int64_t us(std::chrono::microseconds duration) { return duration.count(); }

inline Object describe(const Limits& limits) {
    Object out;
    if (limits.memory) out.set("memory", *limits.memory);
    if (limits.cpu) out.set("cpu_us", us(*limits.cpu));
    if (limits.open_files) out.set("open_files", *limits.open_files);
    if (limits.file_size) out.set("file_size", *limits.file_size);
    if (limits.output) out.set("output", *limits.output);
    if (limits.nice) out.set("nice", *limits.nice);
    return out;
}

template <class Args>
std::string describe(const Options& options) {
    Object out;
    out.set("title", options.title).set("help", options.help);
    if (*options.example != '\0') out.set("example", options.example);
    if constexpr (std::same_as<Args, Arguments>) {
        out.set("pass_through", true).set("params", RawJson{"[]"});
    } else {
        out.set("params", describe_args<Args>());
    }
    if (options.max_retries) out.set("max_retries", *options.max_retries);
    if (options.first_delay) out.set("first_delay_us", us(*options.first_delay));
    if (options.backoff) out.set("backoff", *options.backoff);
    if (options.max_delay) out.set("max_delay_us", us(*options.max_delay));
    if (options.timeout) out.set("timeout_us", us(*options.timeout));
    if (const Object limits = describe(options.limits); !limits.empty()) out.set("limits", RawJson{limits.json()});
    return out.json();
}

}  // namespace detail

/// The module under construction: FOLIOT_MODULE hands it to the registration body.
class Module {
  public:
    Module(const char* name, const char* version) noexcept
        : module_{sizeof(foliot_module),
                  FOLIOT_ABI_MAJOR,
                  FOLIOT_TARGET_MINOR,
                  name,
                  version,
                  "{}",
                  0,
                  nullptr,
                  nullptr,
                  nullptr} {}
    Module(const Module&) = delete;
    Module& operator=(const Module&) = delete;

    /// Publishes Fn as "<module>:<name>". Fn is void|Result (Context&[, const Args&]); Args is a struct with schema(),
    /// or Arguments to take anything. A Result is anything that Json::of can write.
    template <auto Fn>
    void job(const char* name, const Options& options = {}) {
        Entry& entry = entries_.emplace_back();
        entry.meta = detail::describe<typename detail::signature_of<Fn>::args>(options);
        entry.job = {sizeof(foliot_job), 0, name, entry.meta.c_str(), nullptr, &detail::run<Fn>};
        jobs_.push_back(&entry.job);
        module_.jobs = jobs_.data();
        module_.job_count = jobs_.size();
    }

    /// `configure` is called once, before the first run, with the module's configuration. Config is a struct with
    /// schema(); what `configure` throws makes the module unusable.
    template <class Config>
    void config(void (*configure)(const Config&)) {
        detail::configure<Config> = configure;
        describe_as("config", describe_args<Config>());
        module_.init = &detail::init<Config>;
    }

    /// Of each function that does not set its own.
    void limits(const Limits& limits) { describe_as("limits", RawJson{detail::describe(limits).json()}); }

    const foliot_module* c() const noexcept { return &module_; }

  private:
    struct Entry {
        std::string meta;
        foliot_job job{};
    };

    template <class T>
    void describe_as(std::string_view name, const T& what) {
        meta_.set(name, what);
        meta_text_ = meta_.json();
        module_.meta_json = meta_text_.c_str();
    }

    foliot_module module_;
    Object meta_;
    std::string meta_text_;
    std::deque<Entry> entries_;  // a deque: the addresses stay
    std::vector<const foliot_job*> jobs_;
};

namespace detail {

/// The body of a module's entry. Null when the host is too old or the registration failed.
inline const foliot_module* entry(std::uint32_t host_minor, std::uint32_t wanted_minor, const char* name,
                                  const char* version, void (*fill)(Module&)) noexcept {
    if (host_minor < wanted_minor) return nullptr;
    try {
        static Module module(name, version);
        static const bool filled = (fill(module), true);
        return filled ? module.c() : nullptr;
    } catch (...) {
        return nullptr;
    }
}

}  // namespace detail
}  // namespace foliot

// NOLINTBEGIN(bugprone-macro-parentheses): the last argument is a parameter's name

/// The ELF note: who the module is, readable without running it.
#define FOLIOT_NOTE_(NAME, VERSION)                                                                    \
    namespace {                                                                                        \
    struct FoliotNote {                                                                                \
        std::uint32_t owner_size, payload_size, type;                                                  \
        char owner[8]; /* padded to a multiple of 4 */                                                 \
        std::uint16_t major, minor;                                                                    \
        char text[sizeof(NAME "\0" VERSION)];                                                          \
    };                                                                                                 \
    [[gnu::section(".note.foliot"), gnu::used, gnu::aligned(4)]] constexpr FoliotNote foliot_note{     \
        sizeof(FOLIOT_NOTE_OWNER), 4 + sizeof(NAME "\0" VERSION), FOLIOT_NOTE_TYPE, FOLIOT_NOTE_OWNER, \
        FOLIOT_ABI_MAJOR,          FOLIOT_TARGET_MINOR,           NAME "\0" VERSION};                  \
    }

/// FOLIOT_MODULE("reports", "1.4.0", module) { module.job<send_report>("send_report"); }
/// The name is that of the file without ".so". Once in a module.
#define FOLIOT_MODULE(NAME, VERSION, module_name)                                                       \
    FOLIOT_NOTE_(NAME, VERSION)                                                                         \
    static void foliot_register(foliot::Module&);                                                       \
    extern "C" FOLIOT_EXPORT const foliot_module* foliot_module_v1(std::uint32_t host_minor) {          \
        return foliot::detail::entry(host_minor, FOLIOT_TARGET_MINOR, NAME, VERSION, &foliot_register); \
    }                                                                                                   \
    static void foliot_register([[maybe_unused]] foliot::Module& module_name)

// NOLINTEND(bugprone-macro-parentheses)
