// A worker program that does what its script says (hostile_script.hpp), then nothing until it is killed.
#include "hostile_script.hpp"
#include "process/frames.hpp"
#include "process/ledger.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

using namespace foliot;
using namespace foliot::testing::hostile;

constexpr int kControl = 3, kLog = 4, kOrders = 5, kSlot = 6;
constexpr unsigned kLongestLife = 60;  // seconds, should nobody kill it

void write_whole(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void idle(unsigned milliseconds) {
    const timespec pause{0, static_cast<long>(milliseconds) * 1'000'000};
    ::nanosleep(&pause, nullptr);
}

/// Takes so many bytes of `from` for a number.
std::int64_t take_number(std::string& from) {
    std::int64_t number = 0;
    const std::size_t size = std::min(from.size(), sizeof number);
    std::memcpy(&number, from.data(), size);
    from.erase(0, size);
    return number;
}

std::string from_hex(std::string_view hex) {
    std::string bytes;
    for (; hex.size() >= 2; hex.remove_prefix(2))
        bytes += static_cast<char>(std::strtoul(std::string(hex.substr(0, 2)).c_str(), nullptr, 16));
    return bytes;
}

class Player {
  public:
    explicit Player(std::string nonce) : nonce_(std::move(nonce)) {}

    void play(std::string_view script) {
        while (auto move = next_move(script)) {
            const unsigned times = repeat_;
            repeat_ = 1;
            for (unsigned i = 0; i < times; ++i) make(*move);
        }
    }

  private:
    void make(Move move) {
        switch (move.step) {
            case Step::hello: return say_hello();
            case Step::take_start: return take_start();
            case Step::started: return send(process::encode(run_of(move), process::Started{time_of(move)}));
            case Step::result: return send_result(move);
            case Step::progress: return send(process::encode(run_of(move), process::Progress{0.5, move.bytes}));
            case Step::log: return write_whole(kLog, process::encode(run_of(move), line(move)));
            case Step::heartbeat: return send(process::encode(run_of(move), process::Heartbeat{~0ULL, -1, -1}));
            case Step::returned: return send_returned(move);
            case Step::await_recall: return await(process::FrameType::recall);
            case Step::marker: return write_marker(run_of(move));
            case Step::ledger: return write_ledger(move);
            case Step::frame: return send_frame(move);
            case Step::control_bytes: return send(move.bytes);
            case Step::log_bytes: return write_whole(kLog, move.bytes);
            case Step::out_bytes: return write_whole(STDOUT_FILENO, move.bytes);
            case Step::err_bytes: return write_whole(STDERR_FILENO, move.bytes);
            case Step::slowly: return send_slowly(move.bytes);
            case Step::repeat: repeat_ = 16U * move.which + 1U; return;
            case Step::pass: ::_exit(pass_descriptors());
            case Step::trace: return be_traced();
            case Step::close: ::close(move.which % 6); return;
            case Step::raise: ::raise(move.which % 32); return;
            case Step::exit: ::_exit(move.which);
            case Step::steps: return;
        }
    }

    static void send(std::string_view bytes) { write_whole(kControl, bytes); }

    static void say_hello() {
        process::Hello hello;
        hello.pid = ::getpid();
        send(process::encode(hello));
    }

    void take_start() { await(process::FrameType::start); }

    void await(process::FrameType type) {
        std::vector<char> buffer(64U << 10U);
        for (;;) {
            while (const auto frame = reader_.next()) {
                if (frame->type == static_cast<std::uint8_t>(process::FrameType::start)) note(*frame);
                if (frame->type == static_cast<std::uint8_t>(type)) return;
            }
            const ssize_t got = ::read(kOrders, buffer.data(), buffer.size());
            if (got <= 0) ::_exit(0);
            reader_.feed({buffer.data(), static_cast<std::size_t>(got)});
        }
    }

    void note(const process::FrameView& frame) {
        start_ = process::decode<process::Start>(frame);
        before_last_ = last_;
        last_ = frame.run;
        if (first_ == 0) first_ = last_;
    }

    std::uint64_t run_of(const Move& move) const {
        switch (move.which & 7U) {
            case first: return first_;
            case next: return last_ + 1;
            case none: return 0;
            case far: return last_ + 1000;
            case highest: return ~0ULL;
            default: return last_;
        }
    }

    Micros now() const {
        timespec time{};
        ::clock_gettime(CLOCK_BOOTTIME, &time);
        return time.tv_sec * kSecond + time.tv_nsec / 1000 + start_.clock_offset;
    }

    Micros time_of(Move& move) const { return (move.which & kDetail) != 0 ? take_number(move.bytes) : now(); }

    void send_result(Move& move) const {
        process::Result result;
        result.outcome = move.which >> 4U;
        result.started = time_of(move);
        result.ended = time_of(move);
        result.result = move.bytes;
        send(process::encode(run_of(move), result));
    }

    process::Log line(const Move& move) const {
        process::Log line;
        line.at = now();
        line.text = move.bytes;
        return line;
    }

    void send_returned(const Move& move) const {
        process::Returned returned;
        const auto add = [&](std::uint64_t run) {
            returned.runs.append(reinterpret_cast<const char*>(&run), sizeof run);
        };
        add(run_of(move));
        if ((move.which & kDetail) != 0) add(before_last_);
        returned.runs += move.bytes;
        send(process::encode(returned));
    }

    void write_marker(std::uint64_t run) const {
        for (const int fd : {STDOUT_FILENO, STDERR_FILENO}) write_whole(fd, process::marker(nonce_, run));
    }

    void write_ledger(const Move& move) {
        if (slot_ == nullptr) {
            void* base = ::mmap(nullptr, sizeof(process::LedgerSlot), PROT_READ | PROT_WRITE, MAP_SHARED, kSlot, 0);
            if (base == MAP_FAILED) return;
            slot_ = static_cast<process::LedgerSlot*>(base);
        }
        Move rest = move;
        process::LedgerRun& run = slot_->runs[0];
        run.claim = start_.claim;
        run.phase = static_cast<std::uint32_t>(move.which >> 4U);
        run.started = time_of(rest);
        run.ended = time_of(rest);
        run.outcome = rest.bytes.empty() ? 0 : rest.bytes.front();
        run.execution = start_.execution;
    }

    void send_frame(const Move& move) const {
        if (move.bytes.size() < 2) return;
        const std::uint64_t run = run_of(move);
        const auto length = static_cast<std::uint32_t>(10 + move.bytes.size());
        std::string bytes(reinterpret_cast<const char*>(&length), sizeof length);
        bytes.append(move.bytes, 0, 2).append(2, '\0').append(reinterpret_cast<const char*>(&run), sizeof run);
        send(bytes + move.bytes.substr(2));
    }

    static int pass_descriptors() {
        int taken = 0;
        for (int into = 0; into <= kSlot; ++into) {
            char byte = 'x';
            iovec one{&byte, 1};
            alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof into)> room{};
            msghdr message{};
            message.msg_iov = &one;
            message.msg_iovlen = 1;
            message.msg_control = room.data();
            message.msg_controllen = room.size();
            cmsghdr* rights = CMSG_FIRSTHDR(&message);
            rights->cmsg_level = SOL_SOCKET;
            rights->cmsg_type = SCM_RIGHTS;
            rights->cmsg_len = CMSG_LEN(sizeof into);
            std::memcpy(CMSG_DATA(rights), &into, sizeof into);
            if (::sendmsg(into, &message, MSG_NOSIGNAL) > 0) ++taken;
        }
        return taken;
    }

    static void be_traced() {
        ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
        std::array<int, 2> done{};
        if (::pipe(done.data()) != 0) return;
        const pid_t self = ::getpid();
        if (::fork() == 0) {
            ::alarm(kLongestLife);
            ::setsid();
            ::ptrace(PTRACE_SEIZE, self, nullptr, nullptr);
            ::close(done[0]);
            ::close(done[1]);
            for (;;) ::pause();
        }
        ::close(done[1]);
        char none = 0;
        while (::read(done[0], &none, 1) < 0) {}
    }

    static void send_slowly(std::string_view bytes) {
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            send(bytes.substr(i, 1));
            idle(1);
        }
    }

    std::string nonce_;
    process::FrameReader reader_{process::kMaxControlFrame};
    process::Start start_;
    std::uint64_t first_ = 0, before_last_ = 0, last_ = 0;
    unsigned repeat_ = 1;
    process::LedgerSlot* slot_ = nullptr;
};

std::string nonce_in(int argc, char** argv) {
    for (int i = 1; i + 1 < argc; ++i) {
        if (std::string_view(argv[i]) == "--nonce") return from_hex(argv[i + 1]);
    }
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    ::alarm(kLongestLife);
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGTERM, SIG_IGN);
    const char* script = std::getenv(kVariable);
    if (script == nullptr) return 2;
    try {
        Player(nonce_in(argc, argv)).play(from_hex(script));
    } catch (const process::ProtocolError&) {
        return 3;
    }
    for (;;) ::pause();
}
