// A cgroup of the machine's for a test.
#pragma once

#include "base/fd.hpp"
#include "process/cgroup.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace foliot::testing {

/// The v2 hierarchy of this machine, when this process may write to it; a cgroup of its own, taken away at the end.
struct RealCgroup {
    RealCgroup() {
        const auto own = process::own_cgroup(read_file("/proc/self/cgroup"), read_file("/proc/self/mountinfo"));
        if (!own) return;
        const std::filesystem::path wanted = *own / ("foliot-test-" + std::to_string(::getpid()));
        std::error_code error;
        if (std::filesystem::create_directory(wanted, error)) folder = wanted;
    }
    ~RealCgroup() {
        if (folder.empty()) return;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (!entry.is_directory()) continue;
            process::Leaf(entry.path(), {}).kill();
            wait_until([&] { return process::Leaf(entry.path(), {}).remove(); });
        }
        process::Leaf(folder, {}).remove();
    }
    bool there() const {
        if (folder.empty()) BOOST_TEST_MESSAGE("skipped: there is no cgroup v2 that this process may write to");
        return !folder.empty();
    }
    std::filesystem::path folder;
};

}  // namespace foliot::testing
