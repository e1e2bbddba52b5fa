#include "service/job_edit.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "domain/sealed.hpp"
#include "service/words.hpp"

#include <algorithm>
#include <array>

namespace foliot::service {
namespace {

template <class T>
void take(const std::optional<T>& from, T& to) {
    if (from) to = *from;
}

void check_range(std::string_view field, std::int64_t value, std::int64_t least, std::int64_t most) {
    if (value < least || value > most) {
        throw invalid_field(field, "must be from " + std::to_string(least) + " to " + std::to_string(most) + ", not " +
                                       std::to_string(value));
    }
}

void check_text(std::string_view field, const std::string& text, std::size_t most) {
    if (text.size() > most) {
        throw invalid_field(field,
                            "is longer than " + std::to_string(most) + " bytes (" + std::to_string(text.size()) + ")");
    }
    if (!json::valid_text(text)) throw invalid_field(field, "must be UTF-8 text without NUL");
}

/// As they are given: stored with sealed secrets they are longer.
void check_size(const std::string& field, const std::optional<std::string>& arguments) {
    if (!arguments || arguments->size() <= kMaxArguments) return;
    throw RequestError(Problem::too_large, "field '" + field + "': larger than 256 KiB", field);
}

std::string seconds_text(Micros length) {
    json::Writer writer;
    if (length % kSecond == 0) return writer.value(length / kSecond).take();
    return writer.value(static_cast<double>(length) / static_cast<double>(kSecond)).take();
}

std::string number_text(double number) {
    json::Writer writer;
    return writer.value(number).take();
}

std::string tags_text(const std::vector<std::string>& tags) {
    json::Writer writer;
    writer.begin_array();
    for (const std::string& tag : tags) writer.value(tag);
    return writer.end_array().take();
}

std::string next_run_text(const JobState& state) {
    return state.next_fire ? json::quote(iso_time(*state.next_fire)) : "null";
}

using Shown = std::vector<std::pair<std::string_view, std::string>>;

Shown shown(const Job& job) {
    const Definition& d = job.definition;
    return {
        {"name", json::quote(d.name)},
        {"func", json::quote(d.func.text())},
        {"args", shown_arguments(d.args)},
        {"kwargs", shown_arguments(d.kwargs)},
        {"trigger", trigger::to_json(d.trigger)},
        {"misfire_grace_time", d.misfire_grace ? seconds_text(*d.misfire_grace) : "null"},
        {"coalesce", d.coalesce ? "true" : "false"},
        {"misfire_policy", json::quote(name_of(d.misfire))},
        {"max_instances", std::to_string(d.max_instances)},
        {"overlap", json::quote(name_of(d.overlap))},
        {"max_queued", std::to_string(d.max_queued)},
        {"timeout", seconds_text(d.timeout)},
        {"deadline", seconds_text(d.deadline)},
        {"jitter", seconds_text(d.jitter)},
        {"max_retries", std::to_string(d.retry.max_retries)},
        {"retry_delay", seconds_text(d.retry.delay)},
        {"retry_backoff", number_text(d.retry.factor)},
        {"retry_max_delay", seconds_text(d.retry.max_delay)},
        {"priority", std::to_string(d.priority)},
        {"isolation", json::quote(name_of(d.isolation))},
        {"limits", to_json(d.limits)},
        {"max_runs", d.max_runs ? std::to_string(*d.max_runs) : "null"},
        {"description", json::quote(d.description)},
        {"tags", tags_text(d.tags)},
        {"status", json::quote(name_of(job.state.status))},
        {"next_run_time", next_run_text(job.state)},
    };
}

constexpr std::array<std::pair<std::string_view, std::string Definition::*>, 2> kArguments{
    {{"args", &Definition::args}, {"kwargs", &Definition::kwargs}}};

void check_resource_limits(const ResourceLimits& limits) {
    for (const LimitField& field : kLimitFields) {
        const auto& value = limits.*field.value;
        if (value && !field.allows(*value))
            throw invalid_field("limits", "'" + std::string(field.name) + "' must be null, or " + field.range());
    }
}

void check_tags(const std::vector<std::string>& tags) {
    if (tags.size() > kMaxTags) {
        throw invalid_field("tags",
                            "has more than " + std::to_string(kMaxTags) + " (" + std::to_string(tags.size()) + ")");
    }
    for (const std::string& tag : tags) {
        if (tag.empty()) throw invalid_field("tags", "has one that is empty");
        check_text("tags", tag, kMaxTag);
    }
    const auto twice = std::adjacent_find(tags.begin(), tags.end());
    if (twice != tags.end()) throw invalid_field("tags", "has '" + *twice + "' twice");
}

}  // namespace

void apply(const JobEdit& edit, Definition& definition) {
    take(edit.name, definition.name);
    take(edit.description, definition.description);
    take(edit.func, definition.func);
    take(edit.args, definition.args);
    take(edit.kwargs, definition.kwargs);
    take(edit.misfire_grace, definition.misfire_grace);
    if (edit.coalesce) set_coalesce(*edit.coalesce, definition);
    if (edit.misfire) set_misfire(*edit.misfire, definition);
    take(edit.max_instances, definition.max_instances);
    take(edit.max_queued, definition.max_queued);
    take(edit.priority, definition.priority);
    foliot::apply(edit.retry, definition.retry);
    take(edit.timeout, definition.timeout);
    take(edit.deadline, definition.deadline);
    take(edit.jitter, definition.jitter);
    if (edit.tags) {
        definition.tags = *edit.tags;
        std::sort(definition.tags.begin(), definition.tags.end());
    }
    take(edit.overlap, definition.overlap);
    take(edit.isolation, definition.isolation);
    take(edit.limits, definition.limits);
    take(edit.max_runs, definition.max_runs);
    check_size("args", edit.args);
    check_size("kwargs", edit.kwargs);
    check_limits(definition);
}

void check_id(const std::string& id) {
    if (id.empty()) throw invalid_field("id", "must be a nonempty text");
    check_text("id", id, kMaxId);
}

void check_limits(const Definition& d) {
    // Of a definition that cannot be read nothing is left.
    if (d.func.module.empty())
        throw invalid_field("func", "is missing: what was stored cannot be read, give all fields");
    if (d.name.empty()) throw invalid_field("name", "must be a nonempty text");
    check_text("name", d.name, kMaxName);
    check_text("description", d.description, kMaxDescription);
    check_range("max_instances", d.max_instances, 1, kMaxCount);
    check_range("max_queued", d.max_queued, 0, kMaxCount);
    check_range("priority", d.priority, 0, 9);
    check_range("max_retries", d.retry.max_retries, 0, kMaxCount);
    if (d.max_runs) check_range("max_runs", *d.max_runs, 1, std::int64_t{1} << 53);
    if (d.misfire_grace && *d.misfire_grace <= 0) throw invalid_field("misfire_grace_time", "must be null or positive");
    if (d.timeout < 0) throw invalid_field("timeout", "must not be negative");
    if (d.deadline < 0 || d.deadline > kLongestDeadline)
        throw invalid_field("deadline", "must be null or from 0 to 3162240000 seconds");
    check_jitter(d.jitter);
    check_resource_limits(d.limits);
    check_tags(d.tags);
    if (d.retry.delay < 0) throw invalid_field("retry_delay", "must not be negative");
    if (d.retry.max_delay < 0) throw invalid_field("retry_max_delay", "must not be negative");
    if (!(d.retry.factor >= kLeastBackoff && d.retry.factor <= kMostBackoff)) {
        throw invalid_field("retry_backoff", "must be from 1 to 1000, not " + number_text(d.retry.factor));
    }
}

void check_jitter(Micros jitter) {
    if (jitter < 0 || jitter > kLongestJitter)
        throw invalid_field("jitter", "must be null or from 0 to 604800 seconds");
}

Arming arm_by_hand(trigger::Trigger& trigger, const NextRun& next, Micros now) {
    const Micros at = next.at.value();
    // What a repeating trigger owes from before would be booked fire by fire.
    constexpr Micros longest_past = Micros{24} * 3600 * kSecond;
    if (!std::holds_alternative<trigger::Date>(trigger) && at < now - longest_past) {
        throw invalid_field("next_run_time", "lies more than a day in the past");
    }
    auto* shared = std::get_if<trigger::Shared>(&trigger);
    auto* date = shared != nullptr ? std::get_if<trigger::Date>(&shared->rule) : std::get_if<trigger::Date>(&trigger);
    if (date != nullptr) {
        *date = {at, next.offset_seconds, trigger::written_date(*date), date->zone};
    } else if (auto* interval = std::get_if<trigger::Interval>(&trigger)) {
        interval->written_start = trigger::written_start(*interval);
        interval->start = at;
        interval->offset_seconds = next.offset_seconds;
        interval->start_defaulted = false;
    }
    return {at - 1, now, at - 1, at};
}

std::string difference(const Job& before, const Job& after) {
    const Shown old_fields = shown(before);
    const Shown new_fields = shown(after);
    std::string text;
    for (std::size_t i = 0; i < old_fields.size(); ++i) {
        if (old_fields[i].second == new_fields[i].second) continue;
        if (!text.empty()) text += '\n';
        text += std::string(old_fields[i].first) + ": " + old_fields[i].second + " -> " + new_fields[i].second;
    }
    for (const auto& [field, member] : kArguments) {
        const std::string &was = before.definition.*member, &is = after.definition.*member;
        if (was == is || shown_arguments(was) != shown_arguments(is)) continue;
        text += (text.empty() ? "" : "\n") + std::string(field) + ": another secret";
    }
    return text;
}

std::string shown_whole(const Job& job) {
    Definition shown = job.definition;
    for (const auto& [field, member] : kArguments) shown.*member = shown_arguments(shown.*member);
    return "{\"status\":" + json::quote(name_of(job.state.status)) + ",\"next_run_time\":" + next_run_text(job.state) +
           "," + to_json(shown).substr(1);
}

}  // namespace foliot::service
