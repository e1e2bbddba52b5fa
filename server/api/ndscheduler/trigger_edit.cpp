#include "api/ndscheduler/trigger_edit.hpp"

#include "api/apscheduler/job_json.hpp"
#include "api/apscheduler/values.hpp"
#include "api/ndscheduler/cron_fields.hpp"
#include "base/error.hpp"

#include <algorithm>

namespace foliot::api::ndscheduler {
namespace {

using apscheduler::Circumstances;
using apscheduler::Given;
using json::Kind;
using json::Value;
using trigger::Cron;
using trigger::Field;
using trigger::Trigger;

/// Takes those of the six that are given.
Given take_shown(Given& fields) {
    Given shown;
    for (const Field field : kShownFields) {
        if (auto given = fields.extract(trigger::field_name(field))) shown.insert(std::move(given));
    }
    return shown;
}

bool says(const Value& value, std::string_view text) {
    if (value.is(Kind::integer)) return std::to_string(value.integer) == text;
    return value.is(Kind::string) && value.string == text;
}

bool is_echo(const Given& shown, const Trigger& present) {
    return std::all_of(kShownFields.begin(), kShownFields.end(), [&](Field field) {
        const auto given = shown.find(trigger::field_name(field));
        return given == shown.end() || says(*given->second, shown_field(present, field));
    });
}

bool shown_alike(const Trigger& one, const Trigger& other) {
    return std::all_of(kShownFields.begin(), kShownFields.end(),
                       [&](Field field) { return shown_field(one, field) == shown_field(other, field); });
}

void require_same(const Given& shown, const Trigger& made) {
    for (const Field field : kShownFields) {
        const auto given = shown.find(trigger::field_name(field));
        if (given != shown.end() && !says(*given->second, shown_field(made, field)))
            throw invalid_field(given->first, "says something else than 'trigger'; give one of them");
    }
}

/// The type, and fields of its own.
std::string type_of(const Value& named, Given& fields) {
    if (!named.is(Kind::object)) return apscheduler::text_of("trigger", named);
    const Value* type = named.find("type");
    if (type == nullptr) throw invalid_field("trigger", "needs a 'type'");
    for (const auto& [name, value] : named.members) {
        if (name != "type") fields[name] = &value;
    }
    return apscheduler::text_of("type", *type);
}

Trigger named_trigger(const TriggerWish& wish, const Trigger* present, const Circumstances& when) {
    Given fields = wish.fields;
    const bool beside_cron = wish.named->is(Kind::string) && wish.named->string == "cron";
    const Given shown = beside_cron ? Given{} : take_shown(fields);
    const std::string type = type_of(*wish.named, fields);
    Trigger made = apscheduler::make_trigger(type, fields, when);
    if (present == nullptr || !is_echo(shown, *present)) require_same(shown, made);
    return made;
}

bool restricts(const Cron& cron, Field field) {
    const auto& given = cron.given[static_cast<std::size_t>(field)];
    return given && *given != "*";
}

/// As fields say it, without those that are shown.
Cron in_fields(const Cron& cron) {
    Cron plain = cron;
    plain.line.clear();
    if (cron.line.empty()) return plain;
    for (const Field field : kShownFields) plain.given[static_cast<std::size_t>(field)].reset();
    return plain;
}

/// The five that a client knows count as a whole: what it does not give is not restricted.
Given as_a_whole(Given shown) {
    static const Value nothing{};
    const bool week_alone = shown.size() == 1 && shown.contains("week");
    for (const Field field : kShownFields) {
        if (field != Field::week && !week_alone) shown.emplace(trigger::field_name(field), &nothing);
    }
    return shown;
}

Trigger changed_cron(const Cron& present, const Given& shown, const Circumstances& when) {
    Trigger made = apscheduler::change_trigger(in_fields(present), as_a_whole(shown), when);
    if (shown_alike(made, present)) return present;
    const Cron& cron = std::get<Cron>(made);
    if (present.day_rule == trigger::DayRule::either && restricts(cron, Field::day) &&
        restricts(cron, Field::day_of_week)) {
        throw invalid_field(shown.begin()->first,
                            "the job goes by a crontab line, of whose days and weekdays either will do; these fields "
                            "cannot say that, give a 'trigger'");
    }
    return made;
}

/// From now on by cron fields, in the zone and the range that it had.
Trigger turned_to_cron(const Trigger& present, const Given& fields, const Circumstances& when) {
    Cron cron = std::get<Cron>(apscheduler::make_trigger("cron", fields, when));
    const auto* interval = std::get_if<trigger::Interval>(&present);
    if (interval == nullptr) return cron;
    if (!fields.contains("start_date") && !interval->start_defaulted) {
        cron.start = interval->start;
        cron.offset_seconds = interval->offset_seconds;
    }
    if (!fields.contains("end_date")) {
        cron.end = interval->end;
        cron.end_offset_seconds = interval->end_offset_seconds;
    }
    return cron;
}

Trigger changed(const Trigger& present, Given fields, const Circumstances& when) {
    Given shown = take_shown(fields);
    if (const auto* cron = std::get_if<Cron>(&present)) {
        Trigger made = shown.empty() ? present : changed_cron(*cron, shown, when);
        return fields.empty() ? made : apscheduler::change_trigger(made, fields, when);
    }
    std::erase_if(shown, [](const auto& given) { return says(*given.second, ""); });  // as they are shown
    if (shown.empty()) return fields.empty() ? present : apscheduler::change_trigger(present, fields, when);
    fields.merge(shown);
    return turned_to_cron(present, fields, when);
}

}  // namespace

service::TriggerEdit trigger_edit(TriggerWish wish, trigger::ZonePtr zone) {
    return [wish = std::move(wish), zone = std::move(zone)](const Trigger* present, Micros now) -> Trigger {
        const Circumstances when{now, present != nullptr ? trigger::zone_of(*present).value_or(zone) : zone};
        const bool is_named = wish.named != nullptr && (present == nullptr || json::sorted_ascii(*wish.named) !=
                                                                                  apscheduler::trigger_json(*present));
        if (is_named) return named_trigger(wish, present, when);
        if (present == nullptr) return apscheduler::make_trigger("cron", wish.fields, when);
        return changed(*present, wish.fields, when);
    };
}

}  // namespace foliot::api::ndscheduler
