#include "api/apscheduler/dates.hpp"

#include "api/apscheduler/values.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <string>

namespace foliot::api::apscheduler {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"january",   "february", "march",    "april",
                                                   "may",       "june",     "july",     "august",
                                                   "september", "october",  "november", "december"};
constexpr std::array<std::string_view, 7> kWeekdays{"monday", "tuesday",  "wednesday", "thursday",
                                                    "friday", "saturday", "sunday"};

bool all_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The number that the text is, of up to four digits.
std::optional<unsigned> number_in(std::string_view text) {
    if (!all_digits(text) || text.size() > 4) return std::nullopt;
    return static_cast<unsigned>(std::stoul(std::string(text)));
}

std::string two_digits(std::string_view number) { return (number.size() == 1 ? "0" : "") + std::string(number); }

/// Which of the names the word is, from 1; 0: none. Three letters of a name are enough.
template <std::size_t N>
std::size_t place_among(const std::array<std::string_view, N>& names, std::string_view word) {
    if (word.size() < 3) return 0;
    const auto found = std::find_if(names.begin(), names.end(),
                                    [small = lower(word)](std::string_view name) { return name.starts_with(small); });
    return found == names.end() ? 0 : static_cast<std::size_t>(found - names.begin()) + 1;
}

/// "3:4:5", "030405" and "03" as "03:04:05" and "03:00". What is none of them parse_time() refuses.
std::string full_clock(std::string_view clock) {
    const bool basic = all_digits(clock) && clock.size() % 2 == 0;
    const std::size_t gap = basic ? 0 : 1;
    std::string full;
    for (std::size_t at = 0; at < clock.size() + gap;) {
        const std::size_t end = basic ? at + 2 : std::min(clock.find(':', at), clock.size());
        full += (at == 0 ? "" : ":") + two_digits(clock.substr(at, end - at));
        at = end + gap;
    }
    return clock.size() == 2 ? full + ":00" : full;
}

/// "3:04pm" as "15:04"; "" when there is no such hour.
std::string half_day_clock(std::string_view clock, bool afternoon) {
    const std::string_view hour = clock.substr(0, clock.find(':'));
    if (!all_digits(hour) || hour.size() > 2) return "";
    const int number = std::stoi(std::string(hour));
    if (number < 1 || number > 12) return "";
    return full_clock(two_digits(std::to_string(number % 12 + (afternoon ? 12 : 0))) +
                      std::string(clock.substr(hour.size())));
}

/// "3:4,5z" as "03:04.5Z", "3pm" as "15:00".
std::string full_time(std::string_view time) {
    const std::size_t end = std::min(time.find_first_not_of("0123456789:"), time.size());
    const std::string_view clock = time.substr(0, end);
    std::string rest(time.substr(end));  // a fraction, an offset, or the half of the day
    if (const std::string half = lower(rest); half == "am" || half == "pm") return half_day_clock(clock, half == "pm");
    if (rest.starts_with(',')) rest.front() = '.';
    if (rest.ends_with('z')) rest.back() = 'Z';
    return full_clock(clock) + rest;
}

/// "there is no hour 24", for a full_time().
std::string time_problem(std::string_view time) {
    struct Unit {
        std::string_view name;
        unsigned end;
    };
    constexpr std::array<Unit, 3> units{{{"hour", 24}, {"minute", 60}, {"second", 60}}};
    for (const auto& [name, end] : units) {
        const auto value = number_in(time.substr(0, 2));
        if (value && *value >= end) return "there is no " + std::string(name) + " " + std::to_string(*value);
        if (!value || time.size() < 3 || time[2] != ':') break;
        time.remove_prefix(3);
    }
    return "";
}

/// "there is no 29 February in 2099".
std::string date_problem(unsigned year, unsigned month, unsigned day) {
    using namespace std::chrono;
    if (month < 1 || month > 12) return "there is no month " + std::to_string(month);
    if (year_month_day(std::chrono::year(static_cast<int>(year)), std::chrono::month(month), std::chrono::day(day))
            .ok())
        return "";
    std::string name(kMonths[month - 1]);
    name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
    return "there is no " + std::to_string(day) + " " + name + " in " + std::to_string(year);
}

