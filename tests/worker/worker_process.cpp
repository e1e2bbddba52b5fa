#include "worker_process.hpp"

#include "base/ids.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include <array>

namespace foliot::testing {
namespace {

const char* const kProgram = FOLIOT_BIN_DIR "/foliot-worker";

std::string module_file(const std::string& name) { return FOLIOT_FIXTURES_DIR "/" + name + ".so"; }

/// True: something was read or it ended; an ended one is closed.
bool read_into(Fd& fd, const std::function<void(std::string_view)>& take) {
    std::array<char, 65536> buffer{};
    const auto n = read_some(fd.get(), buffer);
    if (n > 0) take({buffer.data(), static_cast<std::size_t>(n)});
    if (n == 0) fd.reset();
    return n >= 0;
}

void collect(process::FrameReader& reader, std::string_view bytes, std::vector<Frame>& into) {
    reader.feed(bytes);
    while (const auto frame = reader.next()) into.push_back({frame->type, frame->run, std::string(frame->body)});
}

}  // namespace

WorkerProcess::WorkerProcess(const WorkerOptions& options) : ledger(process::Ledger::open(dir / "ledger", 2, "boot")) {
    FdPair order_pair = make_order_socket();
    FdPair control_pair = make_output_pipe();
    FdPair log_pair = make_output_pipe();
    FdPair out_pair = make_output_pipe();
    FdPair err_pair = make_output_pipe();
    std::filesystem::create_directory(dir / "work");
    process::SpawnRequest request;
    request.program = kProgram;
    request.arguments = {"--module",   module_file(options.module), "--nonce", to_hex(nonce),
                         "--work-dir", (dir / "work").string()};
    request.environment = {"LD_BIND_NOW=1", "PATH=/usr/bin:/bin"};
    request.out = out_pair.theirs.get();
    request.err = err_pair.theirs.get();
    request.extra = {control_pair.theirs.get(), log_pair.theirs.get(), order_pair.theirs.get(), ledger.slot_fd(1)};
    child = process::spawn(request);
    orders = std::move(order_pair.ours);
    control = std::move(control_pair.ours);
    log_pipe = std::move(log_pair.ours);
    out_pipe = std::move(out_pair.ours);
    err_pipe = std::move(err_pair.ours);
    if (options.config != "-") send(process::encode(process::Config{options.config}));
    if (options.await_hello) await(process::FrameType::hello);
}

WorkerProcess::~WorkerProcess() {
    if (status_) return;
    process::signal_group(child.pid, SIGKILL);
    process::signal_child(child, SIGKILL);
    wait_until([&] { return process::reap(child).has_value(); });
}

void WorkerProcess::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto n = ::send(orders.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(n));
        } else {
            BOOST_REQUIRE(errno == EAGAIN);
            pump(1000);
        }
    }
}

void WorkerProcess::start(std::uint64_t run, std::uint32_t function, const std::string& args, const std::string& kwargs,
                          Micros timeout) {
    process::Start s;
    s.execution = static_cast<std::int64_t>(run);
    s.claim = 1;
    s.function = function;
    s.log_level = 0;
    s.timeout = timeout;
    s.grace = 5 * kSecond;
    s.clock_offset = clock_offset;
    s.execution_id = "x" + std::to_string(run);
    s.job_id = "job";
    s.args = args;
    s.kwargs = kwargs;
    send(process::encode(run, s));
}

bool WorkerProcess::pump(int timeout_ms) {
    std::array<pollfd, 4> p{{{control.get(), POLLIN, 0},
                             {log_pipe.get(), POLLIN, 0},
                             {out_pipe.get(), POLLIN, 0},
                             {err_pipe.get(), POLLIN, 0}}};
    if (::poll(p.data(), p.size(), timeout_ms) <= 0) return false;
    if (p[0].revents) read_into(control, [&](auto bytes) { collect(reader_, bytes, frames); });
    if (p[1].revents) read_into(log_pipe, [&](auto bytes) { collect(log_reader_, bytes, lines); });
    if (p[2].revents) read_into(out_pipe, [&](auto bytes) { out += bytes; });
    if (p[3].revents) read_into(err_pipe, [&](auto bytes) { err += bytes; });
    return true;
}

Frame WorkerProcess::await(process::FrameType type, std::uint64_t run) {
    const SystemClock clock;
    const Micros end = clock.monotonic() + 20 * kSecond;
    for (;;) {
        handed_out_.resize(frames.size());
        for (std::size_t i = 0; i < frames.size(); ++i) {
            if (handed_out_[i] || !frames[i].is(type) || frames[i].run != run) continue;
            handed_out_[i] = true;
            return frames[i];
        }
        BOOST_REQUIRE_MESSAGE(control && clock.monotonic() < end, "no frame of type " << static_cast<int>(type)
                                                                                      << " for run " << run
                                                                                      << "; stderr: " << err);
        pump(100);
    }
}

process::ExitStatus WorkerProcess::wait() {
    BOOST_REQUIRE(wait_until([&] {
        if (!status_) status_ = process::reap(child);
        return status_.has_value();
    }));
    while (pump(0)) {}
    return *status_;
}

bool WorkerProcess::alive() { return process::start_time_of(child.pid) == child.start_time; }

process::LedgerPhase WorkerProcess::phase(std::int64_t execution) const {
    const auto found = ledger.find(execution, 1);
    return found ? found->phase : process::LedgerPhase::none;
}

Description describe(const std::string& module) {
    FdPair control = make_output_pipe();
    FdPair err = make_output_pipe();
    process::SpawnRequest request;
    request.program = kProgram;
    request.arguments = {"--describe", module_file(module)};
    request.environment = {"LD_BIND_NOW=1"};
    request.err = err.theirs.get();
    request.extra = {control.theirs.get()};
    const process::Child child = process::spawn(request);
    control.theirs.reset();
    err.theirs.reset();
    process::FrameReader reader(process::kMaxControlFrame);
    std::vector<Frame> frames;
    Description description;
    while (control.ours || err.ours) {
        std::array<pollfd, 2> p{{{control.ours.get(), POLLIN, 0}, {err.ours.get(), POLLIN, 0}}};
        BOOST_REQUIRE(::poll(p.data(), p.size(), 20'000) > 0);
        if (p[0].revents) read_into(control.ours, [&](auto bytes) { collect(reader, bytes, frames); });
        if (p[1].revents) read_into(err.ours, [&](auto bytes) { description.err += bytes; });
    }
    BOOST_REQUIRE(wait_until([&] {
        const auto status = process::reap(child);
        if (status) description.status = *status;
        return status.has_value();
    }));
    if (!frames.empty()) description.json = frames.front().as<process::Describe>().json;
    return description;
}

}  // namespace foliot::testing
