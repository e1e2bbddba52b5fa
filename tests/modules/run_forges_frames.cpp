// Writes a RESULT of its own making to the server's channel for every run that it could be, then waits. {"log": true}:
// a log line of no known level, no text and no JSON instead, then ends.
#include <foliot/job.hpp>

#include <unistd.h>

#include <cstring>
#include <string>

namespace {

struct Args {
    std::string result = "null";  // "bytes": what no argument can hold
    std::int64_t at = 1;
    bool log = false;
    static constexpr auto schema() {
        return foliot::fields(foliot::field("result", &Args::result).optional(),
                              foliot::field("at", &Args::at).optional(), foliot::field("log", &Args::log).optional());
    }
};

template <class T>
void put(std::string& to, T value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    to.append(bytes, sizeof value);
}

void put_text(std::string& to, const std::string& text) {
    put(to, static_cast<std::uint32_t>(text.size()));
    to += text;
}

std::string frame_of(std::uint64_t run, char type, const std::string& body) {
    std::string frame;
    put(frame, static_cast<std::uint32_t>(12 + body.size()));
    put(frame, type);
    frame.append(3, '\0');
    put(frame, run);
    return frame + body;
}

std::string log_frame(std::uint64_t run, std::int64_t at) {
    std::string body;
    put(body, at);
    put(body, std::int32_t{99});
    put(body, std::uint32_t{0});
    for (const std::string& text : {std::string("\xFF\x1b"), std::string("}\xFF")}) put_text(body, text);
    return frame_of(run, 8, body);
}

std::string result_frame(std::uint64_t run, std::int64_t at, const std::string& json) {
    std::string body;
    put(body, std::int32_t{FOLIOT_OK});
    put(body, std::int32_t{FOLIOT_RUNNING});
    for (const std::int64_t number : {std::int64_t{0}, at, at, std::int64_t{0}, std::int64_t{0}}) put(body, number);
    const std::string no_text = "\xFF";
    for (const std::string& text : {json, no_text, no_text, no_text}) put_text(body, text);
    return frame_of(run, 7, body);
}

void run(foliot::Context& context, const Args& args) {
    const std::string json = args.result == "bytes" ? "\"\xC3\x28\xFF\"" : args.result;
    for (std::uint64_t number = 1; number < 64; ++number) {
        const std::string frame = args.log ? log_frame(number, args.at) : result_frame(number, args.at, json);
        if (::write(args.log ? 4 : 3, frame.data(), frame.size()) < 0) throw std::runtime_error("write");
    }
    if (args.log) return;
    context.sleep_for(std::chrono::minutes(1));
}

}  // namespace

FOLIOT_MODULE("run_forges_frames", "1.0.0", module) { module.job<run>("run"); }