/// As "01/02/2099", "1.2.99".
bool order_is_unknown(std::string_view text) {
    const std::string_view word = text.substr(0, text.find_first_of(" T"));
    const auto first = word.find_first_of("/.-");
    const bool three = std::count_if(word.begin(), word.end(), [](char c) { return !all_digits({&c, 1}); }) == 2;
    return three && (first == 1 || first == 2) && word.find(word[first], first + 1) != std::string_view::npos;
}

/// Puts each word of a text where it belongs, which its own form tells.
class DateReader {
  public:
    std::optional<ParsedTime> read(std::string_view text) {
        while (!text.empty()) {
            const std::size_t end = std::min(text.find(' '), text.size());
            std::string_view word = text.substr(0, end);
            text.remove_prefix(std::min(end + 1, text.size()));
            if (word.ends_with(',')) word.remove_suffix(1);
            if (!word.empty() && !place(word)) return std::nullopt;
        }
        if (!has_date()) return std::nullopt;
        const std::string time = time_.empty() ? "00:00" : full_time(time_);
        return parse_time(year_ + "-" + month_ + "-" + day_ + "T" + time + offset_);
    }

    /// Of the parts that read() found.
    std::string problem() const {
        const auto year = number_in(year_), month = number_in(month_), day = number_in(day_);
        const std::string of_date = year && month && day ? date_problem(*year, *month, *day) : "";
        return of_date.empty() && !time_.empty() ? time_problem(full_time(time_)) : of_date;
    }

  private:
    bool has_date() const { return !year_.empty() && !month_.empty() && !day_.empty(); }

    /// Nothing may come twice.
    static bool put(std::string& part, std::string_view text) {
        if (!part.empty()) return false;
        part = text;
        return !part.empty();
    }

    bool place(std::string_view word) {
        if (year_.empty() && begins_with_year(word)) return place_date(word);
        if (const std::size_t month = place_among(kMonths, word)) return put(month_, two_digits(std::to_string(month)));
        if (place_among(kWeekdays, word) != 0) return true;
        const std::string small = lower(word);
        if (small == "utc" || small == "gmt") return put(offset_, "Z");
        if (word.front() == '+' || word.front() == '-') return put(offset_, word);
        if ((small == "am" || small == "pm") && !time_.empty()) {
            time_ += small;
            return true;
        }
        if (!all_digits(word)) return put(time_, word);
        if (word.size() == 4 && year_.empty()) return put(year_, word);
        if (word.size() <= 2 && day_.empty()) return put(day_, two_digits(word));
        return has_date() && put(time_, word);
    }

    static bool begins_with_year(std::string_view word) {
        if (word.size() < 8 || !all_digits(word.substr(0, 4))) return false;
        return word[4] == '-' || word[4] == '/' || all_digits(word.substr(0, 8));
    }

    /// "2099-1-2", "2099/1/2" or "20990102", alone or with a time behind a T.
    bool place_date(std::string_view word) {
        const std::string_view date = word.substr(0, word.find_first_of("Tt"));
        const std::size_t gap = all_digits(date) ? 0 : 1;
        const std::size_t second = gap == 0 ? 6 : date.find(date[4], 5);
        if (second == std::string_view::npos) return false;
        const std::size_t first = 4 + gap;
        const bool fits = put(year_, date.substr(0, 4)) &&
                          put(month_, two_digits(date.substr(first, second - first))) &&
                          put(day_, two_digits(date.substr(second + gap)));
        return fits && (date.size() == word.size() || put(time_, word.substr(date.size() + 1)));
    }

    std::string year_, month_, day_, time_, offset_;
};

}  // namespace

std::optional<ParsedTime> read_time(std::string_view text) { return DateReader().read(text); }

std::string problem_of(std::string_view text) {
    if (order_is_unknown(text)) return "the order of day and month is not known";
    DateReader reader;
    reader.read(text);
    return reader.problem();
}

}  // namespace foliot::api::apscheduler
