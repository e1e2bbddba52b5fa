// Arguments as the caller gave them: a read-only view of JSON values that the host owns until the run returns.
#pragma once

#include <foliot/abi.h>
#include <foliot/context.hpp>
#include <foliot/json.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace foliot {

enum class Kind : std::uint32_t {
    null = FOLIOT_NULL,
    boolean = FOLIOT_BOOL,
    integer = FOLIOT_INT,
    number = FOLIOT_REAL,
    string = FOLIOT_STRING,
    list = FOLIOT_LIST,
    map = FOLIOT_MAP,
};

template <class T>
struct Codec;

class Value {
  public:
    Value() = default;
    explicit Value(const foliot_value& value) noexcept : value_(&value) {}

    Kind kind() const noexcept { return static_cast<Kind>(raw().kind); }
    bool is_null() const noexcept { return kind() == Kind::null; }

    // Each throws BadArguments when the value is of another kind. as_double takes integers too.
    bool as_bool() const { return expect(Kind::boolean, "boolean").as.i != 0; }
    std::int64_t as_int() const { return expect(Kind::integer, "integer").as.i; }
    double as_double() const {
        return kind() == Kind::integer ? static_cast<double>(raw().as.i) : expect(Kind::number, "number").as.d;
    }
    std::string_view as_string() const { return text(expect(Kind::string, "string")); }
    std::vector<Value> as_list() const {
        const foliot_value& list = expect(Kind::list, "array");
        std::vector<Value> out;
        out.reserve(list.count);
        for (std::size_t i = 0; i < list.count; ++i) out.emplace_back(list.as.items[i]);
        return out;
    }
    /// In the order they were given.
    std::vector<std::pair<std::string_view, Value>> as_map() const {
        const foliot_value& map = expect(Kind::map, "object");
        std::vector<std::pair<std::string_view, Value>> out;
        out.reserve(map.count);
        for (std::size_t i = 0; i < map.count; ++i) {
            out.emplace_back(text(map.as.items[2 * i]), Value(map.as.items[2 * i + 1]));
        }
        return out;
    }

    /// As a T, as a typed field would take it; `name` is what BadArguments calls it.
    template <class T>
    T to(std::string_view name) const;

    /// As JSON, keys in the order they came.
    std::string json() const {
        switch (kind()) {
            case Kind::boolean: return Json::of(as_bool());
            case Kind::integer: return Json::of(as_int());
            case Kind::number: return Json::of(raw().as.d);
            case Kind::string: return Json::of(as_string());
            case Kind::list: return Json::of(as_list());
            case Kind::map: return map_json();
            case Kind::null: break;
        }
        return "null";
    }

    const foliot_value& raw() const noexcept {
        static constexpr foliot_value null{FOLIOT_NULL, 0, {0}};
        return value_ == nullptr ? null : *value_;
    }

  private:
    static std::string_view text(const foliot_value& value) { return {value.as.s, value.count}; }

    const foliot_value& expect(Kind kind, const char* name) const {
        if (this->kind() != kind) throw BadArguments(std::string("an argument is not a valid ") + name);
        return raw();
    }

    std::string map_json() const {
        Object out;
        for (const auto& [key, value] : as_map()) out.set(key, value);
        return out.json();
    }

    const foliot_value* value_ = nullptr;
};

/// All arguments, for a job that takes anything: a function (Context&, const Arguments&).
class Arguments {
  public:
    Arguments(const foliot_value* args, const foliot_value* kwargs)
        : positional_(Value(*args).as_list()), named_(Value(*kwargs).as_map()) {}

    const std::vector<Value>& positional() const noexcept { return positional_; }
    const std::vector<std::pair<std::string_view, Value>>& named() const noexcept { return named_; }

    std::optional<Value> find(std::string_view name) const {
        for (const auto& [key, value] : named_) {
            if (key == name) return value;
        }
        return std::nullopt;
    }

