#include "app/metrics.hpp"

#include "app/metric_text.hpp"
#include "domain/endings.hpp"

#include <array>
#include <map>

namespace foliot::app {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMostQueued = 100'000;  ///< counted exactly; more would take the store's time

double number(std::uint64_t value) { return static_cast<double>(value); }
double number(const Count& count) { return number(count.value()); }
double seconds(Micros time) { return static_cast<double>(time) / static_cast<double>(kSecond); }

void add_size(MetricText& out, std::string_view name, const fs::path& file) {
    std::error_code none;
    const auto size = fs::file_size(file, none);
    if (!none) out.add({{"file", name}}, static_cast<double>(size));
}

}  // namespace

std::string Metrics::text() const {
    MetricText out;
    tell_state(out);
    tell_executions(out);
    tell_queue(out);
    tell_workers(out);
    tell_modules(out);
    tell_store(out);
    tell_http(out);
    tell_process(out);
    return out.take();
}

void Metrics::tell_state(MetricText& out) const {
    using Status = service::Node::Readiness::Status;
    const auto readiness = sources_.node.readiness();
    out.gauges("foliot_build_info", "Always 1; the version of the server").add({{"version", FOLIOT_VERSION}}, 1);
    out.gauges("foliot_ready", "1 when /readyz is 200").add({}, readiness.status == Status::ok ? 1 : 0);
    out.gauges("foliot_scheduler_state", "1 for the state that the scheduler is in");
    for (const auto state : {store::EngineState::running, store::EngineState::paused, store::EngineState::stopped})
        out.add({{"state", service::name_of(state)}}, readiness.engine == state ? 1 : 0);
    out.gauges("foliot_held", "1 for each reason for which this server starts nothing");
    for (const engine::Hold hold : engine::kHolds)
        out.add({{"reason", engine::name_of(hold)}}, sources_.engine.holds().has(hold) ? 1 : 0);
}

void Metrics::tell_executions(MetricText& out) const {
    const store::Tally& tally = sources_.store.tally();
    out.counters("foliot_executions_total", "Executions that ended, by state and reason");
    for (std::size_t i = 0; i < kFinalStates; ++i) {
        const auto state = static_cast<RunState>(static_cast<std::size_t>(kFirstFinal) + i);
        for (std::size_t reason = 0; reason < kReasons.size(); ++reason) {
            const Count& count = tally.ended[i][reason];
            // An alert sees a counter rise only if it was there before.
            const bool usual = reason == 0 || state == RunState::failed;
            if (count.value() > 0 || usual)
                out.add({{"state", wire_name(state)}, {"reason", kReasons[reason]}}, number(count));
        }
    }
    out.counters("foliot_fires_total", "Nominal fire times that were accounted for, by what they led to")
        .add({{"outcome", "run"}}, number(tally.fires[static_cast<std::size_t>(store::FireFate::run)]))
        .add({{"outcome", "missed"}}, number(tally.fires[static_cast<std::size_t>(store::FireFate::missed)]))
        .add({{"outcome", "skipped"}}, number(tally.fires[static_cast<std::size_t>(store::FireFate::skipped)]));
    out.counters("foliot_retries_total", "Further attempts that were planned").add({}, number(tally.retries));
    out.histograms("foliot_execution_duration_seconds", "Time that job code took")
        .add({}, sources_.engine.tally().duration);
    out.histograms("foliot_execution_lateness_seconds", "From when an execution was due to the first line of job code")
        .add({}, sources_.engine.tally().lateness);
    out.gauges("foliot_last_success_timestamp_seconds",
               "When the end of an execution that succeeded was stored last, since the start; 0: not yet")
        .add({}, seconds(tally.last_success));
    out.counters("foliot_webhook_events_total", "Events for webhooks, queued for delivery or dropped")
        .add({{"result", "queued"}}, number(queued_))
        .add({{"result", "dropped"}}, number(dropped_));
}

