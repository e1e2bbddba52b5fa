// `foliot` beside a real foliotd.
#pragma once

#include "cli/program.hpp"
#include "support/server.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

namespace foliot::testing {

/// Finds the server by its data folder, as root does.
struct Served {
    explicit Served(std::vector<std::string> settings)
        : server({.data_dir = dir.path(), .settings = std::move(settings)}) {}

    std::vector<std::string> with_folder(std::vector<std::string> words) const {
        words.insert(words.begin(), {"--data-dir", dir.path().string()});
        return words;
    }
    cli::ChildReport foliot(const std::vector<std::string>& words,
                            const std::vector<std::string>& environment = {}) const {
        return cli::run_child(foliot_program(), with_folder(words), kPatience, {environment, -1});
    }
    /// What it prints. It must end with 0.
    std::string said(const std::vector<std::string>& words) const {
        const cli::ChildReport report = foliot(words);
        BOOST_TEST(report.exit.code == 0, words.front() << " " << words.back() << ": " << report.err);
        return report.out;
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(server.port()); }

    TempDir dir;
    ServerProcess server;
};

/// One for all tests that leave it as they found it, with the shipped modules alone.
inline Served& shared_server() {
    static Served served({"modules.path=" FOLIOT_MODULES_DIR, "workers.max=2"});
    return served;
}

}  // namespace foliot::testing
