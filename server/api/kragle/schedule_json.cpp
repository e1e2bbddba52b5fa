#include "api/kragle/schedule_json.hpp"

#include "api/admin/fields.hpp"
#include "api/apscheduler/trigger_fields.hpp"
#include "api/apscheduler/values.hpp"
#include "api/kragle/dialect.hpp"
#include "service/job_edit.hpp"

#include <algorithm>

namespace foliot::api::kragle {
namespace {

using json::Kind;
using json::Value;

constexpr std::int64_t kLongestPeriod = service::kLongestDeadline / kSecond;
constexpr std::int64_t kLastTimestamp = trigger::kLastInstant / kSecond;

[[noreturn]] void refuse(const std::string& reason) { throw invalid_field(kConfig, reason); }

std::int64_t whole(const Value& value, const char* name, std::int64_t low, std::int64_t high) {
    if (!value.is(Kind::integer) || value.integer < low || value.integer > high) {
        refuse(std::string("'") + name + "' must be a whole number from " + std::to_string(low) + " to " +
               std::to_string(high));
    }
    return value.integer;
}

/// Fields as an object, or a crontab line.
trigger::Rule cron_of(const Value& cron, const Value* timezone, const trigger::ZonePtr& zone) {
    apscheduler::Given given;
    const bool is_line = cron.is(Kind::string);
    if (is_line) given["line"] = &cron;
    if (!is_line && !cron.is(Kind::object)) refuse("'cron' must be an object of fields or a crontab line");
    for (const auto& [name, value] : cron.members) {
        if (name == "timezone") refuse("'timezone' belongs beside 'cron'");
        if (name == "start_date" || name == "end_date") refuse("'" + name + "': a schedule has no start and no end");
        given[name] = &value;
    }
    if (timezone != nullptr) given["timezone"] = timezone;
    try {
        return trigger::rule_of(apscheduler::make_trigger(is_line ? "crontab" : "cron", given, {0, zone})).value();
    } catch (const RequestError& e) {
        refuse(e.what());
    }
}

/// What a config says; a period begins with the change that brings it.
struct Config {
    std::optional<std::int64_t> period{};
    std::optional<trigger::Rule> other{};
    bool zone_named = false;

    trigger::Rule rule(const trigger::Rule* present, Micros now) const {
        if (other) return in_zone_of(present);
        const Micros every = *period * kSecond;
        const auto* interval = present != nullptr ? std::get_if<trigger::Interval>(present) : nullptr;
        if (interval != nullptr && interval->every == every) return *interval;  // as it was shown
        return trigger::Interval{.every = every, .start = now + every, .end = {}};
    }

  private:
    /// A cron whose zone is not said stays in the one that there is.
    trigger::Rule in_zone_of(const trigger::Rule* present) const {
        trigger::Rule said = *other;
        const auto* before = present != nullptr ? std::get_if<trigger::Cron>(present) : nullptr;
        auto* cron = std::get_if<trigger::Cron>(&said);
        if (cron != nullptr && before != nullptr && !zone_named) cron->zone = before->zone;
        return said;
    }
};

Config config_of(const Value& value, const trigger::ZonePtr& zone) {
    if (!value.is(Kind::object)) refuse("must be an object, not " + std::string(json::kind_name(value.kind)));
    const Value* timezone = value.find("timezone");
    Config config;
    config.zone_named = timezone != nullptr;
    int said = 0;
    for (const auto& [name, member] : value.members) {
        if (name == "timezone") continue;
        ++said;
        if (name == "period") {
            config.period = whole(member, "period", 1, kLongestPeriod);
        } else if (name == "timestamp") {
            config.other = trigger::Date{whole(member, "timestamp", 0, kLastTimestamp) * kSecond};
        } else if (name == "cron") {
            config.other = cron_of(member, timezone, zone);
        } else {
            refuse("'" + name + "' is unknown; there are period, timestamp, cron and timezone");
        }
    }
    if (said != 1) refuse("must have one of period, timestamp and cron");
    if (timezone != nullptr && value.find("cron") == nullptr) refuse("'timezone' belongs to 'cron'");
    return config;
}

struct ConfigWriter {
    json::Writer& writer;

