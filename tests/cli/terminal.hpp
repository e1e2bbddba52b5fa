// A program on a terminal of its own.
#pragma once

#include "base/fd.hpp"
#include "process/spawn.hpp"
#include "runner/runner.hpp"
#include "support/wait.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace foliot::testing {

/// What it wrote to a terminal of so many columns, line ends as they were written.
inline std::string on_terminal(unsigned short columns, const std::string& program,
                               const std::vector<std::string>& arguments) {
    const Fd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
    if (!master || ::grantpt(master.get()) != 0 || ::unlockpt(master.get()) != 0)
        throw std::runtime_error("no terminal");
    Fd slave(::open(::ptsname(master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
    winsize size{24, columns, 0, 0};
    ::ioctl(master.get(), TIOCSWINSZ, &size);
    process::SpawnRequest request{.program = program,
                                  .arguments = arguments,
                                  .environment = runner::worker_environment(),
                                  .out = slave.get(),
                                  .err = slave.get(),
                                  .extra = {}};
    const process::Child child = process::spawn(request);
    slave.reset();
    std::string text;
    std::optional<process::ExitStatus> ended;
    wait_until(
        [&] {
            std::array<char, 4096> buffer{};
            for (ssize_t n = 0; (n = ::read(master.get(), buffer.data(), buffer.size())) > 0;)
                text.append(buffer.data(), static_cast<std::size_t>(n));
            return ended.has_value() || ((ended = process::reap(child)), false);
        },
        60 * kSecond);
    if (!ended) process::signal_group(child.pid, 9);
    for (std::size_t at = 0; (at = text.find("\r\n", at)) != std::string::npos;) text.erase(at, 1);
    return text;
}

}  // namespace foliot::testing
