#include "service/metrics_push.hpp"

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "service/unit.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace foliot::service {
namespace {

constexpr const char* kJob = "metrics-push";
constexpr const char* kPushed = "metrics_pushed";  // the instant up to which they were
constexpr std::size_t kMostFailures = 10'000;      // that are counted, the newest
constexpr std::size_t kAtOnce = 500, kBytesAtOnce = 1U << 20U;
constexpr std::size_t kRecordsAtOnce = 20;  // their arguments are up to 512 KiB each
constexpr int kMostLooks = 200;
constexpr int kMostRecordLooks = 50;
constexpr Micros kLongestWait = 24LL * 3600 * kSecond;  // between the making of a run and its end

using Sums = std::map<std::string, std::int64_t, std::less<>>;

struct Window {
    Micros since = 0, until = 0;
    bool has(Micros instant) const { return instant > since && instant <= until; }
};

/// Of one failed try, from what the module http says of it. "": it never came to a try, or who knows.
std::string metric_of(const store::RunView& run) {
    const std::string prefix = "scheduler.deliver_task.";
    if (run.state == RunState::timeout) return prefix + "timeout.sum";
    const std::string text = run.result.value_or("null");
    const json::Value result = json::parse(text);
    const json::Value* status = result.find("status");
    if (status != nullptr && status->is(json::Kind::integer)) {
        return prefix + "http_error." + std::to_string(status->integer) + ".sum";
    }
    const json::Value* error = result.find("error");
    if (error == nullptr || !error->is(json::Kind::string)) return "";
    return prefix + (error->string == "timeout" ? "timeout.sum" : "connection_error.sum");
}

void add_failures(store::Store& store, const Window& window, Sums& sums) {
    store::RunFilter filter;
    filter.states = {RunState::failed, RunState::timeout, RunState::error};
    filter.func = "http:post";
    filter.from = std::max<Micros>(0, window.since - kLongestWait);
    filter.limit = kAtOnce;
    filter.max_bytes = kBytesAtOnce;
    std::size_t counted = 0;
    for (int looks = 0; looks < kMostLooks && counted < kMostFailures; ++looks) {
        store::Page<store::RunView> page;
        read(store, [&](store::Snapshot& snapshot) { page = snapshot.runs(filter); });
        for (const auto& run : page.items) {
            if (!window.has(run.ended.value_or(0))) continue;
            ++counted;
            if (const auto name = metric_of(run); !name.empty()) ++sums[name];
        }
        if (!page.next) return;
        filter.before = page.next;
    }
}

void add_schedules(store::Store& store, const Window& window, Sums& sums) {
    store::RecordFilter filter{.func = "http:post", .limit = kRecordsAtOnce};
    for (int looks = 0; looks < kMostRecordLooks; ++looks) {
        std::vector<store::JobRecord> records;
        read(store, [&](store::Snapshot& snapshot) { records = snapshot.job_records(filter); });
        for (const auto& record : records) {
            const Micros made = IdGenerator::time_of(raw(record.job.state.key));
            if (window.has(made)) ++sums["schedules.created.sum"];
            if (made <= window.since) return;
        }
        if (records.size() < kRecordsAtOnce) return;
        filter.before = records.back().job.state.key;
    }
}

/// In many short snapshots: results and arguments may be large.
Sums sums_of(store::Store& store, const Window& window) {
    Sums sums;
    for (const std::string_view name : MetricsPush::names()) sums.emplace(name, 0);
    add_failures(store, window, sums);
    add_schedules(store, window, sums);
    return sums;
}

std::string body_of(const Sums& sums) {
    json::Writer out;
    out.begin_object();
    for (const auto& [name, sum] : sums) out.field(name, static_cast<double>(sum));
    return out.end_object().take();
}

Micros instant_in(const std::string& text) { return text.empty() ? 0 : std::stoll(text); }

}  // namespace

const std::vector<std::string_view>& MetricsPush::names() {
    static const std::vector<std::string_view> names{"schedules.created.sum",
                                                     "scheduler.deliver_task.connection_error.sum",
                                                     "scheduler.deliver_task.http_error.400.sum",
                                                     "scheduler.deliver_task.http_error.401.sum",
                                                     "scheduler.deliver_task.http_error.403.sum",
                                                     "scheduler.deliver_task.http_error.404.sum",
                                                     "scheduler.deliver_task.http_error.500.sum",
                                                     "scheduler.deliver_task.timeout.sum"};
    return names;
}

Definition MetricsPush::push_job() const {
    Definition job;
    job.name = "Push of metrics";
    job.description = "Posts the Seed Scheduler's metrics to metrics.push_url, when POST /api/metrics/ asks for it.";
    job.func = {"http", "request"};
    job.kwargs = json::Writer().begin_object().field("url", target_.url).end_object().take();
    job.trigger = trigger::None{};
    job.overlap = Overlap::queue;
    job.retry = {.max_retries = 5, .delay = 5 * kSecond};
    return job;
}

std::string MetricsPush::arguments(const std::string& body) const {
    json::Writer out;
    out.begin_object().field("url", target_.url).field("method", "POST").raw_field("body", body);
    if (!target_.user.empty() || !target_.password.empty()) {
        const std::string header = "Basic " + to_base64(target_.user + ":" + target_.password);
        json::Writer headers;
        headers.begin_object().field("Authorization", header).end_object();
        out.raw_field("secret_headers", vault_.seal(0, headers.text()));
    }
    return out.end_object().take();
}

void MetricsPush::push(const Caller& caller) {
    require(caller, Power::run, "push metrics");
    if (target_.url.empty()) return;
    std::string pushed;
    const Micros now = store_.now();
    read(store_, [&](store::Snapshot& snapshot) { pushed = snapshot.setting(kPushed); });
    const Sums sums = sums_of(store_, {instant_in(pushed), now});
    write(store_, [&](store::Tx& tx) {
        if (tx.settings().get(kPushed).value_or("") != pushed) return;  // somebody else did just now
        const auto present = tx.job(kJob);
        if (present && present->definition.func.text() != "http:request") {
            throw RequestError(Problem::wrong_state,
                               std::string("there is a job '") + kJob + "' that pushes no metrics: rename it");
        }
        const JobKey job = present
                               ? present->state.key
                               : tx.put_job({.id = kJob, .def = push_job(), .arming = arm(trigger::None{}, tx.now())},
                                            store::ExpectedRev::absent());
        tx.run_now(job, {.args = {}, .kwargs = arguments(body_of(sums)), .retry_of = {}});
        tx.settings().set(kPushed, std::to_string(now));
    });
}

}  // namespace foliot::service
