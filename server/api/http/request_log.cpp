#include "api/http/request_log.hpp"

#include "base/log.hpp"

#include <string>

namespace foliot::api {

namespace {

constexpr std::size_t kLongestPath = 256;

bool changes_something(std::string_view method) {
    return !method.empty() && method != "GET" && method != "HEAD" && method != "OPTIONS";
}

std::string milliseconds(Micros time) {
    constexpr Micros tenth = kMillisecond / 10;
    return std::to_string(time / kMillisecond) + "." + std::to_string(time % kMillisecond / tenth) + " ms";
}

std::string line_of(const Answered& request) {
    std::string line;
    line.append("request ").append(request.id).append(": ");
    if (!request.method.empty()) {
        line.append(request.method).append(" ").append(request.path.substr(0, kLongestPath));
        if (request.path.size() > kLongestPath) line.append("...");
        line.append(" ");
    }
    line.append(std::to_string(request.status)).append(" in ").append(milliseconds(request.took));
    if (!request.user.empty()) line.append(", ").append(request.user);
    line.append(" from ").append(request.peer);
    if (!request.why.empty()) line.append(": ").append(request.why);
    return line;
}

}  // namespace

void RequestLog::note(const Answered& request) {
    if (!log::shows(log::Level::info)) return;
    const bool failed = request.status >= 400;
    if (!failed) {
        const auto level = changes_something(request.method) ? log::Level::info : log::Level::debug;
        if (log::shows(level)) log::write(level, "request", line_of(request));
        return;
    }
    const auto left_out = (request.user.empty() ? of_strangers_ : of_users_).take(clock_.monotonic());
    if (!left_out) {
        if (log::shows(log::Level::debug)) log::debug("request", line_of(request));
        return;
    }
    const std::string others = *left_out == 0 ? "" : " (" + std::to_string(*left_out) + " such lines were left out)";
    log::info("request", line_of(request) + others);
}

}  // namespace foliot::api
