#include "api/apscheduler/job_fields.hpp"

#include "api/apscheduler/limit_fields.hpp"
#include "api/apscheduler/values.hpp"
#include "base/error.hpp"

namespace foliot::api::apscheduler {
namespace {

using json::Kind;
using json::Value;
using service::JobEdit;
using Name = std::string_view;

int count_of(std::string_view field, const Value& value) {
    const std::int64_t number = whole_of(field, value);
    if (number < -1'000'000'000 || number > 1'000'000'000) throw invalid_field(field, "is too large");
    return static_cast<int>(number);
}

std::string json_of(std::string_view field, const Value& value, Kind kind, std::string_view empty) {
    if (value.is(Kind::null)) return std::string(empty);
    if (!value.is(kind)) {
        throw invalid_field(field, "must be an " + std::string(json::kind_name(kind)) + ", not " +
                                       std::string(json::kind_name(value.kind)));
    }
    return std::string(value.raw);
}

template <class Choice>
Choice choose(std::string_view field, const Value& value, std::initializer_list<Choice> from) {
    const std::string text = text_of(field, value);
    std::string known;
    for (const Choice choice : from) {
        if (name_of(choice) == text) return choice;
        known += (known.empty() ? "" : ", ") + std::string(name_of(choice));
    }
    throw invalid_field(field, "must be one of " + known + ", not '" + text + "'");
}

FuncRef func_of(std::string_view field, const Value& value) {
    const std::string text = text_of(field, value);
    const auto func = parse_func(text);
    if (!func) throw invalid_field(field, "'" + text + "' is no function reference; write it as module:function");
    return *func;
}

void take_grace(std::string_view field, const Value& value, JobEdit& edit) {
    edit.misfire_grace.emplace();
    if (value.is(Kind::null)) return;
    const Micros grace = length_of(field, value);
    if (grace < kSecond) throw invalid_field(field, "must be null or at least 1 second");
    *edit.misfire_grace = grace;
}

void take_max_runs(std::string_view field, const Value& value, JobEdit& edit) {
    edit.max_runs.emplace();
    if (!value.is(Kind::null)) *edit.max_runs = whole_of(field, value);
}

void take_tags(std::string_view field, const Value& value, JobEdit& edit) {
    edit.tags.emplace();
    if (value.is(Kind::null)) return;
    if (!value.is(Kind::array)) throw invalid_field(field, "must be a list of texts");
    for (const Value& tag : value.items) edit.tags->push_back(text_of(field, tag));
}

/// There is one executor and one job store; jobs that name another would never run.
void only_default(std::string_view field, const Value& value) {
    if (field == "jobstore" && is_default_store(value)) return;
    if (text_of(field, value) != "default")
        throw invalid_field(field, "there is only 'default', not '" + value.string + "'");
}

/// true is 1, as Python takes it.
Schema whole(std::int64_t least, std::int64_t most) {
    return Schema::either({Schema::whole(least, most), Schema::boolean()});
}
Schema count(std::int64_t least) { return whole(least, service::kMaxCount); }
Schema length() { return Schema::number(0, kLongestLength); }
Schema default_only() { return Schema::word({"default"}); }

}  // namespace

bool is_default_store(const Value& value) {
    return value.is(Kind::null) || (value.is(Kind::string) && value.string == "default");
}

void take_next_run(const Value& value, service::JobEdit& edit, const trigger::ZonePtr& zone) {
    edit.next_run.emplace();
    if (value.is(Kind::null)) return;
    const trigger::Written time = time_of("next_run_time", value, zone);
    *edit.next_run = {time.at, time.offset_seconds};
}

const std::map<std::string_view, JobField>& job_fields() {
    static const std::map<std::string_view, JobField> table{
        {"name",
         {Schema::bytes(1, service::kMaxName), [](Name n, const Value& v, JobEdit& e) { e.name = text_of(n, v); }}},
        {"func",
         {Schema::text(3).described("module:function, or module.function"),
          [](Name n, const Value& v, JobEdit& e) { e.func = func_of(n, v); }}},
        {"args",
         {Schema::list(Schema::any()).described("at most 262144 bytes"),
          [](Name n, const Value& v, JobEdit& e) { e.args = json_of(n, v, Kind::array, "[]"); }}},
        {"kwargs",
         {Schema::free_object().described("at most 262144 bytes"),
          [](Name n, const Value& v, JobEdit& e) { e.kwargs = json_of(n, v, Kind::object, "{}"); }}},
        {"misfire_grace_time", {Schema::number(1, kLongestLength).or_null(), take_grace}},
        {"coalesce",
         {Schema::any().described("what Python takes for true or false"),
          [](Name /*n*/, const Value& v, JobEdit& e) { e.coalesce = truthy(v); }}},
        {"max_instances", {count(1), [](Name n, const Value& v, JobEdit& e) { e.max_instances = count_of(n, v); }}},
        {"next_run_time", {time_schema().or_null(), nullptr}},  // take_next_run(): it needs the zone
        {"executor", {default_only(), [](Name n, const Value& v, JobEdit&) { only_default(n, v); }}},
        {"jobstore", {default_only().or_null(), [](Name n, const Value& v, JobEdit&) { only_default(n, v); }}},
        {"max_runs", {whole(1, std::int64_t{1} << 53).or_null(), take_max_runs}},
        {"max_queued", {count(0), [](Name n, const Value& v, JobEdit& e) { e.max_queued = count_of(n, v); }}},
        {"timeout",
         {length().or_null(),
          [](Name n, const Value& v, JobEdit& e) { e.timeout = v.is(Kind::null) ? 0 : length_of(n, v); }}},
        {"jitter",
         {Schema::number(0, static_cast<double>(service::kLongestJitter) / kSecond).or_null(),
          [](Name n, const Value& v, JobEdit& e) { e.jitter = v.is(Kind::null) ? 0 : length_of(n, v); }}},
        {"deadline",
         {Schema::number(0, static_cast<double>(service::kLongestDeadline) / kSecond).or_null(),
          [](Name n, const Value& v, JobEdit& e) { e.deadline = v.is(Kind::null) ? 0 : length_of(n, v); }}},
        {"tags", {Schema::list(Schema::bytes(1, service::kMaxTag)).described("at most 32").or_null(), take_tags}},
        {"max_retries", {count(0), [](Name n, const Value& v, JobEdit& e) { e.retry.max_retries = count_of(n, v); }}},
        {"retry_delay", {length(), [](Name n, const Value& v, JobEdit& e) { e.retry.delay = length_of(n, v); }}},
        {"retry_backoff",
         {Schema::number(service::kLeastBackoff, service::kMostBackoff),
          [](Name n, const Value& v, JobEdit& e) { e.retry.factor = number_of(n, v); }}},
        {"retry_max_delay",
         {length(), [](Name n, const Value& v, JobEdit& e) { e.retry.max_delay = length_of(n, v); }}},
        {"priority", {whole(0, 9), [](Name n, const Value& v, JobEdit& e) { e.priority = count_of(n, v); }}},
        {"description",
         {Schema::bytes(0, service::kMaxDescription),
          [](Name n, const Value& v, JobEdit& e) { e.description = text_of(n, v); }}},
        {"overlap",
         {Schema::word({"skip", "queue", "replace"}),
          [](Name n, const Value& v, JobEdit& e) {
              e.overlap = choose(n, v, {Overlap::skip, Overlap::queue, Overlap::replace});
          }}},
        {"misfire_policy",
         {Schema::word({"once", "all", "skip"}),
          [](Name n, const Value& v, JobEdit& e) {
              e.misfire = choose(n, v, {MisfirePolicy::once, MisfirePolicy::all, MisfirePolicy::skip});
          }}},
        {"isolation",
         {Schema::word({"warm", "fresh"}),
          [](Name n, const Value& v, JobEdit& e) {
              e.isolation = choose(n, v, {Isolation::warm, Isolation::fresh});
          }}},
        {"limits", {limits_schema(), [](Name n, const Value& v, JobEdit& e) { e.limits = limits_of(n, v); }}},
    };
    return table;
}

}  // namespace foliot::api::apscheduler
