#include "base/json.hpp"
#include "base/stored_object.hpp"
#include "trigger/cron.hpp"

#include <limits>

namespace foliot::trigger {
namespace {

struct ToJson {
    json::Writer& out;

    void operator()(const None&) const { out.field("type", "none"); }
    void operator()(const Date& date) const {
        out.field("type", "date").field("at", date.at);
        offset("offset", date.offset_seconds);
        written("written_date", date.written_date);
        zone(date.zone);
    }
    void operator()(const Interval& interval) const {
        out.field("type", "interval").field("every", interval.every).field("start", interval.start);
        if (interval.end) out.field("end", *interval.end);
        offset("offset", interval.offset_seconds);
        offset("end_offset", interval.end_offset_seconds);
        written("written_start", interval.written_start);
        if (interval.start_defaulted) out.field("start_defaulted", true);
        zone(interval.zone);
        if (!interval.source.empty()) out.field("source", interval.source);
    }
    void operator()(const Cron& cron) const {
        const std::string& line = cron.source.empty() ? cron.line : cron.source;
        out.field("type", !cron.source.empty() ? "seed_cron" : line.empty() ? "cron" : "crontab");
        if (!line.empty()) out.field("line", line);
        for (std::size_t i = 0; i < kFieldCount && line.empty(); ++i) {
            if (cron.given[i]) out.field(field_name(static_cast<Field>(i)), *cron.given[i]);
        }
        zone(cron.zone);
        if (cron.start) out.field("start", *cron.start);
        if (cron.end) out.field("end", *cron.end);
        offset("offset", cron.offset_seconds);
        offset("end_offset", cron.end_offset_seconds);
    }
    void operator()(const Any& any) const {
        out.field("type", "any").key("triggers").begin_array();
        for (const Single& trigger : any.of) {
            out.begin_object();
            std::visit(*this, trigger);
            out.end_object();
        }
        out.end_array();
    }
    void operator()(const Shared& shared) const {
        out.field("type", "schedule").field("schedule", shared.schedule).field("rev", shared.rev);
        out.key("rule").begin_object();
        std::visit(*this, shared.rule);
        out.end_object();
    }
    void zone(const ZonePtr& zone) const {
        if (zone) out.field("zone", zone->name());
    }
    void offset(std::string_view name, int seconds) const {
        if (seconds != 0) out.field(name, seconds);
    }
    void written(std::string_view name, const std::optional<Written>& instant) const {
        if (!instant) return;
        out.field(name, instant->at);
        offset("written_offset", instant->offset_seconds);
    }
};

std::optional<Micros> instant(json::StoredObject& stored, std::string_view name) {
    return stored.integer(name, kFirstInstant, kLastInstant);
}

int offset(json::StoredObject& stored, std::string_view name = "offset") {
    constexpr int kDay = 86'400;
    return static_cast<int>(stored.integer(name, 1 - kDay, kDay - 1).value_or(0));
}

std::optional<Written> written(json::StoredObject& stored, std::string_view name) {
    const auto at = instant(stored, name);
    if (!at) return std::nullopt;
    return Written{.at = *at, .offset_seconds = offset(stored, "written_offset")};
}

ZonePtr zone(json::StoredObject& stored) {
    const auto name = stored.text("zone");
    return name ? stored_zone(*name) : nullptr;
}

Date read_date(json::StoredObject& stored) {
    return Date{.at = stored.required(instant(stored, "at"), "at"),
                .offset_seconds = offset(stored),
                .written_date = written(stored, "written_date"),
                .zone = zone(stored)};
}

Interval read_interval(json::StoredObject& stored) {
    Interval interval;
    interval.every = stored.required(stored.integer("every", 1, std::numeric_limits<Micros>::max()), "every");
    interval.start = stored.required(instant(stored, "start"), "start");
    interval.end = instant(stored, "end");
    interval.offset_seconds = offset(stored);
    interval.end_offset_seconds = offset(stored, "end_offset");
    interval.written_start = written(stored, "written_start");
    interval.start_defaulted = stored.boolean("start_defaulted").value_or(false);
    interval.zone = zone(stored);
    interval.source = stored.text("source").value_or("");
    return interval;
}

Cron read_cron(json::StoredObject& stored, std::string_view type) {
    const auto start = instant(stored, "start");
    const auto end = instant(stored, "end");
    const auto in = zone(stored);
    Cron cron;
    if (type != "cron") {
        const std::string line = stored.required(stored.text("line"), "line");
        cron = type == "crontab" ? make_crontab(line, start, end, in) : make_seed_cron(line, start, end, in);
    } else {
        std::array<std::optional<std::string>, kFieldCount> given;
        for (std::size_t i = 0; i < kFieldCount; ++i) given[i] = stored.text(field_name(static_cast<Field>(i)));
        cron = make_cron(std::move(given), start, end, in);
    }
    cron.offset_seconds = offset(stored);
    cron.end_offset_seconds = offset(stored, "end_offset");
    return cron;
}

Single read_single(const json::Value& value) {
    json::StoredObject stored(value, "trigger");
    const std::string type = stored.required(stored.text("type"), "type");
    Single single;
    if (type == "date") {
        single = read_date(stored);
    } else if (type == "interval") {
        single = read_interval(stored);
    } else if (type == "cron" || type == "crontab" || type == "seed_cron") {
        single = read_cron(stored, type);
    } else {
        stored.corrupt("unknown type '" + type + "'");
    }
    stored.finish();
    return single;
}

Any read_any(json::StoredObject& stored) {
    std::vector<Single> of;
    const json::Value* list = stored.find("triggers", json::Kind::array);
    if (list == nullptr) stored.corrupt("'triggers' is missing");
    of.reserve(list->items.size());
    for (const json::Value& item : list->items) of.push_back(read_single(item));
    return make_any(std::move(of));
}

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

Shared read_shared(json::StoredObject& stored) {
    const std::int64_t schedule = stored.required(stored.integer("schedule", 1, kMost), "schedule");
    const std::int64_t rev = stored.required(stored.integer("rev", 1, kMost), "rev");
    const json::Value* value = stored.find("rule", json::Kind::object);
    const Trigger said = value != nullptr ? from_json(*value) : Trigger{};
    const auto rule = rule_of(said);
    if (!rule || std::holds_alternative<Shared>(said)) stored.corrupt("'rule' is missing or no rule");
    return {schedule, rev, *rule};
}

}  // namespace

std::string to_json(const Trigger& trigger) {
    json::Writer out;
    out.begin_object();
    std::visit(ToJson{out}, trigger);
    out.end_object();
    return out.take();
}

Trigger from_json(const json::Value& value) {
    json::StoredObject stored(value, "trigger");
    const std::string type = stored.required(stored.text("type"), "type");
    if (type != "none" && type != "any" && type != "schedule") {
        return std::visit([](const auto& single) -> Trigger { return single; }, read_single(value));
    }
    Trigger trigger;
    if (type == "any") trigger = read_any(stored);
    if (type == "schedule") trigger = read_shared(stored);
    stored.finish();
    return trigger;
}

}  // namespace foliot::trigger
