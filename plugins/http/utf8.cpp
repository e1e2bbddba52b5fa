#include "utf8.hpp"

#include <algorithm>
#include <cstddef>

namespace http {
namespace {

unsigned byte(char c) { return static_cast<unsigned char>(c); }
bool continues(char c) { return (byte(c) & 0xC0U) == 0x80U; }

std::size_t length_by(unsigned lead) {
    if (lead < 0x80) return 1;
    if (lead < 0xE0) return 2;
    return lead < 0xF0 ? 3 : 4;
}

}  // namespace

std::optional<char32_t> take_character(std::string_view& text) {
    static constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned lead = byte(text.front());
    const std::size_t length = length_by(lead);
    bool valid = lead < 0x80 || (lead >= 0xC2 && lead <= 0xF4 && text.size() >= length);
    char32_t character = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; valid && i < length; ++i) {
        valid = continues(text[i]);
        character = character << 6U | (byte(text[i]) & 0x3FU);
    }
    const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
    valid = valid && character >= least[length] && character <= 0x10FFFF && !surrogate;
    text.remove_prefix(valid ? length : 1);
    return valid ? std::optional(character) : std::nullopt;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        if (!take_character(text)) return false;
    }
    return true;
}

std::string_view without_half_character(std::string_view text) {
    for (std::size_t i = 1; i <= std::min<std::size_t>(3, text.size()); ++i) {
        const char c = text[text.size() - i];
        if (!continues(c)) return i < length_by(byte(c)) ? text.substr(0, text.size() - i) : text;
    }
    return text;
}

}  // namespace http
