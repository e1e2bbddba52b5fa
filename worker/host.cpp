#include "host.hpp"

#include "run.hpp"

#include <string_view>

namespace foliot::worker {
namespace {

std::string_view view(foliot_str s) {
    return s.data == nullptr ? std::string_view() : std::string_view(s.data, s.size);
}

// Nothing may unwind into a module: memory that runs out ends the process, as noexcept says.
const void* get_extension(const foliot_host*, const char*) noexcept { return nullptr; }
const foliot_run_info* info(foliot_run* run) noexcept { return run->info(); }
const foliot_value* args(foliot_run* run) noexcept { return run->args(); }
const foliot_value* kwargs(foliot_run* run) noexcept { return run->kwargs(); }
foliot_str work_dir(foliot_run* run) noexcept {
    const std::string_view path = run->work_dir();
    return {path.data(), path.size()};
}
void log(foliot_run* run, std::int32_t level, foliot_str text, foliot_str fields) noexcept {
    run->log(level, view(text), view(fields));
}
void progress(foliot_run* run, double fraction, foliot_str note) noexcept { run->progress(fraction, view(note)); }
std::int32_t cancel_state(foliot_run* run) noexcept { return run->cancel_state(); }
int cancel_fd(foliot_run* run) noexcept { return run->cancel_fd(); }
void set_result(foliot_run* run, foliot_str json) noexcept { run->set_result(view(json)); }
void set_error(foliot_run* run, foliot_str code, foliot_str text) noexcept { run->set_error(view(code), view(text)); }
void set_delay(foliot_run* run, std::int64_t us) noexcept { run->set_delay(us); }

constexpr foliot_host kHost{
    sizeof(foliot_host),
    FOLIOT_ABI_MAJOR,
    FOLIOT_ABI_MINOR,
    "foliot-worker",
    FOLIOT_VERSION,
    &get_extension,
    &info,
    &args,
    &kwargs,
    &work_dir,
    &log,
    &progress,
    &cancel_state,
    &cancel_fd,
    &set_result,
    &set_error,
    &set_delay,
};

}  // namespace

const foliot_host& host() { return kHost; }

}  // namespace foliot::worker
