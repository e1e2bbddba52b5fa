#include "base/utf8.hpp"

namespace foliot::utf8 {
namespace {

std::uint32_t byte(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

bool within(std::string_view text, std::size_t i, std::uint32_t low, std::uint32_t high) {
    return i < text.size() && byte(text, i) >= low && byte(text, i) <= high;
}
bool continues(std::string_view text, std::size_t i) { return within(text, i, 0x80, 0xBF); }

}  // namespace

std::size_t sequence_length(std::string_view text) {
    if (text.empty()) return 0;
    const std::uint32_t lead = byte(text, 0);
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return continues(text, 1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const bool second = within(text, 1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF);
        return second && continues(text, 2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const bool second = within(text, 1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF);
        return second && continues(text, 2) && continues(text, 3) ? 4 : 0;
    }
    return 0;
}

bool is_valid(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = sequence_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::size_t open_end(std::string_view text) {
    constexpr std::size_t longest = 4;
    for (std::size_t length = 1; length < longest && length <= text.size(); ++length) {
        const std::string begun(text.substr(text.size() - length));
        if (continues(begun, 0)) continue;
        if (sequence_length(begun) > 0) return 0;
        for (std::size_t missing = 1; length + missing <= longest; ++missing) {
            for (const char any : {'\x80', '\xbf'}) {  // whatever the lead asks for, one of them is within
                if (sequence_length(begun + std::string(missing, any)) == length + missing) return length;
            }
        }
        return 0;
    }
    return 0;
}

std::size_t open_start(std::string_view text) {
    std::size_t length = 0;
    while (length < 3 && continues(text, length)) ++length;
    return length;
}

std::uint32_t decode(std::string_view text) {
    switch (sequence_length(text)) {
        case 2: return ((byte(text, 0) & 0x1FU) << 6U) | (byte(text, 1) & 0x3FU);
        case 3: return ((byte(text, 0) & 0x0FU) << 12U) | ((byte(text, 1) & 0x3FU) << 6U) | (byte(text, 2) & 0x3FU);
        case 4:
            return ((byte(text, 0) & 0x07U) << 18U) | ((byte(text, 1) & 0x3FU) << 12U) |
                   ((byte(text, 2) & 0x3FU) << 6U) | (byte(text, 3) & 0x3FU);
        default: return byte(text, 0);
    }
}

void append(std::string& out, std::uint32_t code_point) {
    const auto put = [&](std::uint32_t bits) { out += static_cast<char>(bits); };
    if (code_point < 0x80) {
        put(code_point);
    } else if (code_point < 0x800) {
        put(0xC0U | (code_point >> 6U));
        put(0x80U | (code_point & 0x3FU));
    } else if (code_point < 0x10000) {
        put(0xE0U | (code_point >> 12U));
        put(0x80U | ((code_point >> 6U) & 0x3FU));
        put(0x80U | (code_point & 0x3FU));
    } else {
        put(0xF0U | (code_point >> 18U));
        put(0x80U | ((code_point >> 12U) & 0x3FU));
        put(0x80U | ((code_point >> 6U) & 0x3FU));
        put(0x80U | (code_point & 0x3FU));
    }
}

}  // namespace foliot::utf8
