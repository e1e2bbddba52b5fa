#include "base/error.hpp"
#include "trigger/cron.hpp"
#include "trigger/expression.hpp"

namespace foliot::trigger {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::array<std::string_view, 5> kPositions{"1st", "2nd", "3rd", "4th", "5th"};
constexpr std::array<std::string_view, 1> kLast{"last"};

struct Range {
    int low, high;
};
constexpr std::array<Range, kFieldCount> kRanges{
    {{1970, 9999}, {1, 12}, {1, 31}, {1, 53}, {0, 6}, {0, 23}, {0, 59}, {0, 59}}};
constexpr std::array<std::string_view, kFieldCount> kNames{"year",        "month", "day",    "week",
                                                           "day_of_week", "hour",  "minute", "second"};
Range range_of(Field field) { return kRanges[static_cast<std::size_t>(field)]; }

/// What one value may be.
std::string values(Field field) {
    const auto [low, high] = range_of(field);
    return std::to_string(low) + ".." + std::to_string(high) + (field == Field::day_of_week ? " (0 is Monday)" : "");
}

std::string wanted(const FieldText& text) {
    std::string all = values(text.field()) + ", a-b, *, */n, a/n or a-b/n";
    if (text.field() == Field::month) all += ", or names jan..dec";
    if (text.field() == Field::day_of_week) all += ", or names mon..sun";
    if (text.field() == Field::day && !text.in_line()) all += ", or 'last', '1st mon'..'5th sun', 'last fri'";
    return all + ", in a list separated by commas";
}

/// Compiles one expression between commas.
class Expression {
  public:
    Expression(Cron& cron, const FieldText& whole, std::string_view text)
        : cron_(cron), whole_(whole), field_(whole.field()), text_(text), shape_(text) {}

    std::string compile() {
        if (text_.empty()) whole_.refuse(text_, "; expected " + wanted(whole_), "an empty expression");
        if (text_.front() == '*') return all();
        if (field_ == Field::day && !whole_.in_line() && is_worded()) return day_words();
        if (!is_letter(text_.front())) return numbers();
        if (field_ == Field::month) return names(kMonths, "month", 1);
        if (field_ == Field::day_of_week) return names(kWeekdays, "weekday", 0);
        not_understood();
    }

  private:
    [[noreturn]] void not_understood() const { whole_.refuse(text_, " is not understood; expected " + wanted(whole_)); }

    /// "last", "1st mon" and what was meant to be like it.
    bool is_worded() const { return is_letter(text_.front()) || (text_.size() > 1 && is_letter(text_[1])); }

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

    /// 1 when there is none.
    int step_within(int low, int high) const {
        if (!shape_.step) return 1;
        const int span = high - low;
        if (span == 0) whole_.refuse(*shape_.step, " has no range to go through", "the step ");
        return whole_.number(*shape_.step, 1, span, "the step ");
    }

    std::string all() {
        const auto [low, high] = range_of(field_);
        if (shape_.range != "*") not_understood();
        const int step = step_within(low, high);
        mark(low, high, step);
        return shape_.step ? "*/" + std::to_string(step) : "*";
    }

    std::string numbers() {
        const auto [low, high] = range_of(field_);
        const int first = whole_.number(shape_.first, low, high);
        const int last = shape_.last ? whole_.number(*shape_.last, low, high) : shape_.step ? high : first;
        if (first > last) whole_.refuse_order(shape_, std::to_string(low), std::to_string(high));
        const int step = step_within(first, last);
        mark(first, last, step);
        std::string out = std::to_string(first);
        if (shape_.last && last != first) out += "-" + std::to_string(last);
        if (shape_.step) out += "/" + std::to_string(step);
        return out;
    }

    template <std::size_t N>
    int name(const std::array<std::string_view, N>& known, std::string_view kind, std::string_view part) const {
        const std::string expected = "; expected " + std::string(known.front()) + ".." + std::string(known.back());
        if (part.empty()) whole_.refuse(part, expected, "a missing name");
        const auto found = index_of(known, part);
        if (!found) whole_.refuse(part, " is no " + std::string(kind) + expected);
        return *found;
    }

    template <std::size_t N>
    std::string names(const std::array<std::string_view, N>& known, std::string_view kind, int base) {
        const int first = name(known, kind, shape_.first);
        const int last = shape_.last ? name(known, kind, *shape_.last) : first;
        if (shape_.step) whole_.refuse(*shape_.step, " takes numbers, " + values(field_) + ", not names", "the step ");
        if (first > last) whole_.refuse_order(shape_, known.front(), known.back());
        mark(first + base, last + base, 1);
        std::string out(known[static_cast<std::size_t>(first)]);
        if (first != last) out += "-" + std::string(known[static_cast<std::size_t>(last)]);
        return out;
    }

    std::string day_words() {
        if (index_of(kLast, text_)) {
            cron_.last_day = true;
            return "last";
        }
        const auto blank = text_.find(' ');
        if (blank == std::string_view::npos) not_understood();
        const std::string_view which = text_.substr(0, blank);
        const auto nth = index_of(kPositions, which);
        if (!nth && !index_of(kLast, which)) whole_.refuse(which, " is no position; expected 1st..5th or last");
        const auto weekday = static_cast<std::size_t>(name(kWeekdays, "weekday", trim(text_.substr(blank))));
        auto& into = nth ? cron_.nth_weekdays[static_cast<std::size_t>(*nth) + 1] : cron_.last_weekdays;
        into.set(weekday);
        return std::string(nth ? kPositions[static_cast<std::size_t>(*nth)] : "last") + " " +
               std::string(kWeekdays[weekday]);
    }

    Cron& cron_;
    const FieldText& whole_;
    Field field_;
    std::string_view text_;
    Shape shape_;
};

constexpr std::array<std::string_view, kFieldCount> kDefaults{"*", "1", "1", "*", "*", "0", "0", "0"};

[[noreturn]] void refuse_impossible(const Cron& cron) {
    Field blamed = Field::month;
    std::string all;
    for (std::size_t i = 0; i <= static_cast<std::size_t>(Field::day_of_week); ++i) {
        if (cron.given[i].value_or("*") == "*") continue;
        all += (all.empty() ? "" : ", ") + std::string(kNames[i]) + "=" + shortened(*cron.given[i]);
        if (static_cast<Field>(i) != Field::year && blamed != Field::day) blamed = static_cast<Field>(i);
    }
    throw invalid_field(field_name(blamed), "no date ever matches " + all);
}

}  // namespace

std::string_view field_name(Field field) { return kNames[static_cast<std::size_t>(field)]; }

std::string compile_field(Cron& cron, const FieldText& text) {
    std::string out;
    text.each([&](std::string_view expression) {
        if (!out.empty()) out += ',';
        out += Expression(cron, text, expression).compile();
    });
    return out;
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
        const std::string_view otherwise = i < least ? "*" : kDefaults[i];
        const std::string_view expression = given[i] ? *given[i] : otherwise;
        const std::string text = compile_field(cron, FieldText(field, expression));
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
    return given == other.given && line == other.line && source == other.source && same_zone(zone, other.zone) &&
           start == other.start && end == other.end && offset_seconds == other.offset_seconds &&
           end_offset_seconds == other.end_offset_seconds;
}

}  // namespace foliot::trigger
