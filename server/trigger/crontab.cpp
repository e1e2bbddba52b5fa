// Crontab lines (crontab(5)) become the cron fields of the other grammar; only weekdays are counted otherwise.
#include "base/error.hpp"
#include "trigger/cron.hpp"
#include "trigger/expression.hpp"

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

using Words = std::vector<std::string_view>;  ///< views of the line

Words split(std::string_view line) {
    constexpr std::string_view blanks = " \t";
    Words words;
    for (std::size_t end = 0;;) {
        const auto begin = line.find_first_not_of(blanks, end);
        if (begin == std::string_view::npos) return words;
        end = std::min(line.find_first_of(blanks, begin), line.size());
        words.push_back(line.substr(begin, end - begin));
    }
}

/// The weekdays of a list, by name.
class Weekdays {
  public:
    explicit Weekdays(const FieldText& text) : text_(text) {
        text.each([this](std::string_view expression) { take(expression); });
    }

    std::string names() const {
        std::string all;
        for (std::size_t day = 0; day < 7; ++day) {
            if (chosen_[day]) all += (all.empty() ? "" : ",") + std::string(kWeekdays[day]);
        }
        return all;
    }

  private:
    int day(std::string_view part) const {
        if (const auto named = index_of(kWeekdays, part)) return *named;
        if (part.empty() || !is_letter(part.front())) return text_.number(part, 0, 7);
        text_.refuse(part, " is no weekday; expected sun..sat, or 0..7 (0 and 7 are Sunday)");
    }

    void take(std::string_view expression) {
        if (expression.empty()) {
            text_.refuse(expression,
                         "; expected 0..7 (0 and 7 are Sunday) or names sun..sat, a-b, *, */n, a/n or a-b/n, in a "
                         "list separated by commas",
                         "an empty expression");
        }
        const Shape shape(expression);
        int first = 0, last = 6;
        if (shape.range != "*") {
            first = day(shape.first);
            last = shape.last ? day(*shape.last) : shape.step ? 6 : first;
        }
        if (last == 0 && first > 0) last = 7;  // fri-sun
        if (first > last) text_.refuse_order(shape, kWeekdays.front(), kWeekdays.back());
        const int step = shape.step ? text_.number(*shape.step, 1, 7, "the step ") : 1;
        for (int n = first; n <= last; n += step) chosen_.set(static_cast<std::size_t>(n % 7));
    }

    const FieldText& text_;
    std::bitset<7> chosen_;
};

std::string compile_word(const FieldText& word, std::string_view text) {
    if (word.field() == Field::day_of_week && text != "*") return Weekdays(word).names();
    Cron scratch;
    return compile_field(scratch, word);
}

std::string_view spelled_out(std::string_view line, const Words& words) {
    if (words.size() != 1 || words.front().front() != '@') return line;
    std::string known;
    for (const auto& [name, meant] : kNicknames) {
        if (index_of(std::array{name}, words.front())) return meant;
        known += (known.empty() ? "" : ", ") + std::string(name);
    }
    refuse("there is no '" + shortened(words.front()) + "'; there are " + known);
}

/// Each field may be right, and all of them not: that is told at the day's.
Cron together(Given given, DayRule rule, std::ptrdiff_t position) {
    try {
        return compile_cron(std::move(given), rule);
    } catch (const RequestError& e) {
        refuse("at character " + std::to_string(position) + ", " + e.what());
    }
}

}  // namespace

Cron make_crontab(std::string_view line, std::optional<Micros> start, std::optional<Micros> end, ZonePtr zone) {
    Words words = split(line);
    const std::string_view meant = spelled_out(line, words);
    if (meant != line) words = split(meant);
    if (words.size() != 5 && words.size() != 6) {
        refuse("'" + shortened(line) + "' has " + std::to_string(words.size()) +
               " fields; expected five (minute hour day month weekday), or six with seconds first");
    }
    Given given;
    given[static_cast<std::size_t>(Field::second)] = "0";
    for (std::size_t i = 0; i < words.size(); ++i) {
        const Field field = kOrder[i + kOrder.size() - words.size()];
        given[static_cast<std::size_t>(field)] = compile_word(FieldText(field, words[i], meant), words[i]);
    }
    const std::string_view day = words[words.size() - 3], weekday = words.back();
    const bool both = day.front() != '*' && weekday.front() != '*';
    Cron cron = together(std::move(given), both ? DayRule::either : DayRule::both, day.data() - line.data() + 1);
    cron.line = std::string(line);
    cron.start = start;
    cron.end = end;
    cron.zone = std::move(zone);
    return cron;
}

}  // namespace foliot::trigger
