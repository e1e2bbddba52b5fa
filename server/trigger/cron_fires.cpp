#include "trigger/cron.hpp"

#include <algorithm>
#include <limits>

// Local times become instants a stretch of one offset at a time.
namespace foliot::trigger {
namespace {

constexpr Micros kDay = Micros{86'400} * kSecond;
/// So long may no local time come again: longer than any jump of a clock.
constexpr Micros kLongestJump = 2 * kDay;

/// In whole seconds, which offsets and transitions are.
LocalSeconds floor_seconds(Micros at) { return at >= 0 ? at / kSecond : -((kSecond - 1 - at) / kSecond); }
LocalSeconds ceil_seconds(Micros at) { return floor_seconds(at + kSecond - 1); }

Part part_at(const Cron& cron, Micros at) {
    constexpr Micros kEver = std::numeric_limits<Micros>::max() / 2;
    const auto stretch = cron.zone ? cron.zone->at(at) : Zone::Stretch{-kEver, kEver, 0, -kEver};
    Part part{.begin = stretch.begin, .end = stretch.end, .offset = stretch.offset, .gap = 0, .from = 0, .to = 0};
    part.from = part.gap = floor_seconds(stretch.begin + stretch.offset);
    part.to = floor_seconds(stretch.end + stretch.offset);
    if (!cron.fixed_times) return part;
    part.gap = floor_seconds(stretch.seen);  // what was seen has fired
    part.from = std::max(part.from, part.gap);
    return part;
}

bool fires_at_begin(const Cron& cron, const Part& part) {
    if (part.gap >= part.from) return false;
    const auto missed = nth_local(cron, part.gap, 0);
    return missed && *missed < part.from;
}

/// The fires at `at` and later in its part: perhaps one at the part's begin, and the matching local times from `local`.
struct Rest {
    Part part;
    bool at_begin;
    LocalSeconds local;
};

Rest rest_at(const Cron& cron, Micros at) {
    const Part part = part_at(cron, at);
    const bool at_begin = at <= part.begin && fires_at_begin(cron, part);
    // The local time that begins the part is the same instant.
    return {part, at_begin, std::max(part.from, part.local(at)) + (at_begin ? 1 : 0)};
}

Micros end_of(const Cron& cron) { return std::min(cron.end.value_or(kLastInstant), kLastInstant); }

/// The earliest instant that may fire after `after`, if any may.
std::optional<Micros> earliest(const Cron& cron, Micros after) {
    const Micros end = end_of(cron);
    if (after >= end) return std::nullopt;
    constexpr Micros kFirstYear = -2 * kDay;  // the first instant of 1970 in any zone; the years say the rest
    const Micros from = std::max({after + 1, cron.start.value_or(kFirstYear), kFirstYear});
    return from <= end ? std::optional(from) : std::nullopt;
}

/// The n-th fire from `at` on.
std::optional<Micros> nth_from(const Cron& cron, Micros at, std::int64_t n) {
    // The calendar repeats after 400 years, with two misses a year when only gaps match: what misses so often never
    // fires.
    constexpr int kMostMisses = 1'000;
    for (int misses = 0; at <= kLastInstant && misses < kMostMisses; ++misses) {
        const Rest rest = rest_at(cron, at);
        if (rest.at_begin && --n == 0) return rest.part.begin;
        const auto next = nth_local(cron, rest.local, 0);
        const bool all_seen = rest.part.end - at > kLongestJump;  // no local time from here on comes back later
        if (next && *next < rest.part.to) {
            misses = 0;
            const auto found = nth_local(cron, *next, n - 1);
            if (found && *found < rest.part.to) return rest.part.instant(*found);
            n -= count_local(cron, *next, rest.part.to);
            at = rest.part.end;
        } else if (!all_seen) {
            at = rest.part.end;
        } else if (next) {
            at = std::max(rest.part.end, rest.part.instant(*next) - kLongestJump);
        } else {
            break;
        }
    }
    return std::nullopt;
}

}  // namespace

LocalSeconds Part::local(Micros instant) const { return ceil_seconds(instant + offset); }

void CronSteps::jump(Micros after) {
    at = nth_cron(*cron_, after, 1);
    if (!at) return;
    part_ = part_at(*cron_, *at);
    local_ = part_.local(*at);
    using namespace std::chrono;
    date_matches_ = date_matches(*cron_, floor<days>(sys_seconds{seconds{local_}}));
}

void CronSteps::step() {
    const auto local = date_matches_ ? next_in_day(*cron_, local_) : std::nullopt;
    if (!local || *local >= part_.to) return jump(*at);
    local_ = *local;
    at = part_.instant(local_);
    if (*at > end_of(*cron_)) at.reset();
}

bool fires_at(const Cron& cron, Micros at) {
    if (at > end_of(cron) || at < cron.start.value_or(at)) return false;
    const Part part = part_at(cron, at);
    if (at == part.begin && fires_at_begin(cron, part)) return true;
    const LocalSeconds local = part.local(at);
    return part.instant(local) == at && local >= part.from && count_local(cron, local, local + 1) == 1;
}

std::optional<Micros> nth_cron(const Cron& cron, Micros after, std::int64_t n) {
    const auto from = earliest(cron, after);
    if (!from) return std::nullopt;
    const auto at = nth_from(cron, *from, n);
    return at && *at <= end_of(cron) ? at : std::nullopt;
}

Fires count_cron(const Cron& cron, Micros after, Micros until) {
    const auto first = nth_cron(cron, after, 1);
    until = std::min(until, end_of(cron));
    if (!first || *first > until) return {};
    std::int64_t count = 0;
    for (Micros at = *first; at <= until;) {
        const Rest rest = rest_at(cron, at);
        const LocalSeconds to = std::min(rest.part.to, rest.part.local(until + 1));
        count += count_local(cron, rest.local, to) + (rest.at_begin ? 1 : 0);
        at = rest.part.end;
    }
    return {.count = count, .first = *first, .last = *nth_from(cron, *first, count)};
}

}  // namespace foliot::trigger
