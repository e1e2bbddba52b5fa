// What every process tells Prometheus of itself, under the names that are usual.
#include "app/metric_text.hpp"
#include "app/metrics.hpp"
#include "base/processor_time.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

namespace foliot::app {
namespace {

namespace fs = std::filesystem;

struct Memory {
    double whole = 0, resident = 0;  ///< bytes
};

Memory memory() {
    std::ifstream file("/proc/self/statm");
    Memory pages;
    file >> pages.whole >> pages.resident;
    const auto size = static_cast<double>(::sysconf(_SC_PAGESIZE));
    return {pages.whole * size, pages.resident * size};
}

double open_descriptors() {
    std::error_code none;
    fs::directory_iterator entries("/proc/self/fd", none);
    const auto count = none ? 0 : std::distance(begin(entries), end(entries));
    return static_cast<double>(count > 0 ? count - 1 : 0);  // one is that of this look
}

double most_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return static_cast<double>(limit.rlim_cur);
}

}  // namespace

void Metrics::tell_process(MetricText& out) const {
    const Memory used = memory();
    out.gauges("process_resident_memory_bytes", "Resident memory of the server, without its workers")
        .add({}, used.resident);
    out.gauges("process_virtual_memory_bytes", "Virtual memory of the server").add({}, used.whole);
    out.gauges("process_open_fds", "Open descriptors of the server").add({}, open_descriptors());
    out.gauges("process_max_fds", "Descriptors that it may open").add({}, most_descriptors());
    out.counters("process_cpu_seconds_total", "Processor time of the server, without its workers")
        .add({}, static_cast<double>(processor_time(Whose::own)) / static_cast<double>(kSecond));
    out.gauges("process_start_time_seconds", "When the server was started, since the epoch")
        .add({}, static_cast<double>(begun_) / static_cast<double>(kSecond));
}

}  // namespace foliot::app