    void operator()(const trigger::Interval& interval) const { writer.field("period", interval.every / kSecond); }
    void operator()(const trigger::Date& date) const { writer.field("timestamp", date.at / kSecond); }
    void operator()(const trigger::Cron& cron) const {
        writer.key("cron");
        if (!cron.line.empty()) {
            writer.value(cron.line);
        } else {
            writer.begin_object();
            for (std::size_t i = 0; i < cron.given.size(); ++i) {
                if (cron.given[i]) writer.field(trigger::field_name(static_cast<trigger::Field>(i)), *cron.given[i]);
            }
            writer.end_object();
        }
        writer.field("timezone", trigger::zone_name(cron.zone));
    }
    void operator()(const trigger::Any&) const {}
};

void write_members(json::Writer& writer, const Schedule& schedule) {
    writer.field("id", schedule.id).field("name", schedule.name).field("once", schedule.fires_once());
    writer.key("config").begin_object();
    std::visit(ConfigWriter{writer}, schedule.rule);
    writer.end_object();
}

Schema config_schema() {
    const Schema cron = Schema::either({Schema::free_object(), Schema::text(6)});
    return Schema::object({{"period", Schema::whole(1, kLongestPeriod).described("seconds between two fires"), false},
                           {"timestamp", Schema::whole(0, kLastTimestamp).described("Unix seconds: once"), false},
                           {"cron", cron.described("fields, or a crontab line"), false},
                           {"timezone", Schema::text(2, 64).described("of the cron"), false}})
        .described("one of period, timestamp and cron");
}

std::vector<Schema::Property> body_properties(bool is_new) {
    return {{"config", config_schema(), is_new},
            {"name", Schema::bytes(0, service::kMaxName).or_null(), false},
            {"once", Schema::boolean().described("each job that uses it fires once"), false}};
}

std::vector<Schema::Property> shown_properties() {
    return {{"id", Schema::whole(1)},
            {"name", Schema::text().or_null()},
            {"once", Schema::boolean()},
            {"config", config_schema()}};
}

/// A schedule is sent back as it was shown.
void ignore_jobs(admin::Fields& fields) {
    const Value* jobs = fields.take("jobs");
    if (jobs == nullptr) return;
    const bool texts = jobs->is(Kind::array) && std::all_of(jobs->items.begin(), jobs->items.end(),
                                                            [](const Value& id) { return id.is(Kind::string); });
    if (!texts) throw invalid_field("jobs", "must be a list of texts (it changes nothing)");
}

}  // namespace

ScheduleBody schedule_body(std::string_view text, Which which, const trigger::ZonePtr& zone) {
    admin::Fields fields(text);
    ScheduleBody body;
    if (which != Which::fresh) body.id = fields.integer("id");
    if (which == Which::by_body && !body.id) throw RequestError(Problem::invalid, "missing required field 'id'", "id");
    if (which != Which::fresh) ignore_jobs(fields);
    body.edit.name = fields.text_or_null("name");
    body.edit.once = fields.flag("once");
    if (const Value* config = fields.take(kConfig)) {
        body.edit.rule = [said = config_of(*config, zone)](const trigger::Rule* present, Micros now) {
            return said.rule(present, now);
        };
    }
    fields.finish();
    return body;
}

void write_schedule(json::Writer& writer, const Schedule& schedule) {
    writer.begin_object();
    write_members(writer, schedule);
    writer.end_object();
}

std::string schedule_json(const Schedule& schedule, const std::vector<std::string>* jobs) {
    json::Writer writer;
    writer.begin_object();
    write_members(writer, schedule);
    if (jobs != nullptr) {
        writer.key("jobs").begin_array();
        for (const std::string& id : *jobs) writer.value(id);
        writer.end_array();
    }
    return writer.end_object().take();
}

Schema schedule_schema() { return Schema::object(shown_properties()).named("schedule"); }

Schema one_schedule_schema(bool for_guests) {
    auto properties = shown_properties();
    const Schema jobs = Schema::list(Schema::text()).described("that use it, the first 1,000; for users only");
    properties.push_back({"jobs", jobs, !for_guests});
    return Schema::object(properties).named("schedule-with-jobs");
}

Schema new_schedule_schema() {
    return Schema::object(body_properties(true))
        .with_examples({R"({"name":"every minute","once":false,"config":{"period":60}})",
                        R"({"name":null,"config":{"cron":{"hour":"2"},"timezone":"Europe/Berlin"}})",
                        R"({"once":true,"config":{"timestamp":4102444800}})"})
        .named("new-schedule");
}

Schema schedule_edit_schema(Which which) {
    const bool by_body = which == Which::by_body;
    auto properties = body_properties(false);
    properties.push_back({"id", Schema::whole(1).described(by_body ? "which" : "that of the path"), by_body});
    properties.push_back({"jobs", Schema::list(Schema::text()).described("as shown; changes nothing"), false});
    const char* example = by_body ? R"({"id":1,"name":"hourly","once":false,"config":{"cron":"0 * * * *"},"jobs":[]})"
                                  : R"({"name":"hourly","once":false,"config":{"cron":"0 * * * *"},"jobs":["a"]})";
    return Schema::object(properties).with_examples({example}).named(by_body ? "schedule-edit-by-id" : "schedule-edit");
}

}  // namespace foliot::api::kragle
