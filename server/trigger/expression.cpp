#include "trigger/expression.hpp"

#include "base/error.hpp"
#include "base/json.hpp"

#include <charconv>

namespace foliot::trigger {

std::string shortened(std::string_view text) {
    constexpr std::size_t kMost = 40;
    std::string_view shown = text.substr(0, kMost);
    const auto within_character = [&] { return (static_cast<unsigned char>(text[shown.size()]) & 0xC0U) == 0x80U; };
    while (shown.size() < text.size() && !shown.empty() && within_character()) shown.remove_suffix(1);
    const std::string escaped = json::quote(shown, json::Charset::ascii);
    return escaped.substr(1, escaped.size() - 2) + (shown.size() < text.size() ? "..." : "");
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = std::min(text.find_first_not_of(blanks), text.size());
    return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

void FieldText::refuse(std::string_view part, const std::string& reason, std::string_view what) const {
    const std::string wrong = std::string(what) + (part.empty() ? "" : "'" + shortened(part) + "'");
    const std::string place = "at character " + std::to_string(part.data() - whole_.data() + 1);
    const std::string name(field_name(field_));
    if (in_line_) throw invalid_field("line", place + ", field '" + name + "': " + wrong + reason);
    throw invalid_field(name, wrong + (part.size() == trim(text_).size() ? "" : " " + place) + reason);
}

int FieldText::number(std::string_view part, int low, int high, std::string_view what) const {
    const std::string expected = "; expected " + std::to_string(low) + ".." + std::to_string(high);
    if (part.empty()) refuse(part, expected, "a missing number");
    int n = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), n);
    if (error == std::errc::invalid_argument || end != part.data() + part.size())
        refuse(part, " is no number" + expected, what);
    if (part.front() == '-' || n < low) refuse(part, " is below " + std::to_string(low), what);
    if (error != std::errc{} || n > high) refuse(part, " is above " + std::to_string(high), what);
    return n;
}

void FieldText::refuse_order(const Shape& shape, std::string_view lowest, std::string_view highest) const {
    refuse(shape.range, " ends before it begins; write " + shortened(shape.first) + "-" + std::string(highest) + "," +
                            std::string(lowest) + "-" + shortened(*shape.last));
}

Shape::Shape(std::string_view expression) : range(expression.substr(0, expression.find('/'))), first(range) {
    if (range.size() < expression.size()) step = expression.substr(range.size() + 1);
    const auto dash = range.find('-', 1);  // a number below zero begins with one
    if (dash == std::string_view::npos) return;
    first = range.substr(0, dash);
    last = range.substr(dash + 1);
}

}  // namespace foliot::trigger
