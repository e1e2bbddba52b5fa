#include "base/error.hpp"
#include "trigger/cron.hpp"

#include <algorithm>
#include <charconv>

namespace foliot::trigger {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::array<std::string_view, 5> kPositions{"1st", "2nd", "3rd", "4th", "5th"};

struct Range {
    int low, high;
};
constexpr std::array<Range, kFieldCount> kRanges{
    {{1970, 9999}, {1, 12}, {1, 31}, {1, 53}, {0, 6}, {0, 23}, {0, 59}, {0, 59}}};
constexpr std::array<std::string_view, kFieldCount> kNames{"year",        "month", "day",    "week",
                                                           "day_of_week", "hour",  "minute", "second"};
Range range_of(Field field) { return kRanges[static_cast<std::size_t>(field)]; }

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    }
    return out;
}

template <std::size_t N>
std::optional<int> index_of(const std::array<std::string_view, N>& names, std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<int>(found - names.begin());
}

std::string wanted(Field field) {
    const auto [low, high] = range_of(field);
    std::string text = std::to_string(low) + ".." + std::to_string(high) + ", a-b, *, */n, a/n or a-b/n";
    if (field == Field::month) text += ", or names jan..dec";
    if (field == Field::day_of_week) text += " (0 is Monday), or names mon..sun";
    if (field == Field::day) text += ", or 'last', '1st mon'..'5th sun', 'last fri'";
    return text + ", in a list separated by commas";
}

/// Compiles one expression between commas.
class Expression {
  public:
    Expression(Cron& cron, Field field, std::string_view text) : cron_(cron), field_(field), text_(lower(trim(text))) {}

    std::string compile() {
        if (text_.empty()) refuse("an empty expression; expected " + wanted(field_));
        if (text_.front() == '*') return all();
        if (text_.front() >= '0' && text_.front() <= '9' && !position()) return numbers();
        if (field_ == Field::month) return names(kMonths, 1);
        if (field_ == Field::day_of_week) return names(kWeekdays, 0);
        if (field_ == Field::day) return day_words();
        not_understood();
    }

  private:
    [[noreturn]] void refuse(const std::string& reason) const { throw invalid_field(field_name(field_), reason); }
    [[noreturn]] void not_understood() const {
        refuse("'" + text_ + "' is not understood; expected " + wanted(field_));
    }

    bool position() const { return field_ == Field::day && index_of(kPositions, text_.substr(0, 3)).has_value(); }

