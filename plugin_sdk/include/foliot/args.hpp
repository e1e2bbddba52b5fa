// Typed arguments: a struct and the list of its fields, from which come decoding, checks and description.
#pragma once

#include <foliot/abi.h>
#include <foliot/context.hpp>
#include <foliot/json.hpp>
#include <foliot/value.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace foliot {

namespace detail {

template <class T>
struct plain {
    using type = T;
    static constexpr bool is_optional = false;
};
template <class T>
struct plain<std::optional<T>> {
    using type = T;
    static constexpr bool is_optional = true;
};

}  // namespace detail

/// One field of an argument struct. Made by field(); each call returns a changed copy.
template <class Args, class T>
class Field {
  public:
    constexpr Field(const char* name, T Args::*member) : name_(name), member_(member) {}

    constexpr Field help(const char* text) const {
        return with([&](Field& f) { f.help_ = text; });
    }
    /// Both ends belong to the range. Numbers only.
    constexpr Field range(double low, double high) const { return at_least(low).at_most(high); }
    constexpr Field at_least(double low) const {
        return bounded([&](Field& f) { f.min_ = low; });
    }
    constexpr Field at_most(double high) const {
        return bounded([&](Field& f) { f.max_ = high; });
    }
    /// May be left out: then it is what the struct's initializer says. A std::optional member is so by its type.
    constexpr Field optional() const {
        return with([](Field& f) { f.required_ = false; });
    }
    /// Never shown or logged.
    constexpr Field secret() const {
        return with([](Field& f) { f.secret_ = true; });
    }

    constexpr const char* name() const { return name_; }

    std::string describe(const Args& defaults) const {
        Object out;
        out.set("name", name_).set("type", Codec<T>::type).set("help", help_).set("required", required_);
        if (!required_ && !secret_) out.set("default", defaults.*member_);
        if (const auto least = lower_bound()) out.set("minimum", bound_json(*least));
        if (const auto most = upper_bound()) out.set("maximum", bound_json(*most));
        if (secret_) out.set("secret", true);
        return out.json();
    }

    /// `value`: null when it was not given. A JSON null for an optional field means the same.
    void read(const foliot_value* value, Args& into) const {
        if (value == nullptr || (value->kind == FOLIOT_NULL && !required_)) {
            if (required_) throw BadArguments("argument '" + std::string(name_) + "' is missing");
            return;
        }
        T& member = into.*member_;
        member = Value(*value).to<T>(name_);
        if constexpr (is_number) {
            if constexpr (detail::plain<T>::is_optional) {
                if (member) check_range(*member);
            } else {
                check_range(member);
            }
        }
    }

  private:
    using Plain = typename detail::plain<T>::type;
    static constexpr bool is_number = std::is_arithmetic_v<Plain> && !std::same_as<Plain, bool>;

    /// What the C++ type cannot hold is refused when a job is saved, not when it runs. A bound that a double cannot
    /// hold exactly is left out.
    static constexpr bool is_narrow = std::integral<Plain> && is_number && sizeof(Plain) < 8;
    std::optional<double> lower_bound() const {
        if constexpr (is_narrow) return min_ ? *min_ : static_cast<double>(std::numeric_limits<Plain>::min());
        if constexpr (std::unsigned_integral<Plain> && is_number) return min_ ? *min_ : 0.0;
        return min_;
    }
    std::optional<double> upper_bound() const {
        if constexpr (is_narrow) return max_ ? *max_ : static_cast<double>(std::numeric_limits<Plain>::max());
        return max_;
    }

    template <class Change>
    constexpr Field with(Change change) const {
        Field copy = *this;
        change(copy);
        return copy;
    }

    template <class Change>
    constexpr Field bounded(Change change) const {
        static_assert(is_number, "only a number has a range");
        return with(change);
    }

    static RawJson bound_json(double bound) {
        if constexpr (std::integral<Plain>) return {Json::of(static_cast<std::int64_t>(bound))};
        return {Json::of(bound)};
    }

    void check_range(Plain number) const {
        const auto value = static_cast<double>(number);
        if (min_ && !(value >= *min_)) refuse(number, "smaller than ", *min_);
        if (max_ && !(value <= *max_)) refuse(number, "greater than ", *max_);
    }

    [[noreturn]] void refuse(Plain number, const char* how, double bound) const {
        // A secret's value must not reach a log through an error.
        const std::string given = secret_ ? "" : " (" + Json::of(number) + ")";
        throw BadArguments("argument '" + std::string(name_) + "'" + given + " is " + how + bound_json(bound).text);
    }

    const char* name_;
    T Args::*member_;
    const char* help_ = "";
    std::optional<double> min_, max_;
    bool required_ = !detail::plain<T>::is_optional;
    bool secret_ = false;
};

template <class Args, class T>
constexpr Field<Args, T> field(const char* name, T Args::*member) {
    return {name, member};
}

/// What a struct's schema() returns. The order is that of positional arguments.
template <class... F>
constexpr std::tuple<F...> fields(F... field) {
    return {field...};
}

struct NoArgs {
    static constexpr std::tuple<> schema() { return {}; }
};

namespace detail {

/// Positional arguments fill the fields by order, the rest is filled by name.
template <std::size_t N>
std::array<const foliot_value*, N> match(const std::array<const char*, N>& names, const foliot_value& args,
                                         const foliot_value& kwargs) {
    std::array<const foliot_value*, N> found{};
    if (args.count > N) {
        throw BadArguments("too many arguments: " + std::to_string(args.count) + " given by position, " +
                           (N == 0 ? "none are" : "at most " + std::to_string(N) + (N == 1 ? " is" : " are")) +
                           " taken");
    }
    for (std::size_t i = 0; i < args.count; ++i) found[i] = &args.as.items[i];
    for (std::size_t k = 0; k < kwargs.count; ++k) {
        const std::string_view key(kwargs.as.items[2 * k].as.s, kwargs.as.items[2 * k].count);
        std::size_t i = 0;
        while (i < N && key != names[i]) ++i;
        if (i == N) throw BadArguments("unknown argument '" + std::string(key) + "'");
        if (found[i] != nullptr) throw BadArguments("argument '" + std::string(key) + "' is given twice");
        found[i] = &kwargs.as.items[2 * k + 1];
    }
    return found;
}

}  // namespace detail

/// Throws BadArguments, naming what does not fit. `args` is a LIST, `kwargs` a MAP.
template <class Args>
Args read_args(const foliot_value* args, const foliot_value* kwargs) {
    return std::apply(
        [&](const auto&... field) {
            const std::array<const char*, sizeof...(field)> names{field.name()...};
            [[maybe_unused]] const auto found = detail::match(names, *args, *kwargs);
            Args out{};
            [[maybe_unused]] std::size_t i = 0;
            (field.read(found[i++], out), ...);
            return out;
        },
        Args::schema());
}

/// The fields as a JSON list of {name, type, help, required, default, minimum, maximum, secret}.
template <class Args>
RawJson describe_args() {
    const Args defaults{};
    std::string out = "[";
    const auto append = [&](const std::string& field) {
        if (out.size() > 1) out += ',';
        out += field;
    };
    std::apply([&](const auto&... field) { (append(field.describe(defaults)), ...); }, Args::schema());
    return {out += ']'};
}

}  // namespace foliot
