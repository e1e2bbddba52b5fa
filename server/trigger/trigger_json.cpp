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
    }
    void operator()(const Interval& interval) const {
        out.field("type", "interval").field("every", interval.every).field("start", interval.start);
        if (interval.end) out.field("end", *interval.end);
        offset("offset", interval.offset_seconds);
        offset("end_offset", interval.end_offset_seconds);
        written("written_start", interval.written_start);
        if (interval.start_defaulted) out.field("start_defaulted", true);
    }
    void operator()(const Cron& cron) const {
        out.field("type", "cron");
        for (std::size_t i = 0; i < kFieldCount; ++i) {
            if (cron.given[i]) out.field(field_name(static_cast<Field>(i)), *cron.given[i]);
        }
        if (cron.start) out.field("start", *cron.start);
        if (cron.end) out.field("end", *cron.end);
        offset("offset", cron.offset_seconds);
        offset("end_offset", cron.end_offset_seconds);
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

Trigger read_date(json::StoredObject& stored) {
    return Date{.at = stored.required(instant(stored, "at"), "at"),
                .offset_seconds = offset(stored),
                .written_date = written(stored, "written_date")};
}

Trigger read_interval(json::StoredObject& stored) {
    Interval interval;
    interval.every = stored.required(stored.integer("every", 1, std::numeric_limits<Micros>::max()), "every");
    interval.start = stored.required(instant(stored, "start"), "start");
    interval.end = instant(stored, "end");
    interval.offset_seconds = offset(stored);
    interval.end_offset_seconds = offset(stored, "end_offset");
    interval.written_start = written(stored, "written_start");
    interval.start_defaulted = stored.boolean("start_defaulted").value_or(false);
    return interval;
}

Trigger read_cron(json::StoredObject& stored) {
    std::array<std::optional<std::string>, kFieldCount> given;
    for (std::size_t i = 0; i < kFieldCount; ++i) given[i] = stored.text(field_name(static_cast<Field>(i)));
    const auto start = instant(stored, "start");
    const auto end = instant(stored, "end");
    Cron cron = make_cron(std::move(given), start, end);
    cron.offset_seconds = offset(stored);
    cron.end_offset_seconds = offset(stored, "end_offset");
    return cron;
}

Trigger read(json::StoredObject& stored) {
    const std::string type = stored.required(stored.text("type"), "type");
    if (type == "none") return None{};
    if (type == "date") return read_date(stored);
    if (type == "interval") return read_interval(stored);
    if (type == "cron") return read_cron(stored);
    stored.corrupt("unknown type '" + type + "'");
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
    Trigger trigger = read(stored);
    stored.finish();
    return trigger;
}

}  // namespace foliot::trigger
