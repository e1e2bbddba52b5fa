#include "base/time_text.hpp"
#include "trigger/cron.hpp"
#include "trigger/describe.hpp"
#include "trigger/words.hpp"

#include <algorithm>

// What changes of the clock do to a cron, in words.
namespace foliot::trigger {
namespace {

constexpr std::size_t kMost = 10;
constexpr Micros kMinute = 60 * kSecond;

struct Warning {
    Micros at;  ///< of the change
    std::string text;
    auto operator<=>(const Warning&) const = default;
};

/// Local time as text; its seconds only when there are any, its date only when it is not that of `beside`.
std::string shown(Micros local, std::optional<Micros> beside = {}) {
    std::string text = iso_time(local).substr(0, 19);
    text[10] = ' ';
    if (text.ends_with(":00")) text.resize(16);
    const bool same_day = beside && iso_time(*beside).starts_with(text.substr(0, 10));
    return same_day ? text.substr(11) : text;
}

/// The times that match.
struct Matches {
    std::int64_t count = 0;
    Micros first = 0, last = 0;  ///< local; valid when count > 0

    /// "on 2026-03-29 02:15 to 02:45"
    std::string text() const {
        const std::string begin = "on " + shown(first);
        return count == 1 ? begin : begin + (count == 2 ? " and " : " to ") + shown(last, first);
    }
};

/// In [from, to), both local.
Matches matches(const Cron& cron, Micros from, Micros to) {
    const LocalSeconds begin = from / kSecond;
    const std::int64_t count = count_local(cron, begin, to / kSecond);
    if (count == 0) return {};
    const auto nth = [&](std::int64_t skip) { return nth_local(cron, begin, skip).value_or(begin) * kSecond; };
    return {count, nth(0), nth(count - 1)};
}

std::string in_gap(const Cron& cron, const Matches& missing, Micros gap_end) {
    const bool several = missing.count > 1;
    const std::string what = missing.text() + (several ? " do not exist: " : " does not exist: ");
    if (!cron.fixed_times) return what + "does not fire then";
    const bool as_one = several || matches(cron, gap_end, gap_end + kSecond).count > 0;
    return what + (as_one ? "one fire at " : "fires at ") + shown(gap_end, missing.first);
}

std::string doubled(const Cron& cron, const Matches& twice) {
    return twice.text() + (twice.count > 1 ? " come twice: fires " : " comes twice: fires ") +
           (cron.fixed_times ? "the first time" : "both times");
}

/// Follows real time, in every hour at minutes that a jump makes each other: as if nothing had been.
bool goes_on(const Cron& cron, Micros jump) {
    if (cron.fixed_times || !cron.hours.all() || jump % kMinute != 0) return false;
    const Micros shift = (jump / kMinute % 60 + 60) % 60;
    for (std::size_t minute = 0; minute < 60; ++minute) {
        if (cron.minutes[minute] != cron.minutes[(minute + static_cast<std::size_t>(shift)) % 60]) return false;
    }
    return true;
}

/// The stretch whose end is the next change near a time that matches; the one at `from` perhaps. Nothing: there is
/// none.
std::optional<Zone::Stretch> before_change(const Cron& cron, Zone::Stretch from) {
    constexpr Micros kNear = Micros{2} * 86'400 * kSecond;  // further than any clock jumps
    for (;;) {
        const Micros change = from.end + from.offset;
        const auto next = nth_local(cron, (change - kNear) / kSecond, 0);
        if (!next) return std::nullopt;
        if (*next * kSecond <= change + kNear) return from;
        from = cron.zone->at(*next * kSecond - from.offset - kNear);
    }
}

std::vector<Warning> warnings_of(const Cron& cron, Micros after, Micros until) {
    std::vector<Warning> found;
    if (cron.zone == nullptr) return found;
    until = std::min(until, cron.end.value_or(until));
    after = std::max(after, cron.start.value_or(after));
    for (auto stretch = cron.zone->at(after); found.size() < kMost;) {
        const auto near = before_change(cron, stretch);
        if (!near || near->end > until) break;
        stretch = *near;
        const Micros shown_before = stretch.end + stretch.offset, offset_before = stretch.offset;
        stretch = cron.zone->at(stretch.end);
        if (goes_on(cron, stretch.offset - offset_before)) continue;
        const Micros shown_now = stretch.begin + stretch.offset;
        const Micros seen = cron.fixed_times ? stretch.seen : shown_before;  // what was seen has fired
        if (const Matches missing = matches(cron, seen, shown_now); missing.count > 0)
            found.push_back({stretch.begin, in_gap(cron, missing, shown_now)});
        if (const Matches twice = matches(cron, shown_now, seen); twice.count > 0)
            found.push_back({stretch.begin, doubled(cron, twice)});
    }
    return found;
}

/// Those of all, each once; with its zone when there are several.
std::vector<Warning> warnings_of(const std::vector<Cron>& crons, Micros after, Micros until) {
    const bool zones_differ =
        std::any_of(crons.begin(), crons.end(), [&](const Cron& c) { return !same_zone(c.zone, crons.front().zone); });
    std::vector<Warning> found;
    for (const Cron& cron : crons) {
        for (Warning& warning : warnings_of(cron, after, until)) {
            if (zones_differ) warning.text += ", " + zone_words(cron.zone);
            found.push_back(std::move(warning));
        }
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

std::vector<Cron> crons_of(const Trigger& trigger) {
    std::vector<Cron> crons;
    if (const auto* cron = rule_as<Cron>(trigger)) crons.push_back(*cron);
    if (const auto* any = rule_as<Any>(trigger)) {
        for (const Single& single : any->of) {
            if (const auto* cron = std::get_if<Cron>(&single)) crons.push_back(*cron);
        }
    }
    return crons;
}

bool ends_before_it_begins(const Trigger& trigger) {
    if (const auto* interval = rule_as<Interval>(trigger))
        return interval->end.value_or(interval->start) < interval->start;
    const auto* cron = rule_as<Cron>(trigger);
    return cron != nullptr && cron->start && cron->end && *cron->end < *cron->start;
}

}  // namespace

std::vector<std::string> warnings(const Trigger& trigger, Micros after, Micros until) {
    if (std::holds_alternative<None>(trigger)) return {};
    if (ends_before_it_begins(trigger)) return {"never fires: it ends before it begins"};
    if (!next_after(trigger, after - 1)) return {"never fires again"};
    std::vector<std::string> texts;
    for (Warning& warning : warnings_of(crons_of(trigger), after, until)) {
        if (texts.size() < kMost) texts.push_back(std::move(warning.text));
    }
    return texts;
}

}  // namespace foliot::trigger
