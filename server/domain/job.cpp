#include "domain/job.hpp"

#include <algorithm>

namespace foliot {
namespace {

constexpr std::uint64_t kFnvStart = 14'695'981'039'346'656'037ULL;
constexpr std::int64_t kLowHalf = 0xFFFF'FFFF;

std::uint64_t fnv1a(std::string_view text, std::uint64_t hash) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211ULL;
    return hash;
}

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool digit(char c) { return c >= '0' && c <= '9'; }

bool module_name(std::string_view name) {
    if (name.empty() || name.size() > 128) return false;
    bool begins = true;  // a part begins here
    for (const char c : name) {
        if (begins ? !letter(c) : !(letter(c) || digit(c) || c == '-' || c == '.')) return false;
        begins = c == '.';
    }
    return !begins;
}

bool function_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && letter(name.front()) &&
           std::all_of(name.begin(), name.end(), [](char c) { return letter(c) || digit(c); });
}

}  // namespace

std::optional<FuncRef> parse_func(std::string_view text) {
    auto cut = text.find(':');
    if (cut == std::string_view::npos) cut = text.rfind('.');
    if (cut == std::string_view::npos) return std::nullopt;
    const auto module = text.substr(0, cut);
    const auto function = text.substr(cut + 1);
    if (!module_name(module) || !function_name(function)) return std::nullopt;
    return FuncRef{std::string(module), std::string(function)};
}

std::int64_t lane_of(std::string_view module) {
    const auto lane = static_cast<std::int64_t>(fnv1a(module, kFnvStart) & 0x7FFF'FFFF'FFFF'FFFFULL);
    return std::max<std::int64_t>(lane, 1);
}

std::int64_t lane_of(std::string_view module, const std::vector<std::string>& tags) {
    if (tags.empty()) return lane_of(module);
    std::uint64_t hash = kFnvStart;
    for (const std::string& tag : tags) hash = fnv1a({"\0", 1}, fnv1a(tag, hash));
    const auto folded = static_cast<std::int64_t>((hash ^ (hash >> 32U)) & 0xFFFF'FFFFULL);
    return std::max<std::int64_t>((lane_of(module) & ~kLowHalf) | folded, 1);
}

LaneRange lanes_of_module(std::int64_t any_lane_of_it) {
    return {any_lane_of_it & ~kLowHalf, any_lane_of_it | kLowHalf};
}

std::string_view name_of(Overlap overlap) {
    switch (overlap) {
        case Overlap::skip: return "skip";
        case Overlap::queue: return "queue";
        case Overlap::replace: break;
    }
    return "replace";
}

std::string_view name_of(MisfirePolicy policy) {
    switch (policy) {
        case MisfirePolicy::once: return "once";
        case MisfirePolicy::all: return "all";
        case MisfirePolicy::skip: break;
    }
    return "skip";
}

std::string_view name_of(Isolation isolation) { return isolation == Isolation::warm ? "warm" : "fresh"; }

void set_misfire(MisfirePolicy policy, Definition& definition) {
    definition.misfire = policy;
    if (policy != MisfirePolicy::skip) definition.coalesce = policy == MisfirePolicy::once;
}

void set_coalesce(bool coalesce, Definition& definition) {
    definition.coalesce = coalesce;
    if (definition.misfire == MisfirePolicy::skip) return;
    definition.misfire = coalesce ? MisfirePolicy::once : MisfirePolicy::all;
}

void apply(const RetryWishes& wishes, RetryPolicy& policy) {
    policy.max_retries = wishes.max_retries.value_or(policy.max_retries);
    policy.delay = wishes.delay.value_or(policy.delay);
    policy.factor = wishes.factor.value_or(policy.factor);
    policy.max_delay = wishes.max_delay.value_or(policy.max_delay);
}

bool waits_for_hand_set_run(const JobState& job) {
    return job.next_fire ? *job.next_fire == job.cursor + 1 : job.cursor == job.anchor;
}

// A date of its own that has passed is still owed, late; fires of a repeating or shared trigger before now are not.
Arming arm(const trigger::Trigger& trigger, Micros now) {
    const auto* date = std::get_if<trigger::Date>(&trigger);
    const Micros cursor = (date != nullptr ? std::min(now, date->at) : now) - 1;
    return {.anchor = cursor, .armed_at = now, .cursor = cursor, .next_fire = trigger::next_after(trigger, cursor)};
}

Micros jitter_of(JobKey job, Micros nominal, Micros jitter) {
    if (jitter <= 0) return 0;
    // The finalizer of SplitMix64: fires that follow each other get delays that do not.
    auto mixed = static_cast<std::uint64_t>(raw(job)) * 0x9E37'79B9'7F4A'7C15 + static_cast<std::uint64_t>(nominal);
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58'476D'1CE4'E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D0'49BB'1331'11EB;
    mixed ^= mixed >> 31;
    return static_cast<Micros>(mixed % (static_cast<std::uint64_t>(jitter) + 1));
}

}  // namespace foliot
