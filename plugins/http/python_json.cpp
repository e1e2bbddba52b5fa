#include "python_json.hpp"

#include "utf8.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace http {
namespace {

using foliot::Kind;
using foliot::Value;

constexpr char32_t kReplacement = 0xFFFD;
constexpr int kFirstExponent = 16;  ///< repr() of a float writes 1e+16 and 1e-05 with an exponent,
constexpr int kLastExponent = -5;   ///< what is between them without

void append_unit(std::string& out, std::uint32_t unit) {
    static constexpr char digits[] = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += digits[unit >> static_cast<unsigned>(shift) & 15U];
}

void append_text(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const char32_t c = take_character(text).value_or(kReplacement);
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            case '\b': out += "\\b"; break;
            case '\f': out += "\\f"; break;
            default:
                if (c >= 0x20 && c < 0x7F) {
                    out += static_cast<char>(c);
                } else if (c == 0x7F) {
                    out += '\x7F';
                } else if (c < 0x10000) {
                    append_unit(out, c);
                } else {
                    append_unit(out, 0xD800 + ((c - 0x10000) >> 10U));
                    append_unit(out, 0xDC00 + ((c - 0x10000) & 0x3FFU));
                }
        }
    }
    out += '"';
}

/// The shortest digits that give the number again, as repr() lays them out.
void append_real(std::string& out, double number) {
    std::array<char, 32> buffer{};
    const auto print = [&](std::chars_format format) {
        return std::string_view(buffer.data(),
                                std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, format).ptr);
    };
    std::string_view text = print(std::chars_format::scientific);
    int exponent = 0;
    const std::size_t e = text.find('e');
    if (e != std::string_view::npos)
        std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), text.data() + text.size(), exponent);
    const bool plain = exponent > kLastExponent && exponent < kFirstExponent;
    if (plain) text = print(std::chars_format::fixed);
    out += text;
    if (plain && text.find('.') == std::string_view::npos) out += ".0";
}

void append(std::string& out, const Value& value) {
    std::string_view separator;
    switch (value.kind()) {
        case Kind::null: out += "null"; break;
        case Kind::boolean: out += value.as_bool() ? "true" : "false"; break;
        case Kind::integer: out += std::to_string(value.as_int()); break;
        case Kind::number: append_real(out, value.as_double()); break;
        case Kind::string: append_text(out, value.as_string()); break;
        case Kind::list:
            out += '[';
            for (const Value& item : value.as_list()) {
                out += separator;
                append(out, item);
                separator = ", ";
            }
            out += ']';
            break;
        case Kind::map:
            out += '{';
            for (const auto& [key, member] : value.as_map()) {
                out += separator;
                append_text(out, key);
                out += ": ";
                append(out, member);
                separator = ", ";
            }
            out += '}';
            break;
    }
}

}  // namespace

std::string python_json(const Value& value) {
    std::string out;
    append(out, value);
    return out;
}

}  // namespace http
