// Writing JSON: results, log fields and descriptions. A module links no parser, its arguments come as values.
#pragma once

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace foliot {

/// Text that is JSON already.
struct RawJson {
    std::string text;
    const std::string& json() const { return text; }
};

class Json {
  public:
    /// A JSON string. Bytes that are not UTF-8 become U+FFFD: a result must stay readable whatever a job met.
    static std::string quote(std::string_view text) {
        std::string out = "\"";
        while (!text.empty()) {
            const std::size_t length = utf8_length(text);
            if (length == 0) {
                out += "\xEF\xBF\xBD";
            } else if (length == 1) {
                append_ascii(out, text.front());
            } else {
                out += text.substr(0, length);
            }
            text.remove_prefix(length == 0 ? 1 : length);
        }
        return out += '"';
    }

    /// Booleans, numbers, text, paths, optionals, maps with text keys, ranges, Object, Value, and all that has json().
    template <class T>
    static std::string of(const T& value) {
        if constexpr (std::same_as<T, bool>) {
            return value ? "true" : "false";
        } else if constexpr (std::same_as<T, std::nullptr_t>) {
            return "null";
        } else if constexpr (std::integral<T>) {
            return std::to_string(value);
        } else if constexpr (std::floating_point<T>) {
            return of_real(static_cast<double>(value));
        } else if constexpr (std::convertible_to<const T&, std::string_view>) {
            return quote(value);
        } else if constexpr (requires { value.json(); }) {
            return std::string(value.json());
        } else if constexpr (requires { value.has_value(); }) {
            return value ? of(*value) : "null";
        } else if constexpr (requires { std::string(value.string()); }) {
            return quote(value.string());
        } else if constexpr (requires { typename T::mapped_type; }) {
            return of_map(value);
        } else {
            return of_range(value);
        }
    }

  private:
    template <class T>
    static std::string of_map(const T& map) {
        std::string out = "{";
        for (bool first = true; const auto& [key, value] : map) {
            if (!std::exchange(first, false)) out += ',';
            out += quote(key) + ':' + of(value);
        }
        return out += '}';
    }

    template <class T>
    static std::string of_range(const T& range) {
        std::string out = "[";
        for (bool first = true; const auto& item : range) {
            if (!std::exchange(first, false)) out += ',';
            out += of(item);
        }
        return out += ']';
    }

    /// A whole number keeps its ".0", so that it is read as a real again. JSON has no infinity: null.
    static std::string of_real(double value) {
        if (!std::isfinite(value)) return "null";
        char buffer[32];
        const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
        std::string out(buffer, end);
        if (out.find_first_of(".e") == std::string::npos) out += ".0";
        return out;
    }

    static void append_ascii(std::string& out, char c) {
        static constexpr char digits[] = "0123456789abcdef";
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (byte < 0x20 || byte == 0x7F) {
            out += "\\u00";
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
        } else {
            out += c;
        }
    }

    /// Bytes of the character that `text` begins with; 0 when they are not UTF-8.
    static std::size_t utf8_length(std::string_view text) {
        const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
        const unsigned lead = byte(0);
        if (lead < 0x80) return 1;
        const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
        for (std::size_t i = 1; i < length; ++i) {
            if ((byte(i) & 0xC0U) != 0x80U) return 0;
        }
        const unsigned second = byte(1);
        const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
        const bool no_character = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
        return overlong || no_character ? 0 : length;
    }
};

/// A JSON object, built in order: Object{}.set("rows", 3).set("file", path). A key set twice stands twice.
class Object {
  public:
    template <class T>
    Object& set(std::string_view key, const T& value) & {
        add(key, Json::of(value));
        return *this;
    }
    template <class T>
    Object&& set(std::string_view key, const T& value) && {
        add(key, Json::of(value));
        return std::move(*this);
    }
    bool empty() const { return body_.empty(); }
    std::string json() const { return "{" + body_ + "}"; }

  private:
    void add(std::string_view key, const std::string& json) {
        if (!body_.empty()) body_ += ',';
        body_ += Json::quote(key) + ':' + json;
    }
    std::string body_;
};

}  // namespace foliot