void Metrics::tell_queue(MetricText& out) const {
    store::Queue queue;
    try {
        queue = sources_.store.read()->queue(kMostQueued);
    } catch (const store::StoreUnavailable&) {  // foliot_ready tells
        return;
    }
    out.gauges("foliot_queue", "Executions that wait: for their time, behind others of their job, for a place")
        .add({{"state", "waiting"}}, static_cast<double>(queue.waiting))
        .add({{"state", "blocked"}}, static_cast<double>(queue.blocked))
        .add({{"state", "ready"}}, static_cast<double>(queue.ready));
}

void Metrics::tell_workers(MetricText& out) const {
    const runner::Census census = sources_.runner.census();
    out.gauges("foliot_executions_under_way", "Executions that are with the workers")
        .add({}, static_cast<double>(census.runs));
    out.gauges("foliot_workers", "Worker processes by state")
        .add({{"state", "starting"}}, static_cast<double>(census.starting))
        .add({{"state", "idle"}}, static_cast<double>(census.idle))
        .add({{"state", "busy"}}, static_cast<double>(census.busy))
        .add({{"state", "ending"}}, static_cast<double>(census.ending));
    out.counters("foliot_worker_starts_total", "Starts of workers")
        .add({{"result", "ok"}}, number(census.started))
        .add({{"result", "failed"}}, number(census.not_started));
    out.counters("foliot_worker_ends_total", "Ends of workers: as told, killed by the server, by themselves")
        .add({{"how", "told"}}, number(census.left))
        .add({{"how", "killed"}}, number(census.killed))
        .add({{"how", "died"}}, number(census.died));
}

void Metrics::tell_modules(MetricText& out) const {
    std::map<module::Status, int> modules;
    for (const module::Status status : module::kStatuses) modules[status] = 0;
    for (const auto& module : sources_.catalogue.modules()) ++modules[module->status];
    out.gauges("foliot_modules", "Modules by status");
    for (const auto& [status, count] : modules) out.add({{"status", module::status_name(status)}}, count);
}

void Metrics::tell_store(MetricText& out) const {
    const store::Tally& tally = sources_.store.tally();
    out.counters("foliot_store_commits_total", "Transactions of the store")
        .add({{"result", "ok"}}, number(tally.commits))
        .add({{"result", "failed"}}, number(tally.failed_commits));
    out.counters("foliot_store_units_total", "Units of work in the transactions that were committed")
        .add({{"result", "done"}}, number(tally.units))
        .add({{"result", "refused"}}, number(tally.refused_units));
    out.histograms("foliot_store_commit_duration_seconds", "Time that a transaction took, with the work in it")
        .add({}, tally.commit_time);
    out.gauges("foliot_store_size_bytes", "Size of the database and of its write-ahead log");
    add_size(out, "database", sources_.database);
    add_size(out, "log", sources_.database.string() + "-wal");
    std::error_code none;
    const auto space = fs::space(sources_.database.parent_path(), none);
    if (!none) {
        out.gauges("foliot_store_free_bytes", "Free space on the database's file system")
            .add({}, static_cast<double>(space.available));
    }
}

void Metrics::tell_http(MetricText& out) const {
    const api::HttpServer* server = http_;
    if (server == nullptr) return;
    constexpr std::array<std::string_view, 5> classes{"1xx", "2xx", "3xx", "4xx", "5xx"};
    out.counters("foliot_http_requests_total", "Requests that were answered, by dialect and class of status");
    for (const auto& [dialect, answers] : server->tally().answers()) {
        for (std::size_t i = 1; i < classes.size(); ++i)
            out.add({{"dialect", dialect}, {"status", classes[i]}}, number(answers.by_class[i]));
    }
    out.histograms("foliot_http_request_duration_seconds",
                   "Time from the head of a request until its answer was ready");
    for (const auto& [dialect, answers] : server->tally().answers()) out.add({{"dialect", dialect}}, answers.took);
    const auto connections = server->connections();
    out.gauges("foliot_http_connections", "Open connections: waiting for a thread, served; of these, streaming")
        .add({{"state", "queued"}}, static_cast<double>(connections.queued))
        .add({{"state", "served"}}, static_cast<double>(connections.served))
        .add({{"state", "streaming"}}, static_cast<double>(connections.streaming));
}

}  // namespace foliot::app
