#include "api/ndscheduler/execution_query.hpp"

#include "api/ndscheduler/range_query.hpp"

#include <array>

namespace foliot::api::ndscheduler {
namespace {

constexpr std::array kStates{RunState::waiting, RunState::blocked,  RunState::ready,     RunState::assigned,
                             RunState::running, RunState::stopping, RunState::succeeded, RunState::failed,
                             RunState::timeout, RunState::stopped,  RunState::error,     RunState::missed,
                             RunState::skipped};

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

}  // namespace

const std::vector<QueryParameter>& execution_query_parameters() {
    static const std::vector<QueryParameter> parameters = [] {
        auto all = range_parameters();
        all.push_back({"job_id", Schema::text(), "executions of the jobs that have or had this id"});
        all.push_back({"state", Schema::text(), "one of the states that an execution shows"});
        return all;
    }();
    return parameters;
}

service::ExecutionQuery execution_query(const Request& request, Micros now) {
    check_names(request, execution_query_parameters());
    const TimeRange range = time_range(request, now);
    service::ExecutionQuery query;
    query.from = range.from;
    query.until = range.until;
    query.job_id = request.query_value("job_id");
    query.cursor = request.query_value("cursor");
    query.limit = limit_of(request);
    if (const auto state = request.query_value("state")) query.states = states_of(*state);
    return query;
}

}  // namespace foliot::api::ndscheduler
