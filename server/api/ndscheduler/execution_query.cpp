#include "api/ndscheduler/execution_query.hpp"

#include "api/ndscheduler/range_query.hpp"
#include "api/ndscheduler/text_filter.hpp"

#include <algorithm>
#include <array>

namespace foliot::api::ndscheduler {
namespace {

constexpr std::array kStates{RunState::waiting, RunState::blocked,  RunState::ready,     RunState::assigned,
                             RunState::running, RunState::stopping, RunState::succeeded, RunState::failed,
                             RunState::timeout, RunState::stopped,  RunState::error,     RunState::missed,
                             RunState::skipped};

/// Those that an execution shows by that name.
void add_states(const std::string& name, std::vector<RunState>& states) {
    const std::size_t before = states.size();
    std::string known;
    for (const RunState state : kStates) {
        const std::string_view wire = wire_name(state);
        if (wire == name) states.push_back(state);
        if (known.find("'" + std::string(wire) + "'") == std::string::npos) known += " '" + std::string(wire) + "'";
    }
    if (states.size() == before) throw invalid_field("state", "there is no state '" + name + "'; there are" + known);
}

/// "failed,timeout", or the parameter again and again.
std::vector<RunState> states_in(const Request& request) {
    std::vector<RunState> states;
    for (const auto& [name, value] : request.query) {
        if (name != "state") continue;
        for (std::size_t at = 0; at <= value.size();) {
            const std::size_t comma = std::min(value.find(',', at), value.size());
            add_states(value.substr(at, comma - at), states);
            at = comma + 1;
        }
    }
    std::sort(states.begin(), states.end());
    states.erase(std::unique(states.begin(), states.end()), states.end());
    return states;
}

}  // namespace

const std::vector<QueryParameter>& execution_query_parameters() {
    static const std::vector<QueryParameter> parameters = [] {
        auto all = range_parameters();
        all.push_back({"job_id", Schema::text(), "executions of the jobs that have or had this id"});
        all.push_back({"state", Schema::text(), "states as an execution shows them, with commas between them"});
        all.push_back({"q", Schema::text(), "a part of the job's id, name, function or description, in any case"});
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
    query.states = states_in(request);
    if (const auto words = request.query_value("q"))
        query.wanted = [has = TextFilter(*words)](const store::RunView& run) { return has(run.job_id, *run.def); };
    return query;
}

}  // namespace foliot::api::ndscheduler
