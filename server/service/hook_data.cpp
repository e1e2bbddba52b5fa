#include "service/hook_data.hpp"

#include "base/json.hpp"
#include "base/time_text.hpp"
#include "domain/sealed.hpp"
#include "service/hook_events.hpp"
#include "service/job_edit.hpp"
#include "trigger/seed_definitions.hpp"

namespace foliot::service {
namespace {

constexpr std::size_t kMostBytes = 64U << 10U;  // of arguments, or of a result

/// Nothing: more than anybody wants in each message.
std::optional<std::string> shown(std::string_view arguments) {
    if (arguments.size() > kMostBytes) return std::nullopt;
    return shown_arguments(arguments);
}

std::optional<std::string> time_text(std::optional<Micros> at) {
    if (!at) return std::nullopt;
    return iso_time(*at);
}

std::string lines_as_json(std::string_view lines) {
    json::Writer out;
    out.begin_array();
    while (!lines.empty()) {
        const std::size_t end = lines.find('\n');
        out.value(lines.substr(0, end));
        lines = end == std::string_view::npos ? std::string_view() : lines.substr(end + 1);
    }
    return out.end_array().take();
}

/// By its name among the named arguments, else by its place; "null": it has none.
std::string argument(const Definition& call, std::string_view name, std::size_t place) {
    const std::string kwargs = shown_arguments(call.kwargs), args = shown_arguments(call.args);
    const json::Value named = json::parse(kwargs), placed = json::parse(args);
    if (const auto* value = named.find(name)) return std::string(value->raw);
    return place < placed.items.size() ? std::string(placed.items[place].raw) : "null";
}

}  // namespace

bool is_schedule(const Job& job) { return job.definition.func == FuncRef{"http", "post"}; }

std::string hook_data(const Job& job, std::string_view changes) {
    Job seen = job;
    seen.definition.args = shown(job.definition.args).value_or("null");
    seen.definition.kwargs = shown(job.definition.kwargs).value_or("null");
    const std::string difference = changes.empty() ? "" : ",\"changes\":" + lines_as_json(changes);
    return "{\"id\":" + json::quote(job.state.id) + difference + "," + shown_whole(seen).substr(1);
}

std::string hook_data(const store::RunView& run, const PublicIds& ids) {
    json::Writer out;
    out.begin_object()
        .field("id", ids.hex(raw(run.id)))
        .field("job_id", run.job_id)
        .field("func", run.def ? run.def->func.text() : std::string())
        .field("state", event_of(run.state).substr(std::string_view("execution.").size()))
        .field("reason", run.reason)
        .field("error", run.error)
        .field("scheduled_time", iso_time(run.nominal))
        .field("started", time_text(run.started))
        .field("ended", time_text(run.ended))
        .field("fires", run.fires)
        .field("attempt", run.attempt)
        .field("origin", wire_name(run.origin));
    const bool small = run.result && run.result->size() <= kMostBytes;
    out.raw_field("result", small ? *run.result : "null");
    return out.end_object().take();
}

std::string hook_data_of_schedule(const Job& job, const PublicIds& ids, Micros now) {
    const Definition& call = job.definition;
    const std::int64_t spent = call.max_runs ? *call.max_runs - job.state.runs_left.value_or(0) : 0;
    const auto definitions = trigger::seed_definitions(call.trigger);
    const bool small = call.args.size() <= kMostBytes && call.kwargs.size() <= kMostBytes;
    json::Writer out;
    out.begin_object()
        .field("id", ids.dashed(raw(job.state.key)))
        .field("frequency", call.max_runs)
        .field("triggered", spent)
        .field("cron_definition", definitions.cron)
        .field("interval_definition", definitions.interval)
        .raw_field("endpoint", small ? argument(call, "endpoint", 0) : "null")
        .raw_field("payload", small ? argument(call, "payload", 1) : "null")
        .field("next_send_at", time_text(job.state.next_fire))
        .field("enabled", job.state.status == JobStatus::active)
        .field("created_at", iso_time(IdGenerator::time_of(raw(job.state.key))))
        .field("updated_at", iso_time(now));
    return out.end_object().take();
}

}  // namespace foliot::service
