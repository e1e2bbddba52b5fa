// {"turns": N}: N times a line on standard error, one on standard output, one in the log, each when the server has read
// what was there before. {"bytes": "HEX"}: those on standard output, each by itself in the same way. Without: nothing.
#include <foliot/job.hpp>

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

struct Args {
    std::int64_t turns = 0;
    std::string bytes;
    static constexpr auto schema() {
        return foliot::fields(foliot::field("turns", &Args::turns).optional(),
                              foliot::field("bytes", &Args::bytes).optional());
    }
};

static bool all_is_read() {
    constexpr int log = 4;
    int out = 0, err = 0, lines = 0;
    ::ioctl(STDOUT_FILENO, FIONREAD, &out);
    ::ioctl(STDERR_FILENO, FIONREAD, &err);
    ::ioctl(log, SIOCOUTQ, &lines);
    return out + err + lines == 0;
}

static void wait_for_reader(foliot::Context& context) {
    while (!all_is_read()) context.sleep_for(std::chrono::milliseconds(1));
}

static void say(int fd, std::string_view text) {
    [[maybe_unused]] const auto written = ::write(fd, text.data(), text.size());
}

static void run(foliot::Context& context, const Args& args) {
    for (std::int64_t i = 0; i < args.turns; ++i) {
        const std::string turn = std::to_string(i);
        say(STDERR_FILENO, "err " + turn + "\n");
        wait_for_reader(context);
        say(STDOUT_FILENO, "out " + turn + (i % 2 == 0 ? "\n" : ""));
        wait_for_reader(context);
        context.info("log " + turn, foliot::Object().set("turn", i));
        wait_for_reader(context);
    }
    for (std::size_t i = 0; i + 1 < args.bytes.size(); i += 2) {
        const char byte = static_cast<char>(std::stoi(args.bytes.substr(i, 2), nullptr, 16));
        say(STDOUT_FILENO, {&byte, 1});
        wait_for_reader(context);
    }
}

FOLIOT_MODULE("run_writes_in_turn", "1.0.0", module) { module.job<run>("run"); }
