// Cron definitions as Seed Scheduler reads them become cron fields, or a crontab line where either of two will do.
#include "base/ascii.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "trigger/cron.hpp"
#include "trigger/expression.hpp"

#include <algorithm>
#include <charconv>

namespace foliot::trigger {
namespace {

using Given = std::array<std::optional<std::string>, kFieldCount>;
using Parts = std::vector<std::string>;
using Weekdays = std::bitset<7>;  // 0 is Sunday, as crontab counts them

struct Place {
    Field field;
    std::string_view name;
    int low, high;
};
constexpr std::array<Place, 7> kPlaces{{{Field::second, "second", 0, 59},
                                        {Field::minute, "minute", 0, 59},
                                        {Field::hour, "hour", 0, 23},
                                        {Field::day, "day", 1, 31},
                                        {Field::month, "month", 1, 12},
                                        {Field::day_of_week, "isoweekday", 0, 6},
                                        {Field::year, "year", 1970, 2099}}};
constexpr std::array<std::string_view, 7> kWeekdays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 5> kPositions{"1st", "2nd", "3rd", "4th", "5th"};

struct Nickname {
    std::string_view name, line;
};
constexpr std::array<Nickname, 6> kNicknames{{{"@yearly", "0 0 1 1 *"},
                                              {"@annually", "0 0 1 1 *"},
                                              {"@monthly", "0 0 1 * *"},
                                              {"@weekly", "0 0 * * 0"},
                                              {"@daily", "0 0 * * *"},
                                              {"@hourly", "0 * * * *"}}};

/// Why it is none; the whole is told around it.
struct Wrong {
    std::string why;
};
[[noreturn]] void refuse(std::string why) { throw Wrong{std::move(why)}; }

std::string quoted(std::string_view text) { return "'" + shortened(text) + "'"; }

/// As it was written, as the original says it; but not what does not print, nor more than anybody writes.
std::string shown(std::string_view definition) {
    constexpr std::size_t kMost = 500;
    const bool prints =
        std::none_of(definition.begin(), definition.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; });
    return prints && definition.size() <= kMost && json::valid_text(definition) ? std::string(definition)
                                                                                : shortened(definition);
}

Parts split(std::string_view text, std::string_view separators, bool empty_too) {
    Parts parts;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
        if (empty_too || end > at) parts.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

std::optional<int> number_in(std::string_view text) {
    int n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (text.empty() || end != text.data() + text.size() || error != std::errc{}) return std::nullopt;
    return n;
}

/// What one field says, in the words of the other grammar.
struct Said {
    bool any = false;           ///< `*` or `?`
    bool unrestricted = false;  ///< it is any, or begins with `*`
    std::string list;           ///< but for weekdays
    Weekdays weekdays, last_weekdays;
    bool last_day = false;

    void add(const std::string& item) { list += (list.empty() ? "" : ",") + item; }
};

Said anything() {
    Said said;
    said.any = true;
    said.list = "*";
    return said;
}

class FieldReader {
  public:
    FieldReader(const Place& place, std::string_view text) : place_(place) {
        for (const std::string& item : split(lower(text), ",", true)) take(item);
        if (said_.any) said_ = anything();
        said_.unrestricted = said_.any || text.starts_with('*');
    }
    Said take_said() { return std::move(said_); }

  private:
    bool is_weekday() const { return place_.field == Field::day_of_week; }
    int most() const { return is_weekday() ? 7 : place_.high; }

    void take(std::string_view item) {
        if (item == "?" && place_.field != Field::day && !is_weekday())
            refuse("cannot use '?' in the " + quoted(place_.name) + " field");
        if (item == "*" || item == "?") {
            said_.any = true;
        } else if (item == "l") {
            if (place_.field != Field::day) refuse("you can only specify a bare 'L' in the 'day' field");
            said_.last_day = true;
            said_.add("last");
        } else if (item.starts_with('l')) {
            take_last(item);
        } else {
            take_range(item);
        }
    }

    void take_last(std::string_view item) {
        if (!is_weekday()) refuse("you can only specify a leading 'L' in the 'weekday' field");
        const std::size_t dash = item.find('-');
        const auto first = number_in(item.substr(1, dash == std::string_view::npos ? dash : dash - 1));
        const auto last = dash == std::string_view::npos ? first : number_in(item.substr(dash + 1));
        if (!first || !last || *first < 0 || *last > 7 || *first > *last)
            refuse("last <day> specifier must include a day number or range 0..7 in the 'weekday' field, you entered " +
                   quoted(item));
        for (int n = *first; n <= *last; ++n) said_.last_weekdays.set(static_cast<std::size_t>(n % 7));
    }

    /// A number, or a name where there are names.
    int value(std::string_view text, std::string_view item) const {
        if (place_.field == Field::month) {
            if (const auto month = index_of(kMonths, text)) return *month + 1;
        }
        if (is_weekday()) {
            if (const auto day = index_of(kWeekdays, text)) return *day;
        }
        const bool digits =
            !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (!digits) refuse("invalid range specifier: " + quoted(text) + " (" + quoted(item) + ")");
        const auto n = number_in(text);
        if (!n || *n < place_.low || *n > most())
            refuse("item value " + (n ? std::to_string(*n) : shortened(text)) + " out of range [" +
                   std::to_string(place_.low) + ", " + std::to_string(most()) + "]");
        return *n;
    }

    static std::optional<int> step_of(const Parts& halves) {
        if (halves.size() > 2) refuse("too many values to unpack (expected 2)");
        if (halves.size() < 2) return std::nullopt;
        const auto step = number_in(halves[1]);
        if (!step) refuse("invalid literal for int() with base 10: " + quoted(halves[1]));
        if (*step < 1) refuse("you can only use positive increment values, you provided " + std::to_string(*step));
        return step;
    }

    void take_range(std::string_view whole) {
        const Parts halves = split(whole, "/", true);
        const auto step = step_of(halves);
        const std::string_view item = halves[0];
        const bool star = item == "*";
        int first = place_.low, last = place_.high;
        if (item.find('-') != std::string_view::npos) {
            const Parts ends = split(item, "-", true);
            if (ends.size() > 2) refuse("too many values to unpack (expected 2)");
            first = value(ends[0], item);
            last = value(ends[1], item);
            if (is_weekday() && last == 0) last = 7;  // sat-sun
        } else if (!star) {
            first = value(item, item);
            if (!step) last = first;
        }
        if (first > last)
            refuse(std::string(place_.name) + " range start value " + std::to_string(first) + " > end value " +
                   std::to_string(last));
        is_weekday() ? mark(first, last, step.value_or(1)) : say(first, last, step, star);
    }

    void mark(int first, int last, int step) {
        for (int n = first; n <= last; n += std::min(step, 8)) said_.weekdays.set(static_cast<std::size_t>(n % 7));
    }

    /// A `*` only for a `*`: to the other grammars it says more than that all values are meant.
    void say(int first, int last, std::optional<int> step, bool star) {
        const bool whole = star && place_.field != Field::year;
        if (first == last || (step && *step > last - first)) return said_.add(std::to_string(first));
        const std::string range = whole ? "*" : std::to_string(first) + "-" + std::to_string(last);
        said_.add(range + (step ? "/" + std::to_string(*step) : ""));
    }

    const Place& place_;
    Said said_;
};

std::string names_of(const Weekdays& days) {
    std::string names;
    for (std::size_t day = 0; day < days.size(); ++day) {
        if (days[day]) names += (names.empty() ? "" : ",") + std::string(kWeekdays[day]);
    }
    return names;
}

/// Days of the month that are such weekdays: each of them, or the last ones.
void add_to_days(Said& day, const Said& weekday) {
    for (std::size_t n = 0; n < kWeekdays.size(); ++n) {
        for (const std::string_view position : kPositions) {
            if (weekday.weekdays[n]) day.add(std::string(position) + " " + std::string(kWeekdays[n]));
        }
        if (weekday.last_weekdays[n]) day.add("last " + std::string(kWeekdays[n]));
    }
}

class Definition {
  public:
    explicit Definition(std::string_view text) {
        const Parts words = split(spelled_out(text), " \t\r\n\v\f", false);
        if (words.size() < 5 || words.size() > 7)
            refuse("improper number of cron entries specified; got " + std::to_string(words.size()) + " need 5 to 7");
        for (std::size_t i = 0; i < words.size(); ++i) {
            const Place& place = kPlaces[i + (words.size() == 7 ? 0 : 1)];
            said_[static_cast<std::size_t>(place.field)] = FieldReader(place, words[i]).take_said();
        }
        either_ = words.size() == 5 && !said(Field::day).unrestricted && !said(Field::day_of_week).unrestricted;
        settle_days();
    }

    Cron compile() const {
        Given given;
        for (const Field field : {Field::minute, Field::hour, Field::day, Field::month, Field::day_of_week})
            given[static_cast<std::size_t>(field)] = text_of(field);
        given[static_cast<std::size_t>(Field::second)] =
            said(Field::second).list.empty() ? "0" : text_of(Field::second);
        if (!said(Field::year).list.empty() && !said(Field::year).any)
            given[static_cast<std::size_t>(Field::year)] = text_of(Field::year);
        Cron cron = compile_cron(std::move(given), either_ ? DayRule::either : DayRule::both);
        if (either_)
            cron.line = text_of(Field::minute) + " " + text_of(Field::hour) + " " + text_of(Field::day) + " " +
                        text_of(Field::month) + " " + text_of(Field::day_of_week);
        return cron;
    }

  private:
    static std::string_view spelled_out(std::string_view text) {
        for (const auto& [name, line] : kNicknames) {
            if (text == name) return line;
        }
        return text;
    }

    Said& said(Field field) { return said_[static_cast<std::size_t>(field)]; }
    const Said& said(Field field) const { return said_[static_cast<std::size_t>(field)]; }

    std::string text_of(Field field) const {
        const Said& words = said(field);
        return field == Field::day_of_week && !words.any ? names_of(words.weekdays) : words.list;
    }

    /// A last weekday, and a last day of which a weekday will do instead, are days of the month to the other grammar.
    void settle_days() {
        Said &day = said(Field::day), &weekday = said(Field::day_of_week);
        const bool last_weekday = weekday.last_weekdays.any();
        if (!last_weekday && !(either_ && day.last_day)) return;
        if (!day.any && !either_)
            refuse("'L' in the 'weekday' field goes with any day of the month only, where both must fit");
        if (day.any) day.list.clear();
        day.any = false;
        add_to_days(day, weekday);
        weekday = anything();
        either_ = false;
    }

    std::array<Said, kFieldCount> said_;
    bool either_ = false;
};

Cron compiled(std::string_view definition) {
    try {
        return Definition(definition).compile();
    } catch (const RequestError& e) {  // each field may be right, and no date have them all
        const std::string text = e.what(), begin = "field '" + e.field() + "': ";
        refuse(text.starts_with(begin) ? text.substr(begin.size()) : text);
    }
}

}  // namespace

Cron make_seed_cron(std::string_view definition, std::optional<Micros> start, std::optional<Micros> end, ZonePtr zone) {
    try {
        Cron cron = compiled(trim(definition));
        cron.source = std::string(trim(definition));
        cron.start = start;
        cron.end = end;
        cron.zone = std::move(zone);
        return cron;
    } catch (const Wrong& wrong) {
        throw RequestError(Problem::invalid, shown(definition) + " is not a valid crontab string: " + wrong.why,
                           "cron_definition");
    }
}

}  // namespace foliot::trigger
