#include "base/time_text.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace foliot {
namespace {

constexpr Micros kMinute = 60 * kSecond;
constexpr Micros kHour = 60 * kMinute;
constexpr Micros kDay = 24 * kHour;

class TimeReader {
  public:
    explicit TimeReader(std::string_view text) : rest_(text) {}

    std::optional<ParsedTime> read() {
        Civil c{};
        if (!date(c)) return std::nullopt;
        ParsedTime parsed;
        if (!rest_.empty() && (!(accept('T') || accept(' ')) || !time(c) || !offset(parsed))) return std::nullopt;
        parsed.at = micros_of(c) - parsed.offset_seconds.value_or(0) * kSecond;
        const int year = civil_of(parsed.at).year;
        if (!rest_.empty() || year < 1 || year > 9999) return std::nullopt;
        return parsed;
    }

  private:
    bool accept(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    bool digit_next() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
    bool number(std::size_t digits, int low, int high, int& into) {
        into = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (!digit_next()) return false;
            into = into * 10 + (rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        return into >= low && into <= high;
    }

    bool date(Civil& c) {
        using namespace std::chrono;
        if (!number(4, 1, 9999, c.year) || !accept('-') || !number(2, 1, 12, c.month) || !accept('-') ||
            !number(2, 1, 31, c.day))
            return false;
        return year_month_day(year(c.year), month(static_cast<unsigned>(c.month)), day(static_cast<unsigned>(c.day)))
            .ok();
    }

    bool time(Civil& c) {
        if (!number(2, 0, 23, c.hour) || !accept(':') || !number(2, 0, 59, c.minute)) return false;
        if (!accept(':')) return true;
        return number(2, 0, 59, c.second) && (!accept('.') || fraction(c));
    }

    bool fraction(Civil& c) {
        if (!digit_next()) return false;
        int unit = 100'000;
        for (; digit_next(); rest_.remove_prefix(1), unit /= 10) c.micros += (rest_.front() - '0') * unit;
        return true;
    }

    bool offset(ParsedTime& parsed) {
        if (rest_.empty()) return true;
        if (accept('Z')) {
            parsed.offset_seconds = 0;
            return true;
        }
        const bool minus = accept('-');
        int hours = 0;
        int minutes = 0;
        int seconds = 0;  // of local mean times, before there were zones
        if (!(minus || accept('+')) || !number(2, 0, 23, hours)) return false;
        if (!rest_.empty()) {
            const bool colon = accept(':');
            if (!number(2, 0, 59, minutes)) return false;
            if (colon && accept(':') && !number(2, 0, 59, seconds)) return false;
        }
        const int size = hours * 3600 + minutes * 60 + seconds;
        parsed.offset_seconds = minus ? -size : size;
        return true;
    }

    std::string_view rest_;
};

}  // namespace

std::optional<ParsedTime> parse_time(std::string_view text) { return TimeReader(text).read(); }

std::string iso_time(Micros at, int offset_seconds) {
    const Civil c = civil_of(at + offset_seconds * kSecond);
    std::array<char, 96> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d", c.year, c.month, c.day, c.hour, c.minute,
                  c.second);
    std::string out = text.data();
    if (c.micros != 0) {
        std::snprintf(text.data(), text.size(), ".%06d", c.micros);
        out += text.data();
    }
    const int size = std::abs(offset_seconds);
    std::snprintf(text.data(), text.size(), "%c%02d:%02d", offset_seconds < 0 ? '-' : '+', size / 3600, size / 60 % 60);
    out += text.data();
    if (size % 60 != 0) {
        std::snprintf(text.data(), text.size(), ":%02d", size % 60);
        out += text.data();
    }
    return out;
}

Civil civil_of(Micros at) {
    using namespace std::chrono;
    const Micros day_number = at / kDay - (at % kDay < 0 ? 1 : 0);
    const Micros of_day = at - day_number * kDay;
    const sys_days date{days{day_number}};
    const year_month_day ymd{date};
    return {static_cast<int>(ymd.year()),
            static_cast<int>(static_cast<unsigned>(ymd.month())),
            static_cast<int>(static_cast<unsigned>(ymd.day())),
            static_cast<int>(of_day / kHour),
            static_cast<int>(of_day / kMinute % 60),
            static_cast<int>(of_day / kSecond % 60),
            static_cast<int>(of_day % kSecond),
            static_cast<int>(weekday{date}.iso_encoding()) - 1};
}

Micros micros_of(const Civil& c) {
    using namespace std::chrono;
    const sys_days date = year(c.year) / month(static_cast<unsigned>(c.month)) / day(static_cast<unsigned>(c.day));
    return date.time_since_epoch().count() * kDay + c.hour * kHour + c.minute * kMinute + c.second * kSecond + c.micros;
}

}  // namespace foliot
