#include "api/seed/definitions.hpp"

#include "base/error.hpp"

#include <vector>

namespace foliot::api::seed {
namespace {

using trigger::Cron;
using trigger::Interval;
using trigger::Single;
using trigger::Trigger;

/// In the zone and the range of the one before.
Cron new_cron(const std::string& text, const Cron* before, const trigger::ZonePtr& zone) {
    if (before == nullptr) return trigger::make_seed_cron(text, {}, {}, trigger::latest(zone));
    Cron cron = trigger::make_seed_cron(text, before->start, before->end, before->zone);
    cron.offset_seconds = before->offset_seconds;
    cron.end_offset_seconds = before->end_offset_seconds;
    return cron;
}

/// A start that was given stays; else it begins one length from now.
Interval new_interval(const std::string& text, const Interval* before, Micros now) {
    Interval interval = before != nullptr ? *before : Interval{};
    interval.every = trigger::seed_length(text);
    interval.source = text;
    if (before != nullptr && !before->start_defaulted) return interval;
    interval.start = now + interval.every;
    interval.offset_seconds = 0;
    interval.written_start.reset();
    interval.start_defaulted = true;
    return interval;
}

trigger::Any both(std::vector<Single> of) {
    try {
        return trigger::make_any(std::move(of));
    } catch (const RequestError&) {
        throw RequestError(Problem::invalid, "beside a cron_definition it must be one second at least",
                           "interval_definition");
    }
}

Trigger joined(std::vector<Single> of) {
    if (of.empty()) return trigger::None{};
    if (of.size() > 1) return both(std::move(of));
    return std::visit([](const auto& one) -> Trigger { return one; }, of.front());
}

}  // namespace

service::TriggerEdit trigger_edit(DefinitionsWish wish, trigger::ZonePtr zone) {
    return [wish = std::move(wish), zone = std::move(zone)](const Trigger* present, Micros now) -> Trigger {
        Trigger before = present != nullptr ? *present : trigger::None{};
        const trigger::SeedDefinitions shown = trigger::seed_definitions(before);
        const bool keeps_cron = !wish.cron || *wish.cron == shown.cron;
        const bool keeps_interval = !wish.interval || *wish.interval == shown.interval;
        if (keeps_cron && keeps_interval) return before;
        const trigger::SeedParts parts = trigger::seed_parts(before);
        std::vector<Single> of;
        if (keeps_cron && parts.cron != nullptr) of.emplace_back(*parts.cron);
        if (!keeps_cron && *wish.cron) of.emplace_back(new_cron(**wish.cron, parts.cron, zone));
        if (keeps_interval && parts.interval != nullptr) of.emplace_back(*parts.interval);
        if (!keeps_interval && *wish.interval) of.emplace_back(new_interval(**wish.interval, parts.interval, now));
        return joined(std::move(of));
    };
}

}  // namespace foliot::api::seed
