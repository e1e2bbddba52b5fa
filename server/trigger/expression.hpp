// Expressions of cron fields, alone or in a crontab line, before anybody knows what they mean. All texts are views of
// what the caller wrote, so that a refusal can say where its part stands.
#pragma once

#include "base/ascii.hpp"
#include "trigger/trigger.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace foliot::trigger {

/// For a message: not too long, and without characters that do not print.
std::string shortened(std::string_view text);

std::string_view trim(std::string_view text);

/// The place of `word` among the names, in upper or lower case.
template <std::size_t N>
std::optional<int> index_of(const std::array<std::string_view, N>& names, std::string_view word) {
    for (std::size_t i = 0; i < N; ++i) {
        if (same_but_case(word, names[i])) return static_cast<int>(i);
    }
    return std::nullopt;
}

inline bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

/// "range/step", "first-last", each perhaps only its first part.
struct Shape {
    explicit Shape(std::string_view expression);

    std::string_view range, first;
    std::optional<std::string_view> last, step;
};

/// The text of one field.
class FieldText {
  public:
    FieldText(Field field, std::string_view text) : field_(field), text_(text), whole_(text) {}
    /// A word of a crontab line.
    FieldText(Field field, std::string_view word, std::string_view line)
        : field_(field), text_(word), whole_(line), in_line_(true) {}

    Field field() const { return field_; }
    bool in_line() const { return in_line_; }

    /// Calls take(expression) for each of the list.
    template <class Take>
    void each(const Take& take) const {
        for (std::size_t begin = 0;;) {
            const std::size_t comma = text_.find(',', begin);
            const std::string_view expression = text_.substr(begin, comma - begin);
            take(in_line_ ? expression : trim(expression));
            if (comma == std::string_view::npos) return;
            begin = comma + 1;
        }
    }

    /// Throws RequestError: "what'part' at character 3 reason". The part is a view of the text; its place is left out
    /// when it is all there is.
    [[noreturn]] void refuse(std::string_view part, const std::string& reason, std::string_view what = {}) const;
    /// Refuses what is no number from low to high.
    int number(std::string_view part, int low, int high, std::string_view what = {}) const;
    /// Of a range that ends before it begins, in values from lowest to highest.
    [[noreturn]] void refuse_order(const Shape& shape, std::string_view lowest, std::string_view highest) const;

  private:
    Field field_;
    std::string_view text_, whole_;
    bool in_line_ = false;
};

}  // namespace foliot::trigger
