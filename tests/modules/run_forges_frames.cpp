// Writes a RESULT of its own making to the server's channel for every run that it could be, then waits.
#include <foliot/job.hpp>

#include <unistd.h>

#include <cstring>
#include <string>

namespace {

struct Args {
    std::string result = "null";  // "bytes": what no argument can hold
    std::int64_t at = 1;
    static constexpr auto schema() {
        return foliot::fields(foliot::field("result", &Args::result).optional(),
                              foliot::field("at", &Args::at).optional());
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

std::string result_frame(std::uint64_t run, std::int64_t at, const std::string& json) {
    constexpr char type = 7;
    std::string body;
    put(body, std::int32_t{FOLIOT_OK});
    put(body, std::int32_t{FOLIOT_RUNNING});
    for (const std::int64_t number : {std::int64_t{0}, at, at, std::int64_t{0}, std::int64_t{0}}) put(body, number);
    const std::string no_text = "\xFF";
    for (const std::string& text : {json, no_text, no_text, no_text}) put_text(body, text);
    std::string frame;
    put(frame, static_cast<std::uint32_t>(12 + body.size()));
    put(frame, type);
    frame.append(3, '\0');
    put(frame, run);
    return frame + body;
}

void run(foliot::Context& context, const Args& args) {
    const std::string json = args.result == "bytes" ? "\"\xC3\x28\xFF\"" : args.result;
    for (std::uint64_t number = 1; number < 64; ++number) {
        const std::string frame = result_frame(number, args.at, json);
        if (::write(3, frame.data(), frame.size()) < 0) throw std::runtime_error("write");
    }
    context.sleep_for(std::chrono::minutes(1));
}

}  // namespace

FOLIOT_MODULE("run_forges_frames", "1.0.0", module) { module.job<run>("run"); }
