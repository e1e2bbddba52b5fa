#include "base/json.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace foliot::json {
namespace {

void append_unit(std::string& out, std::uint32_t unit) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\u";
    for (unsigned shift = 16; shift > 0;) {
        shift -= 4;
        out += digits[(unit >> shift) & 15U];
    }
}

void append_ascii(std::string& out, std::uint32_t code_point) {
    if (code_point < 0x10000) return append_unit(out, code_point);
    append_unit(out, 0xD800 + ((code_point - 0x10000) >> 10U));
    append_unit(out, 0xDC00 + ((code_point - 0x10000) & 0x3FFU));
}

/// '\0' when `c` has no short escape.
char short_escape(char c) {
    switch (c) {
        case '"': return '"';
        case '\\': return '\\';
        case '\b': return 'b';
        case '\f': return 'f';
        case '\n': return 'n';
        case '\r': return 'r';
        case '\t': return 't';
        default: return '\0';
    }
}

void append_quoted(std::string& out, std::string_view text, Charset charset) {
    out += '"';
    while (!text.empty()) {
        const char c = text.front();
        std::size_t length = utf8::sequence_length(text);
        const bool ascii = charset == Charset::ascii;
        if (const char escape = short_escape(c); escape != '\0') {
            out += '\\';
            out += escape;
        } else if (length == 0) {
            length = 1;
            ascii ? append_ascii(out, 0xFFFD) : utf8::append(out, 0xFFFD);
        } else if (static_cast<unsigned char>(c) < 0x20 || (ascii && static_cast<unsigned char>(c) > 0x7E)) {
            append_ascii(out, utf8::decode(text));
        } else {
            out.append(text.substr(0, length));
        }
        text.remove_prefix(length);
    }
    out += '"';
}

/// Shortest text that reads back as the same double, in the form Python chooses: always with a '.' or an exponent.
std::string real_text(double d) {
    std::array<char, 64> buffer{};
    const double size = std::fabs(d);
    const bool fixed = size == 0 || (size >= 1e-4 && size < 1e16);
    const auto done = std::to_chars(buffer.data(), buffer.data() + buffer.size(), d,
                                    fixed ? std::chars_format::fixed : std::chars_format::scientific);
    std::string text(buffer.data(), done.ptr);
    if (fixed && text.find('.') == std::string::npos) text += ".0";
    return text;
}

class SortedWriter {
  public:
    explicit SortedWriter(int indent) : indent_(indent) {}

    void write(const Value& value, int depth) {
        switch (value.kind) {
            case Kind::string: append_quoted(out_, value.string, Charset::ascii); break;
            case Kind::array: array(value, depth); break;
            case Kind::object: object(value, depth); break;
            default: out_ += value.raw;
        }
    }
    std::string take() { return std::move(out_); }

  private:
    void array(const Value& value, int depth) {
        out_ += '[';
        for (std::size_t i = 0; i < value.items.size(); ++i) {
            separate(i == 0, depth + 1);
            write(value.items[i], depth + 1);
        }
        close(value.items.empty(), depth, ']');
    }
    void object(const Value& value, int depth) {
        std::vector<const Member*> sorted;
        sorted.reserve(value.members.size());
        for (const auto& member : value.members) sorted.push_back(&member);
        std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
        out_ += '{';
        for (std::size_t i = 0; i < sorted.size(); ++i) {
            separate(i == 0, depth + 1);
            append_quoted(out_, sorted[i]->name, Charset::ascii);
            out_ += ": ";
            write(sorted[i]->value, depth + 1);
        }
        close(sorted.empty(), depth, '}');
    }
    void separate(bool first, int depth) {
        if (!first) out_ += indent_ > 0 ? "," : ", ";
        new_line(depth);
    }
    void close(bool empty, int depth, char bracket) {
        if (!empty) new_line(depth);
        out_ += bracket;
    }
    void new_line(int depth) {
        if (indent_ > 0)
            out_.append(1, '\n').append(static_cast<std::size_t>(indent_) * static_cast<std::size_t>(depth), ' ');
    }

    int indent_;
    std::string out_;
};

}  // namespace

bool valid_text(std::string_view text) { return text.find('\0') == std::string_view::npos && utf8::is_valid(text); }

std::string quote(std::string_view text, Charset charset) {
    std::string out;
    out.reserve(text.size() + 2);
    append_quoted(out, text, charset);
    return out;
}

void Writer::separate() {
    if (!after_key_ && !fresh_) out_ += spacing_ == Spacing::python ? ", " : ",";
    after_key_ = fresh_ = false;
}

Writer& Writer::begin_object() {
    separate();
    out_ += '{';
    fresh_ = true;
    return *this;
}
Writer& Writer::end_object() {
    out_ += '}';
    fresh_ = false;
    return *this;
}
Writer& Writer::begin_array() {
    separate();
    out_ += '[';
    fresh_ = true;
    return *this;
}
Writer& Writer::end_array() {
    out_ += ']';
    fresh_ = false;
    return *this;
}
Writer& Writer::key(std::string_view name) {
    separate();
    append_quoted(out_, name, charset_);
    out_ += spacing_ == Spacing::python ? ": " : ":";
    after_key_ = true;
    return *this;
}

Writer& Writer::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}
Writer& Writer::null() { return raw("null"); }
Writer& Writer::value(bool b) { return raw(b ? "true" : "false"); }
Writer& Writer::value(std::int64_t n) { return raw(std::to_string(n)); }
Writer& Writer::value(double d) { return std::isfinite(d) ? raw(real_text(d)) : null(); }
Writer& Writer::value(std::string_view text) {
    separate();
    append_quoted(out_, text, charset_);
    return *this;
}

std::string sorted_ascii(const Value& value, int indent) {
    SortedWriter writer(indent);
    writer.write(value, 0);
    return writer.take();
}

}  // namespace foliot::json
