#include "cli/shown.hpp"

#include "base/utf8.hpp"

#include <locale.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include <array>
#include <cstdio>

namespace foliot::cli {
namespace {

constexpr std::size_t kUsualWidth = 80;

bool turns_or_breaks(std::uint32_t c) {
    const auto within = [c](std::uint32_t first, std::uint32_t last) { return c >= first && c <= last; };
    return within(0x200e, 0x200f) || within(0x2028, 0x202e) || within(0x2066, 0x2069) || c == 0x61c || c == 0xfeff;
}

bool does_something(std::uint32_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0) || turns_or_breaks(c); }

std::string escaped(std::uint32_t c) {
    switch (c) {
        case '\n': return "\\n";
        case '\t': return "\\t";
        case '\r': return "\\r";
        default: break;
    }
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), c < 0x100 ? "\\x%02x" : "\\u%04x", static_cast<unsigned>(c));
    return text.data();
}

/// Widths as the C library has them, whatever locale this process is in.
std::size_t width_of(std::uint32_t c) {
    if (c >= 0x20 && c < 0x7f) return 1;
    static const locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    const locale_t before = utf8 == nullptr ? nullptr : ::uselocale(utf8);
    const int width = ::wcwidth(static_cast<wchar_t>(c));
    if (before != nullptr) ::uselocale(before);
    return width < 0 ? 1 : static_cast<std::size_t>(width);
}

}  // namespace

std::string shown(std::string_view text, Breaks breaks) {
    std::string out;
    while (!text.empty()) {
        const std::size_t length = utf8::sequence_length(text);
        const std::uint32_t c = length == 0 ? static_cast<unsigned char>(text.front()) : utf8::decode(text);
        const bool kept = breaks == Breaks::keep && (c == '\n' || c == '\t');
        if (length == 0 || (does_something(c) && !kept))
            out += escaped(c);
        else
            out += text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return out;
}

std::size_t columns(std::string_view text) {
    std::size_t all = 0;
    while (!text.empty()) {
        const std::size_t length = utf8::sequence_length(text);
        all += length == 0 ? 1 : width_of(utf8::decode(text));
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return all;
}

std::string cut_to(std::string_view text, std::size_t most) {
    if (columns(text) <= most) return std::string(text);
    std::size_t taken = 0, at = 0;
    while (at < text.size()) {
        const std::size_t length = utf8::sequence_length(text.substr(at));
        const std::size_t width = length == 0 ? 1 : width_of(utf8::decode(text.substr(at)));
        if (taken + width + 1 > most) break;
        taken += width;
        at += length == 0 ? 1 : length;
    }
    return std::string(text.substr(0, at)) + "…";
}

std::size_t terminal_width() {
    if (::isatty(STDOUT_FILENO) == 0) return 0;
    winsize size{};
    const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : kUsualWidth;
}

}  // namespace foliot::cli
