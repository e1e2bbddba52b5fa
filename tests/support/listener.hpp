// Another program that listens on a free port of the loopback.
#pragma once

#include "base/fd.hpp"
#include "process/spawn.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>
#include <signal.h>

#include <array>
#include <string>
#include <vector>

namespace foliot::testing {

class Listener {
  public:
    /// It is up when it has said `before` and its port, then a line break.
    Listener(const std::string& program, const std::vector<std::string>& arguments, const std::string& before) {
        FdPair out = make_output_pipe();
        process::SpawnRequest request{.program = program,
                                      .arguments = arguments,
                                      .environment = {"PATH=/usr/bin:/bin"},
                                      .out = out.theirs.get(),
                                      .err = out.theirs.get(),
                                      .extra = {}};
        child_ = process::spawn(request);
        out.theirs.reset();
        std::string said;
        const auto has_port = [&] {
            const std::size_t at = said.find(before);
            return at != std::string::npos && said.find('\n', at) != std::string::npos;
        };
        const bool up = wait_until([&] {
            std::array<char, 4096> buffer{};
            const auto n = read_some(out.ours.get(), buffer);
            if (n > 0) said.append(buffer.data(), static_cast<std::size_t>(n));
            return has_port();
        });
        if (!up) end();
        BOOST_REQUIRE_MESSAGE(up, program << " does not listen: " << said);
        port_ = std::stoi(said.substr(said.find(before) + before.size()));
        out_ = std::move(out.ours);
    }
    ~Listener() { end(); }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    int port() const { return port_; }

  private:
    void end() {
        process::signal_group(child_.pid, SIGKILL);
        wait_until([&] { return process::reap(child_).has_value(); });
    }

    process::Child child_;
    Fd out_;
    int port_ = 0;
};

}  // namespace foliot::testing