    int number(std::string_view digits) const {
        int n = 0;
        if (digits.empty() || !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
            not_understood();
        if (std::from_chars(digits.data(), digits.data() + digits.size(), n).ec != std::errc{})
            refuse("'" + text_ + "' has a number out of range");
        return n;
    }

    void mark(int low, int high, int step) {
        for (int n = low; n <= high; n += step) {
            const auto i = static_cast<std::size_t>(n);
            switch (field_) {
                case Field::year: cron_.years.set(i); break;
                case Field::month: cron_.months.set(i); break;
                case Field::day: cron_.days.set(i); break;
                case Field::week: cron_.weeks.set(i); break;
                case Field::day_of_week: cron_.weekdays.set(i); break;
                case Field::hour: cron_.hours.set(i); break;
                case Field::minute: cron_.minutes.set(i); break;
                case Field::second: cron_.seconds.set(i); break;
            }
        }
    }

    int checked_step(std::string_view digits, int span) const {
        const int step = number(digits);
        if (step < 1) refuse("'" + text_ + "': the step must be at least 1");
        if (step > span)
            refuse("'" + text_ + "': the step " + std::to_string(step) + " is larger than the range " +
                   std::to_string(span));
        return step;
    }

    std::string all() {
        const auto [low, high] = range_of(field_);
        if (text_ == "*") {
            mark(low, high, 1);
            return text_;
        }
        if (!text_.starts_with("*/")) not_understood();
        const int step = checked_step(std::string_view(text_).substr(2), high - low);
        mark(low, high, step);
        return "*/" + std::to_string(step);
    }

    std::string numbers() {
        const auto [low, high] = range_of(field_);
        std::string_view rest = text_;
        std::optional<std::string_view> step_text;
        if (const auto slash = rest.find('/'); slash != std::string_view::npos) {
            step_text = rest.substr(slash + 1);
            rest = rest.substr(0, slash);
        }
        const auto dash = rest.find('-');
        const int first = number(rest.substr(0, dash));
        const bool ranged = dash != std::string_view::npos;
        const int last = ranged ? number(rest.substr(dash + 1)) : step_text ? high : first;
        if (first < low || last > high || (!ranged && first > high))
            refuse("'" + text_ + "' is outside " + std::to_string(low) + ".." + std::to_string(high));
        check_order(first, last);
        const int step = step_text ? checked_step(*step_text, last - first) : 1;
        mark(first, last, step);
        std::string out = std::to_string(first);
        if (ranged && last != first) out += "-" + std::to_string(last);
        if (step_text) out += "/" + std::to_string(step);
        return out;
    }

    void check_order(int first, int last) const {
        if (first > last)
            refuse("'" + text_ + "': the range ends before it begins; write it as two, separated by a comma");
    }

    template <std::size_t N>
    std::string names(const std::array<std::string_view, N>& known, int base) {
        const auto dash = text_.find('-');
        const auto first = index_of(known, std::string_view(text_).substr(0, dash));
        const auto last = dash == std::string::npos ? first : index_of(known, std::string_view(text_).substr(dash + 1));
        if (!first || !last) not_understood();
        check_order(*first, *last);
        mark(*first + base, *last + base, 1);
        std::string out(known[static_cast<std::size_t>(*first)]);
        if (*first != *last) out += "-" + std::string(known[static_cast<std::size_t>(*last)]);
        return out;
    }

    std::string day_words() {
        if (text_ == "last") {
            cron_.last_day = true;
            return text_;
        }
        const auto blank = text_.find(' ');
        if (blank == std::string::npos) not_understood();
        const std::string which = text_.substr(0, blank);
        const auto weekday = index_of(kWeekdays, trim(std::string_view(text_).substr(blank)));
        const auto nth = index_of(kPositions, which);
        if (!weekday || (!nth && which != "last")) not_understood();
        auto& into = nth ? cron_.nth_weekdays[static_cast<std::size_t>(*nth) + 1] : cron_.last_weekdays;
        into.set(static_cast<std::size_t>(*weekday));
        return which + " " + std::string(kWeekdays[static_cast<std::size_t>(*weekday)]);
    }

    Cron& cron_;
    Field field_;
    std::string text_;
};

constexpr std::array<std::string_view, kFieldCount> kDefaults{"*", "1", "1", "*", "*", "0", "0", "0"};

[[noreturn]] void refuse_impossible(const Cron& cron) {
    Field blamed = Field::month;
    std::string all;
    for (std::size_t i = 0; i <= static_cast<std::size_t>(Field::day_of_week); ++i) {
        if (!cron.given[i]) continue;
        all += (all.empty() ? "" : ", ") + std::string(kNames[i]) + "=" + *cron.given[i];
        if (static_cast<Field>(i) != Field::year) blamed = static_cast<Field>(i);
    }
    if (cron.given[static_cast<std::size_t>(Field::day)]) blamed = Field::day;
    throw invalid_field(field_name(blamed), "no date ever matches " + all);
}

}  // namespace

std::string_view field_name(Field field) { return kNames[static_cast<std::size_t>(field)]; }

std::string compile_field(Cron& cron, Field field, std::string_view text) {
    std::string out;
    for (std::string_view rest = text;;) {
        const auto comma = rest.find(',');
        if (!out.empty()) out += ',';
        out += Expression(cron, field, rest.substr(0, comma)).compile();
        if (comma == std::string_view::npos) return out;
        rest.remove_prefix(comma + 1);
    }
}

Cron compile_cron(std::array<std::optional<std::string>, kFieldCount> given, DayRule rule) {
    Cron cron;
    cron.day_rule = rule;
    cron.fixed_times = true;
    std::size_t least = kFieldCount;  // the least significant given field: below it fields take their minimum
    for (std::size_t i = 0; i < kFieldCount; ++i) {
        if (given[i]) least = i;
    }
    for (std::size_t i = 0; i < kFieldCount; ++i) {
        const auto field = static_cast<Field>(i);
        const std::string text = compile_field(cron, field, given[i] ? *given[i] : i < least ? "*" : kDefaults[i]);
        if (given[i]) cron.given[i] = text;
        const bool of_day = field == Field::hour || field == Field::minute;
        if (of_day && text.find('*') != std::string::npos) cron.fixed_times = false;
    }
    constexpr std::chrono::sys_days first_day{};
    if (!nth_date(cron, first_day, 0)) refuse_impossible(cron);
    return cron;
}

Cron make_cron(std::array<std::optional<std::string>, kFieldCount> given, std::optional<Micros> start,
               std::optional<Micros> end, ZonePtr zone) {
    Cron cron = compile_cron(std::move(given), DayRule::both);
    cron.start = start;
    cron.end = end;
    cron.zone = std::move(zone);
    return cron;
}

bool Cron::operator==(const Cron& other) const {
    return given == other.given && line == other.line && same_zone(zone, other.zone) && start == other.start &&
           end == other.end && offset_seconds == other.offset_seconds && end_offset_seconds == other.end_offset_seconds;
}

}  // namespace foliot::trigger
