// What measurements and fault tests run: nothing at all, and a line that proves a run took place.
#include <foliot/job.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <system_error>

namespace {

struct AppendArgs {
    std::string path;
    int hold_ms = 0;
    int fail_every = 0;  ///< about one run in so many fails; 0: none
    static constexpr auto schema() {
        return foliot::fields(foliot::field("path", &AppendArgs::path),
                              foliot::field("hold_ms", &AppendArgs::hold_ms).at_least(0).optional(),
                              foliot::field("fail_every", &AppendArgs::fail_every).at_least(0).optional());
    }
};

void noop(foliot::Context&) {}

void append(foliot::Context& context, const AppendArgs& args) {
    const std::string line = std::string(context.execution_id()) + '\n';
    const int fd = ::open(args.path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    const bool written = fd >= 0 && ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    const int error = errno;
    if (fd >= 0) ::close(fd);
    if (!written) throw std::system_error(error, std::generic_category(), args.path);
    if (args.hold_ms > 0) context.sleep_for(std::chrono::milliseconds(args.hold_ms));
    const std::size_t number = std::hash<std::string>{}(line);
    if (args.fail_every > 0 && number % static_cast<std::size_t>(args.fail_every) == 0) {
        throw std::runtime_error("as ordered");
    }
}

}  // namespace

FOLIOT_MODULE("bench", "1.0.0", module) {
    module.job<noop>("noop");
    module.job<append>("append");
}
