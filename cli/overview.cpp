#include "cli/overview.hpp"

#include <array>
#include <cstdio>

namespace foliot::cli {
namespace {

constexpr std::size_t kMostCounted = 1'000;

}  // namespace

Count count(const Server& server, const std::string& path, const std::string& member) {
    const Server::List list = server.list(path, member, kMostCounted);
    return {list.items.size(), list.more};
}

std::string executions_path(const std::string& states, const std::string& since) {
    return "/api/v1/executions" + query_text({{"state", states}, {"time_range_start", since}});
}

Readiness readiness(const Server& server) {
    const Answer answer = server.ask("GET", "/readyz");
    Readiness ready{.text = answer.body, .status = {}, .engine = {}, .reason = {}};
    try {
        const Document document(answer.body);
        ready.status = text_at(document.value(), "status");
        ready.engine = text_at(document.value(), "engine");
        ready.reason = text_at(document.value(), "reason");
    } catch (const json::SyntaxError&) {
        ready.status.clear();
    }
    if (ready.status.empty())
        throw Unreachable(server.url() + "/readyz answered " + std::to_string(answer.status) +
                          " and not how the server is; is that a Foliot server?");
    return ready;
}

std::string Readiness::words() const {
    const std::string state = status == "ok" ? engine : status;
    return reason.empty() ? state : state + ": " + reason;
}

RunExplanation explanation_of(const Server& server, const std::string& execution_id) {
    try {
        const Document told = server.get(path_of("/api/v1/executions/{}/explain", execution_id));
        return {text_at(told.value(), "explanation"), text_at(told.value(), "waits_for")};
    } catch (const Rejected&) {
        return {};
    }
}

std::string func_of(const std::string& dotted) {
    std::string func = dotted;
    if (const auto dot = func.rfind('.'); dot != std::string::npos && func.find(':') == std::string::npos)
        func[dot] = ':';
    return func;
}

std::string bytes_text(std::int64_t bytes) {
    constexpr std::array<const char*, 5> units{"bytes", "KiB", "MiB", "GiB", "TiB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, units.at(unit));
    return text.data();
}

}  // namespace foliot::cli
