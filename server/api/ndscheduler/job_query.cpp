#include "api/ndscheduler/job_query.hpp"

#include "api/ndscheduler/range_query.hpp"
#include "api/ndscheduler/text_filter.hpp"
#include "service/words.hpp"

#include <algorithm>
#include <array>

namespace foliot::api::ndscheduler {
namespace {

constexpr std::array kStates{JobStatus::active, JobStatus::paused, JobStatus::broken};

JobStatus state_of(const std::string& text) {
    const auto* const found = std::find_if(kStates.begin(), kStates.end(),
                                           [&](JobStatus status) { return service::name_of(status) == text; });
    if (found == kStates.end()) throw invalid_field("state", "must be active, paused or broken, not '" + text + "'");
    return *found;
}

struct Filter {
    std::optional<TextFilter> words;
    std::optional<std::string> tag, func;
    std::optional<JobStatus> state;

    bool any() const { return words || tag || func || state; }
    bool operator()(const Job& job) const {
        const Definition& d = job.definition;
        return (!state || job.state.status == *state) &&
               (!tag || std::binary_search(d.tags.begin(), d.tags.end(), *tag)) && (!func || is_func(d.func)) &&
               (!words || (*words)(job.state.id, d));
    }

  private:
    bool is_func(const FuncRef& ref) const {
        return *func == ref.text() || *func == ref.dotted() || *func == ref.module;
    }
};

Filter filter_of(const Request& request) {
    Filter filter{{}, request.query_value("tag"), request.query_value("func"), {}};
    if (const auto words = request.query_value("q")) filter.words.emplace(*words);
    if (const auto state = request.query_value("state")) filter.state = state_of(*state);
    return filter;
}

}  // namespace

service::JobQuery job_query(const Request& request) {
    static const auto known = job_query_parameters();
    check_names(request, known);
    service::JobQuery query;
    if (Filter filter = filter_of(request); filter.any()) query.wanted = std::move(filter);
    if (request.query_value("limit")) query.limit = limit_of(request);
    query.cursor = request.query_value("cursor");
    return query;
}

std::vector<QueryParameter> job_query_parameters() {
    const Schema text = Schema::text();
    return {
        {"q", text, "a part of id, name, function or description, in any case"},
        {"tag", text, "jobs with this tag"},
        {"state", Schema::word({"active", "paused", "broken"}), "jobs in this state"},
        {"func", text, "jobs of this function, or of this module"},
        {"limit", Schema::whole(1, kMostRows), "at most so many, those made first; all by next run unless given"},
        {"cursor", text, "next_cursor of the page before; with a limit"},
    };
}

}  // namespace foliot::api::ndscheduler
