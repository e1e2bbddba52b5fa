// JSON (RFC 8259), read strictly and kept verbatim. Arguments, payloads and results belong to users: they are stored
// and handed on as the text they came as (1.0 stays 1.0), so every value remembers its slice of the source.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace foliot::json {

/// The text is no JSON that we take. what() says what and at which byte.
class SyntaxError : public std::runtime_error {
  public:
    using runtime_error::runtime_error;
};

enum class Kind { null, boolean, integer, real, string, array, object };
std::string_view kind_name(Kind kind);  ///< "null", "boolean", "integer", "number", "string", "array", "object"

struct Member;

/// One parsed value. Views point into the text given to parse(), which must outlive the value.
struct Value {
    Kind kind = Kind::null;
    std::string_view raw;  ///< verbatim source, no outer blanks
    bool boolean = false;
    std::int64_t integer = 0;     ///< Kind::integer
    double real = 0;              ///< Kind::real, and Kind::integer as a double
    std::string string;           ///< decoded UTF-8
    std::vector<Value> items;     ///< array
    std::vector<Member> members;  ///< object, in source order, keys unique (of doubles the last counts)

    const Value* find(std::string_view key) const;
    bool is(Kind k) const { return kind == k; }
};

struct Member {
    std::string name;
    Value value;
};

struct Limits {
    std::size_t depth = 64;
    std::size_t values = 1'000'000;
};

/// Refuses: bad UTF-8, a BOM, lone surrogates, \u0000, raw control characters in strings, NaN/Infinity, numbers a
/// double cannot hold, nesting deeper than the limit, anything after the value. An integer beyond 64 bits is Kind::real
/// (its raw text is exact). Throws SyntaxError.
Value parse(std::string_view text, const Limits& limits = {});

/// Well-formed UTF-8 with no surrogates and no NUL?
bool valid_text(std::string_view utf8);

enum class Charset { utf8, ascii };  ///< ascii: everything beyond is \uXXXX (with surrogate pairs)
std::string quote(std::string_view utf8, Charset charset = Charset::utf8);

/// Builds one JSON text, in the order of the calls. `Spacing::python` writes ", " and ": " as Python's json does.
class Writer {
  public:
    enum class Spacing { compact, python };
    explicit Writer(Spacing spacing = Spacing::compact, Charset charset = Charset::utf8)
        : spacing_(spacing), charset_(charset) {}

    Writer& begin_object();
    Writer& end_object();
    Writer& begin_array();
    Writer& end_array();
    Writer& key(std::string_view name);
    Writer& null();
    Writer& value(bool b);
    Writer& value(std::int64_t n);
    Writer& value(int n) { return value(static_cast<std::int64_t>(n)); }
    Writer& value(double d);  ///< NaN and infinities become null
    Writer& value(std::string_view text);
    Writer& value(const char* text) { return value(std::string_view(text)); }
    Writer& raw(std::string_view json);  ///< verbatim; the caller vouches for it

    template <class T>
    Writer& field(std::string_view name, const T& v) {
        return key(name).value(v);
    }
    template <class T>
    Writer& field(std::string_view name, const std::optional<T>& v) {
        key(name);
        return v ? value(*v) : null();
    }
    Writer& raw_field(std::string_view name, std::string_view json) { return key(name).raw(json); }

    std::string take() { return std::move(out_); }
    const std::string& text() const { return out_; }

  private:
    void separate();
    Spacing spacing_;
    Charset charset_;
    std::string out_;
    bool fresh_ = true;  ///< nothing written yet at this level
    bool after_key_ = false;
};

/// Re-writes any JSON text as Python's json.dumps(..., sort_keys=True) does it: keys sorted at every level, ", " and ":
/// ", ASCII only; numbers stay verbatim. `indent` > 0: one member a line (then "," without the blank), as indent=4.
std::string sorted_ascii(const Value& value, int indent = 0);

}  // namespace foliot::json
