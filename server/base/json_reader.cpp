#include "base/json.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <numeric>

namespace foliot::json {
namespace {

class Reader {
  public:
    Reader(std::string_view text, const Limits& limits) : text_(text), limits_(limits) {}

    Value document() {
        if (text_.starts_with("\xEF\xBB\xBF")) fail("a byte order mark is not allowed");
        Value root = value(0);
        blanks();
        if (at_ != text_.size()) fail("unexpected text after the value");
        return root;
    }

  private:
    [[noreturn]] void fail(const std::string& what) const { fail(what, at_); }
    [[noreturn]] static void fail(const std::string& what, std::size_t where) {
        throw SyntaxError(what + " at byte " + std::to_string(where));
    }

    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool digit() const { return peek() >= '0' && peek() <= '9'; }
    void blanks() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
    }
    bool accept(char c) {
        if (at_ >= text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    [[noreturn]] void unexpected(const char* wanted) const {
        fail(at_ < text_.size() ? std::string("expected ") + wanted
                                : std::string("the text ends where ") + wanted + " is due");
    }

    Value value(std::size_t depth) {
        blanks();
        if (++values_ > limits_.values) fail("more than " + std::to_string(limits_.values) + " values");
        const std::size_t begin = at_;
        Value v;
        switch (peek()) {
            case '{': object(v, depth); break;
            case '[': array(v, depth); break;
            case '"':
                v.kind = Kind::string;
                v.string = string();
                break;
            case 't': boolean(v, "true"); break;
            case 'f': boolean(v, "false"); break;
            case 'n': word("null"); break;
            default:
                if (peek() != '-' && !digit()) unexpected("a value");
                number(v);
        }
        v.raw = text_.substr(begin, at_ - begin);
        return v;
    }

    void word(std::string_view expected) {
        if (!text_.substr(at_).starts_with(expected)) unexpected("a value");
        at_ += expected.size();
    }
    void boolean(Value& v, std::string_view expected) {
        word(expected);
        v.kind = Kind::boolean;
        v.boolean = expected == "true";
    }

    void enter(Value& v, Kind kind, std::size_t depth) {
        if (depth >= limits_.depth) fail("nested deeper than " + std::to_string(limits_.depth) + " levels");
        v.kind = kind;
        ++at_;
        blanks();
    }

    void array(Value& v, std::size_t depth) {
        enter(v, Kind::array, depth);
        if (accept(']')) return;
        do {
            v.items.push_back(value(depth + 1));
            blanks();
        } while (accept(','));
        if (!accept(']')) unexpected("',' or ']'");
    }

    void object(Value& v, std::size_t depth) {
        enter(v, Kind::object, depth);
        if (accept('}')) return;
        do {
            blanks();
            if (peek() != '"') unexpected("a member name in double quotes");
            std::string name = string();
            blanks();
            if (!accept(':')) unexpected("':'");
            v.members.push_back({std::move(name), value(depth + 1)});
            blanks();
        } while (accept(','));
        if (!accept('}')) unexpected("',' or '}'");
        drop_doubles(v.members);
    }

    /// The last of several equal keys counts, in the place of the first. Sorted, so that hostile input stays cheap.
    static void drop_doubles(std::vector<Member>& members) {
        std::vector<std::size_t> order(members.size());
        std::iota(order.begin(), order.end(), 0U);
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return members[a].name < members[b].name; });
        std::vector<bool> dropped(members.size());
        bool any = false;
        for (std::size_t i = 0, first = 0; i < order.size(); ++i) {
            if (members[order[i]].name != members[order[first]].name) first = i;
            if (i == first) continue;
            members[order[first]].value = std::move(members[order[i]].value);
            dropped[order[i]] = any = true;
        }
        if (!any) return;
        std::size_t kept = 0;
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (dropped[i]) continue;
            if (kept != i) members[kept] = std::move(members[i]);
            ++kept;
        }
        members.resize(kept);
    }

    void digits() {
        if (!digit()) unexpected("a digit");
        while (digit()) ++at_;
    }

