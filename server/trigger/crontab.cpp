// Crontab lines (crontab(5)) become the cron fields of the other grammar; only weekdays are counted otherwise.
#include "base/error.hpp"
#include "trigger/cron.hpp"

#include <algorithm>
#include <charconv>

namespace foliot::trigger {
namespace {

using Given = std::array<std::optional<std::string>, kFieldCount>;

struct Nickname {
    std::string_view name, line;
};
constexpr std::array<Nickname, 7> kNicknames{{{"@hourly", "0 * * * *"},
                                              {"@daily", "0 0 * * *"},
                                              {"@midnight", "0 0 * * *"},
                                              {"@weekly", "0 0 * * 0"},
                                              {"@monthly", "0 0 1 * *"},
                                              {"@yearly", "0 0 1 1 *"},
                                              {"@annually", "0 0 1 1 *"}}};
constexpr std::array<Field, 6> kOrder{Field::second, Field::minute, Field::hour,
                                      Field::day,    Field::month,  Field::day_of_week};
/// As crontab counts them.
constexpr std::array<std::string_view, 7> kWeekdays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

[[noreturn]] void refuse(const std::string& reason) { throw invalid_field("line", reason); }

struct Word {
    std::string text;      ///< in lower case
    std::size_t position;  ///< of its first character in the line, from 1
};

std::vector<Word> split(std::string_view line) {
    constexpr std::string_view blanks = " \t";
    std::vector<Word> words;
    for (std::size_t end = 0;;) {
        const auto begin = line.find_first_not_of(blanks, end);
        if (begin == std::string_view::npos) return words;
        end = std::min(line.find_first_of(blanks, begin), line.size());
        Word word{std::string(line.substr(begin, end - begin)), begin + 1};
        for (char& c : word.text) {
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
        }
        words.push_back(std::move(word));
    }
}

std::optional<int> whole(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || text.front() == '-' || error != std::errc{} || end != text.data() + text.size()) return {};
    return value;
}

/// The weekdays of one expression of a list, by name.
class Weekdays {
  public:
    std::string of(std::string_view list) {
        for (;;) {
            const auto comma = list.find(',');
            take(list.substr(0, comma));
            if (comma == std::string_view::npos) break;
            list.remove_prefix(comma + 1);
        }
        std::string names;
        for (std::size_t day = 0; day < 7; ++day) {
            if (chosen_[day]) names += (names.empty() ? "" : ",") + std::string(kWeekdays[day]);
        }
        return names;
    }

  private:
    static int day(std::string_view text, std::string_view whole_text) {
        const auto named = std::find(kWeekdays.begin(), kWeekdays.end(), text);
        if (named != kWeekdays.end()) return static_cast<int>(named - kWeekdays.begin());
        const auto number = whole(text);
        if (!number) {
            throw invalid_field("day_of_week", "'" + std::string(whole_text) +
                                                   "' is not understood; expected 0..7 (0 and 7 are Sunday) or names "
                                                   "sun..sat, a-b, *, */n or a-b/n");
        }
        if (*number > 7)
            throw invalid_field("day_of_week",
                                "'" + std::string(whole_text) + "' is outside 0..7 (0 and 7 are Sunday)");
        return *number;
    }
    void take(std::string_view text) {
        const auto slash = text.find('/');
        const std::string_view range = text.substr(0, slash);
        const auto dash = range.find('-');
        int first = 0, last = 6;
        if (range != "*") {
            first = day(range.substr(0, dash), text);
            last = dash != std::string_view::npos    ? day(range.substr(dash + 1), text)
                   : slash != std::string_view::npos ? 6
                                                     : first;
        }
        if (last == 0 && first > 0) last = 7;  // fri-sun
        if (first > last) {
            throw invalid_field("day_of_week", "'" + std::string(text) +
                                                   "': the range ends before it begins; write it as two, separated by "
                                                   "a comma");
        }
        const auto step = slash == std::string_view::npos ? std::optional(1) : whole(text.substr(slash + 1));
        if (!step || *step < 1 || *step > 7)
            throw invalid_field("day_of_week", "'" + std::string(text) + "': the step must be from 1 to 7");
        for (int n = first; n <= last; n += *step) chosen_.set(static_cast<std::size_t>(n % 7));
    }

    std::bitset<7> chosen_;
};

/// What the grammar of fields has beyond crontab's.
void check_plain(Field field, const std::string& text) {
    if (field == Field::month || std::none_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; }))
        return;
    throw invalid_field(field_name(field), "'" + text + "': a crontab line takes numbers here, not words");
}

std::string field_of(Field field, const std::string& text) {
    if (field == Field::day_of_week && text != "*") return Weekdays().of(text);
    check_plain(field, text);
    return text;
}

std::string_view spelled_out(std::string_view line, const std::vector<Word>& words) {
    if (words.size() != 1 || words.front().text.front() != '@') return line;
    for (const auto& [name, meant] : kNicknames) {
        if (words.front().text == name) return meant;
    }
    std::string known;
    for (const auto& [name, meant] : kNicknames) known += (known.empty() ? "" : ", ") + std::string(name);
    refuse("there is no '" + words.front().text + "'; there are " + known);
}

/// Runs `compile`; what it refuses is told with its place in the line.
template <class Compile>
void at_word(const Word& word, const Compile& compile) {
    try {
        compile();
    } catch (const RequestError& e) {
        refuse("at character " + std::to_string(word.position) + ", " + e.what());
    }
}

}  // namespace

Cron make_crontab(std::string_view line, std::optional<Micros> start, std::optional<Micros> end, ZonePtr zone) {
    std::vector<Word> words = split(line);
    const std::string_view meant = spelled_out(line, words);
    if (meant != line) words = split(meant);
    if (words.size() != 5 && words.size() != 6) {
        refuse("'" + std::string(line) + "' has " + std::to_string(words.size()) +
               " fields; expected five (minute hour day month weekday), or six with seconds first");
    }
    Given given;
    given[static_cast<std::size_t>(Field::second)] = "0";
    for (std::size_t i = 0; i < words.size(); ++i) {
        const Field field = kOrder[i + kOrder.size() - words.size()];
        at_word(words[i], [&] {
            Cron scratch;
            auto& expression = given[static_cast<std::size_t>(field)];
            expression = compile_field(scratch, field, field_of(field, words[i].text));
        });
    }
    const auto restricted = [&](std::size_t from_end) { return words[words.size() - from_end].text.front() != '*'; };
    const DayRule rule = restricted(3) && restricted(1) ? DayRule::either : DayRule::both;
    Cron cron;
    at_word(words.at(words.size() - 3), [&] { cron = compile_cron(std::move(given), rule); });
    cron.line = std::string(line);
    cron.start = start;
    cron.end = end;
    cron.zone = std::move(zone);
    return cron;
}

}  // namespace foliot::trigger
