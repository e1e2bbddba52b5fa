#include "runner/worker.hpp"

#include "base/error.hpp"
#include "base/ids.hpp"
#include "runner/group.hpp"

#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace foliot::runner {

namespace {

/// What a worker has beside what its runs may have: itself, the module, buffers of the kernel.
constexpr std::uint64_t kOwnMemory = 32U << 20U;

std::string fresh_nonce() {
    std::string nonce(process::kNonceBytes, '\0');
    if (::getrandom(nonce.data(), nonce.size(), 0) != static_cast<ssize_t>(nonce.size())) throw_errno("getrandom");
    // No byte of UTF-8: else the end of what a run has printed so far would now and then be held back for those who
    // look on, as what may be the beginning of a marker.
    nonce.front() = '\xFF';
    return nonce;
}

void make_work_dir(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder.parent_path());
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) throw_errno("create " + folder.string());
}

/// Another user's programs open /dev/stdout and the like by name, which asks for rights on the pipe itself. Nobody else
/// can: the way there is through a process of that user.
void open_to_all(const Fd& pipe) {
    constexpr mode_t everybody = 0666;
    if (::fchmod(pipe.get(), everybody) != 0) throw_errno("fchmod of an output pipe");
}

/// Those that the worker sets for itself and its runs; the output is cut here.
void add_limits(const ResourceLimits& limits, std::vector<std::string>& arguments) {
    for (const LimitField& field : kLimitFields) {
        const auto& value = limits.*field.value;
        if (!value || field.value == &ResourceLimits::output) continue;
        arguments.push_back("--" + std::string(field.name));
        arguments.push_back(std::to_string(*value));
    }
}

std::size_t max_output(const Options& options, const Group& group) {
    const auto& own = group.limits.output;
    return own ? static_cast<std::size_t>(*own) : options.limits.max_output;
}

}  // namespace

Worker::Worker(const Options& options, Group& of, const std::string& module_path, std::size_t index,
               std::uint64_t number, std::filesystem::path folder, int ledger_fd)
    : Worker(options, of, module_path, index, number, std::move(folder), ledger_fd, fresh_nonce()) {}

Worker::Worker(const Options& options, Group& of, const std::string& module_path, std::size_t index,
               std::uint64_t number, std::filesystem::path folder, int ledger_fd, const std::string& nonce)
    : group(of),
      slot(index),
      serial(number),
      work_dir(std::move(folder)),
      out(nonce, max_output(options, of)),
      err(nonce, max_output(options, of)) {
    if (!options.user) make_work_dir(work_dir);
    FdPair orders = make_order_socket();
    FdPair control = make_output_pipe();
    FdPair log = make_output_pipe();
    FdPair out_pipe = make_output_pipe();
    FdPair err_pipe = make_output_pipe();
    process::SpawnRequest request;
    request.program = options.worker_program.string();
    request.arguments = {"--module", module_path, "--nonce", to_hex(nonce), "--work-dir", work_dir.string()};
    add_limits(of.limits, request.arguments);
    if (options.user) {
        request.arguments.insert(request.arguments.end(), {"--user", options.user->text()});
        for (const auto* pipe : {&out_pipe.theirs, &err_pipe.theirs}) open_to_all(*pipe);
    }
    request.environment = options.environment;
    request.environment.emplace_back("LD_BIND_NOW=1");
    request.out = out_pipe.theirs.get();
    request.err = err_pipe.theirs.get();
    request.extra = {control.theirs.get(), log.theirs.get(), orders.theirs.get(), ledger_fd};
    child = process::spawn(request);
    orders_ = std::move(orders.ours);
    control_ = std::move(control.ours);
    log_ = std::move(log.ours);
    out_ = std::move(out_pipe.ours);
    err_ = std::move(err_pipe.ours);
}

void Worker::enter_leaf(const Options& options) {
    if (options.cgroup == nullptr) return;
    leaf = options.cgroup->make_leaf(std::to_string(serial));
    leaf->set_tasks(options.limits.max_tasks);
    if (const auto memory = group.limits.memory.value_or(0); memory > 0)
        leaf->set_memory(static_cast<std::uint64_t>(memory) + kOwnMemory);
    leaf->add(child.pid);
}

bool Worker::flush() {
    while (written_ < outgoing_.size()) {
        const ssize_t n = ::send(orders_.get(), outgoing_.data() + written_, outgoing_.size() - written_,
                                 MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n >= 0) {
            written_ += static_cast<std::size_t>(n);
        } else if (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM) {
            return true;
        } else if (errno != EINTR) {
            break;  // it is gone or going: its death tells the rest
        }
    }
    outgoing_.clear();
    written_ = 0;
    return false;
}

int Worker::fd(Channel channel) const {
    switch (channel) {
        case control_channel: return control_.get();
        case log_channel: return log_.get();
        case out_channel: return out_.get();
        case err_channel: return err_.get();
        case death_channel: return child.pidfd.get();
        case order_channel: return orders_.get();
    }
    return -1;
}

void Worker::close(Channel channel) {
    if (channel == control_channel) control_.reset();
    if (channel == log_channel) log_.reset();
    if (channel == out_channel) out_.reset();
    if (channel == err_channel) err_.reset();
}

Run* Worker::current() {
    const auto found = std::find_if(runs.begin(), runs.end(), [](const auto& run) { return !run->result; });
    return found == runs.end() ? nullptr : found->get();
}

bool Worker::has_waiting() {
    const Run* run = current();
    return run != nullptr && run != runs.back().get();
}

std::unique_ptr<Run> Worker::take(const Run& run) {
    const auto found = std::find_if(runs.begin(), runs.end(), [&](const auto& one) { return one.get() == &run; });
    if (found == runs.end()) return nullptr;
    std::unique_ptr<Run> taken = std::move(*found);
    runs.erase(found);
    return taken;
}

}  // namespace foliot::runner
