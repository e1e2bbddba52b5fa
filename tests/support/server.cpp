#include "support/server.hpp"

#include "base/error.hpp"
#include "support/wait.hpp"

#include <fcntl.h>
#include <signal.h>

#include <charconv>
#include <stdexcept>

namespace foliot::testing {
namespace {

std::filesystem::path address_file(const std::filesystem::path& data_dir) { return data_dir / "run" / "http.address"; }

std::string text_or_nothing(const std::filesystem::path& file) {
    try {
        return read_file(file.string());
    } catch (const std::exception&) {
        return {};
    }
}

std::uint16_t port_of(const std::string& address) {
    unsigned port = 0;
    const auto colon = address.rfind(':');
    if (colon != std::string::npos) std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
    return static_cast<std::uint16_t>(port);
}

}  // namespace

ServerProcess::ServerProcess(Options options) : options_(std::move(options)) {
    std::filesystem::remove(address_file(options_.data_dir));
    const Fd log(::open((options_.data_dir / "server.log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (!log) throw_errno("open server.log");

    process::SpawnRequest request;
    request.program = FOLIOT_BIN_DIR "/foliotd";
    request.arguments = {"-Ddata_dir=" + options_.data_dir.string(), "-Dhttp.port=0",
                         "-Dmodules.path=" FOLIOT_MODULES_DIR ":" FOLIOT_FIXTURES_DIR,
                         "-Dmodules.trusted_paths=" FOLIOT_MODULES_DIR ":" FOLIOT_FIXTURES_DIR};
    if (!options_.config.empty())
        request.arguments.insert(request.arguments.end(), {"--config", options_.config.string()});
    for (const auto& setting : options_.settings) request.arguments.push_back("-D" + setting);
    if (!options_.files.empty()) {
        request.arguments.insert(request.arguments.begin(), {"--nofile=" + options_.files, "--", request.program});
        request.program = "/usr/bin/prlimit";
    }
    if (!options_.through.empty()) {
        request.arguments.insert(request.arguments.begin(), request.program);
        request.arguments.insert(request.arguments.begin(), options_.through.begin() + 1, options_.through.end());
        request.program = options_.through.front();
    }
    // Who is killed takes its server along: begun by a thread that lives as long as the program.
    request.arguments.insert(request.arguments.begin(), {"--pdeathsig", "KILL", "--", request.program});
    request.program = "/usr/bin/setpriv";
    for (const char* name : {"PATH", "ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS", "TMPDIR", "TZDIR"}) {
        if (const char* value = std::getenv(name)) request.environment.push_back(std::string(name) + "=" + value);
    }
    request.environment.insert(request.environment.end(), options_.environment.begin(), options_.environment.end());
    request.out = log.get();
    request.err = log.get();
    child_ = process::spawn(request);
    if (!options_.wait_until_ready) return;

    const bool serving = wait_until(
        [&] {
            port_ = port_of(text_or_nothing(address_file(options_.data_dir)));
            return port_ != 0 || wait_for_exit(0).has_value();
        },
        60 * kSecond);
    if (!serving || port_ == 0) {
        kill_hard();
        throw std::runtime_error("foliotd does not serve:\n" + this->log());
    }
}

ServerProcess::~ServerProcess() { stop(); }

std::string ServerProcess::token() const {
    std::string text = text_or_nothing(options_.data_dir / "admin.token");
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

std::string ServerProcess::log() const { return text_or_nothing(options_.data_dir / "server.log"); }

void ServerProcess::signal(int number) const { process::signal_child(child_, number); }

std::optional<process::ExitStatus> ServerProcess::wait_for_exit(Micros limit) {
    if (!ended_) wait_until([&] { return (ended_ = process::reap(child_)).has_value(); }, limit);
    return ended_;
}

process::ExitStatus ServerProcess::stop() {
    if (!ended_) {
        signal(SIGTERM);
        if (!wait_for_exit(30 * kSecond)) kill_hard();
    }
    return *ended_;
}

void ServerProcess::kill_hard() {
    signal(SIGKILL);
    wait_for_exit(30 * kSecond);
}

}  // namespace foliot::testing