    /// The named argument as a T, or nothing when it was not given. BadArguments when it is something else.
    template <class T>
    std::optional<T> get(std::string_view name) const {
        const std::optional<Value> value = find(name);
        return value ? std::optional<T>(value->to<T>(name)) : std::nullopt;
    }

    /// BadArguments when there is a named argument that is none of these.
    void allow_only(std::initializer_list<std::string_view> names) const {
        for (const auto& [key, value] : named_) {
            bool known = false;
            for (const std::string_view name : names) known = known || key == name;
            if (!known) throw BadArguments("unknown argument '" + std::string(key) + "'");
        }
    }

  private:
    std::vector<Value> positional_;
    std::vector<std::pair<std::string_view, Value>> named_;
};

// Codec<T>: how a value becomes a T, and what the type is called in descriptions. Nothing is converted but integers to
// reals: "7" is not 7, and 2.0 is not 2.

template <>
struct Codec<bool> {
    static constexpr const char* type = "boolean";
    static bool get(const foliot_value& value, bool& out) {
        if (value.kind != FOLIOT_BOOL) return false;
        out = value.as.i != 0;
        return true;
    }
};

template <std::integral I>
    requires(!std::same_as<I, bool>)
struct Codec<I> {
    static constexpr const char* type = "integer";
    static bool get(const foliot_value& value, I& out) {
        if (value.kind != FOLIOT_INT || !std::in_range<I>(value.as.i)) return false;
        out = static_cast<I>(value.as.i);
        return true;
    }
};

template <std::floating_point F>
struct Codec<F> {
    static constexpr const char* type = "number";
    static bool get(const foliot_value& value, F& out) {
        if (value.kind == FOLIOT_INT) {
            out = static_cast<F>(value.as.i);
        } else if (value.kind == FOLIOT_REAL) {
            out = static_cast<F>(value.as.d);
        } else {
            return false;
        }
        return true;
    }
};

template <>
struct Codec<std::string> {
    static constexpr const char* type = "string";
    static bool get(const foliot_value& value, std::string& out) {
        if (value.kind != FOLIOT_STRING) return false;
        out.assign(value.as.s, value.count);
        return true;
    }
};

template <>
struct Codec<Value> {
    static constexpr const char* type = "any";
    static bool get(const foliot_value& value, Value& out) {
        out = Value(value);
        return true;
    }
};

template <class T>
struct Codec<std::optional<T>> {
    static constexpr const char* type = Codec<T>::type;
    static bool get(const foliot_value& value, std::optional<T>& out) {
        out.reset();
        return value.kind == FOLIOT_NULL || Codec<T>::get(value, out.emplace());
    }
};

template <class T>
struct Codec<std::vector<T>> {
    static constexpr const char* type = "array";
    static bool get(const foliot_value& value, std::vector<T>& out) {
        if (value.kind != FOLIOT_LIST) return false;
        out.clear();
        for (std::size_t i = 0; i < value.count; ++i) {
            T item{};
            if (!Codec<T>::get(value.as.items[i], item)) return false;
            out.push_back(std::move(item));
        }
        return true;
    }
};

template <class T>
struct Codec<std::map<std::string, T>> {
    static constexpr const char* type = "object";
    static bool get(const foliot_value& value, std::map<std::string, T>& out) {
        if (value.kind != FOLIOT_MAP) return false;
        out.clear();
        for (std::size_t i = 0; i < value.count; ++i) {
            const foliot_value& key = value.as.items[2 * i];
            if (!Codec<T>::get(value.as.items[2 * i + 1], out[std::string(key.as.s, key.count)])) return false;
        }
        return true;
    }
};

template <class T>
T Value::to(std::string_view name) const {
    T out{};
    if (Codec<T>::get(raw(), out)) return out;
    throw BadArguments("argument '" + std::string(name) + "' is not a valid " + Codec<T>::type);
}

}  // namespace foliot
