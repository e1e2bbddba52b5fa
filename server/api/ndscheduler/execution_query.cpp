#include "api/ndscheduler/execution_query.hpp"

#include "base/time_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace foliot::api::ndscheduler {
namespace {

constexpr Micros kDefaultRange = 600 * kSecond;
constexpr std::size_t kMostRows = 10'000;

constexpr std::array kStates{RunState::waiting, RunState::blocked,  RunState::ready,     RunState::assigned,
                             RunState::running, RunState::stopping, RunState::succeeded, RunState::failed,
                             RunState::timeout, RunState::stopped,  RunState::error,     RunState::missed,
                             RunState::skipped};

template <class Number>
std::optional<Number> number(const std::string& text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// "...T01:30:00 02:00" was "...T01:30:00+02:00" before it was decoded.
std::string with_plus(std::string text) {
    const auto blank = text.rfind(' ');
    const bool after_time = blank != std::string::npos && text.find(':') < blank;
    if (after_time) text[blank] = '+';
    return text;
}

std::vector<RunState> states_of(const std::string& name) {
    std::vector<RunState> states;
    std::string known;
    for (const RunState state : kStates) {
        const std::string_view wire = wire_name(state);
        if (wire == name) states.push_back(state);
        if (known.find("'" + std::string(wire) + "'") == std::string::npos) known += " '" + std::string(wire) + "'";
    }
    if (states.empty()) throw invalid_field("state", "there is no state '" + name + "'; there are" + known);
    return states;
}

void check_names(const Request& request) {
    const auto& known = execution_query_parameters();
    for (const auto& given : request.query) {
        const bool is_known =
            std::any_of(known.begin(), known.end(), [&](const QueryParameter& one) { return one.name == given.first; });
        if (!is_known) throw invalid_field(given.first, "is unknown");
    }
}

}  // namespace

const std::vector<QueryParameter>& execution_query_parameters() {
    static const Schema text = Schema::text();
    static const std::vector<QueryParameter> parameters{
        {"time_range_start", text, "ISO 8601 or epoch seconds; 10 minutes before the end unless given"},
        {"time_range_end", text, "ISO 8601 or epoch seconds; now unless given"},
        {"job_id", text, "executions of the jobs that have or had this id"},
        {"state", text, "one of the states that an execution shows"},
        {"limit", Schema::whole(1, kMostRows), "at most so many"},
        {"cursor", text, "next_cursor of the page before"},
    };
    return parameters;
}

Micros instant_of(std::string_view name, const std::string& text) {
    if (const auto time = parse_time(with_plus(text))) return time->at;
    const auto epoch = number<double>(text);
    constexpr double kLatest = 253402300800.0;  // year 10000
    if (epoch && *epoch >= 0 && *epoch < kLatest) return std::llround(*epoch * static_cast<double>(kSecond));
    throw invalid_field(name, "cannot read '" + text + "'; write 2026-11-21T01:30:00Z or epoch seconds");
}

service::ExecutionQuery execution_query(const Request& request, Micros now) {
    check_names(request);
    service::ExecutionQuery query;
    const auto start = request.query_value("time_range_start");
    const auto end = request.query_value("time_range_end");
    if (end) query.until = instant_of("time_range_end", *end);  // else open: nothing made this instant is left out
    query.from = start ? instant_of("time_range_start", *start) : query.until.value_or(now) - kDefaultRange;
    query.job_id = request.query_value("job_id");
    query.cursor = request.query_value("cursor");
    if (const auto state = request.query_value("state")) query.states = states_of(*state);
    if (const auto text = request.query_value("limit")) {
        const auto limit = number<std::size_t>(*text);
        if (!limit || *limit < 1 || *limit > kMostRows)
            throw invalid_field("limit", "must be from 1 to 10000, not '" + *text + "'");
        query.limit = *limit;
    }
    return query;
}

}  // namespace foliot::api::ndscheduler