    void number(Value& v) {
        const std::size_t begin = at_;
        bool whole = true;
        accept('-');
        if (accept('0')) {
            if (digit()) fail("a number must not start with 0", begin);
        } else {
            digits();
        }
        if (accept('.')) {
            whole = false;
            digits();
        }
        if (accept('e') || accept('E')) {
            whole = false;
            if (!accept('+')) accept('-');
            digits();
        }
        convert(v, text_.substr(begin, at_ - begin), whole, begin);
    }

    static void convert(Value& v, std::string_view digits, bool whole, std::size_t where) {
        const char* end = digits.data() + digits.size();
        if (whole && std::from_chars(digits.data(), end, v.integer).ec == std::errc{}) {
            v.kind = Kind::integer;
            v.real = static_cast<double>(v.integer);
            return;
        }
        v.kind = Kind::real;
        v.integer = 0;
        if (std::from_chars(digits.data(), end, v.real).ec == std::errc{}) return;
        // from_chars does not tell too large from too small; strtod does. Too small is 0, as everywhere else.
        v.real = std::strtod(std::string(digits).c_str(), nullptr);
        if (std::isinf(v.real)) fail("a number too large for a double", where);
    }

    std::string string() {
        std::string out;
        const std::size_t begin = at_++;
        for (;;) {
            const std::size_t plain = at_;
            while (at_ < text_.size() && is_plain(text_[at_])) ++at_;
            out.append(text_.substr(plain, at_ - plain));
            if (at_ >= text_.size()) fail("a string that does not end", begin);
            if (accept('"')) return out;
            if (peek() == '\\') {
                escape(out);
            } else if (static_cast<unsigned char>(peek()) < 0x20) {
                fail("a control character in a string must be escaped");
            } else {
                const std::size_t length = utf8::sequence_length(text_.substr(at_));
                if (length == 0) fail("bad UTF-8");
                out.append(text_.substr(at_, length));
                at_ += length;
            }
        }
    }
    static bool is_plain(char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
    }

    void escape(std::string& out) {
        const std::size_t begin = at_++;
        constexpr std::string_view names = "\"\\/bfnrt";
        constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
        if (const auto which = names.find(peek()); at_ < text_.size() && which != std::string_view::npos) {
            out += meanings[which];
            ++at_;
        } else if (accept('u')) {
            utf8::append(out, code_point(begin));
        } else {
            fail("an unknown escape", begin);
        }
    }

    std::uint32_t code_point(std::size_t begin) {
        const std::uint32_t unit = hex4(begin);
        if (unit == 0) fail("\\u0000 is not allowed", begin);
        if (unit < 0xD800 || unit > 0xDFFF) return unit;
        if (unit < 0xDC00 && accept('\\') && accept('u')) {
            const std::uint32_t low = hex4(begin);
            if (low >= 0xDC00 && low <= 0xDFFF) return 0x10000 + ((unit - 0xD800) << 10U) + (low - 0xDC00);
        }
        fail("a lone surrogate", begin);
    }

    std::uint32_t hex4(std::size_t begin) {
        std::uint32_t unit = 0;
        const std::string_view four = text_.substr(at_, 4);
        const auto [end, error] = std::from_chars(four.data(), four.data() + four.size(), unit, 16);
        if (four.size() != 4 || error != std::errc{} || end != four.data() + 4)
            fail("\\u needs four hex digits", begin);
        at_ += 4;
        return unit;
    }

    std::string_view text_;
    Limits limits_;
    std::size_t at_ = 0;
    std::size_t values_ = 0;
};

}  // namespace

std::string_view kind_name(Kind kind) {
    switch (kind) {
        case Kind::null: return "null";
        case Kind::boolean: return "boolean";
        case Kind::integer: return "integer";
        case Kind::real: return "number";
        case Kind::string: return "string";
        case Kind::array: return "array";
        case Kind::object: return "object";
    }
    return "value";
}

const Value* Value::find(std::string_view key) const {
    const auto found = std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.name == key; });
    return found == members.end() ? nullptr : &found->value;
}

Value parse(std::string_view text, const Limits& limits) { return Reader(text, limits).document(); }

}  // namespace foliot::json
