#include "api/seed/arguments.hpp"

#include "base/json.hpp"
#include "domain/sealed.hpp"

#include <algorithm>
#include <array>

namespace foliot::api::seed {
namespace {

constexpr std::array<std::string_view, 5> kNames{"endpoint", "payload", "auth_token", "timeout", "follow_redirects"};

}  // namespace

Arguments::Arguments(std::string_view args, std::string_view kwargs) {
    for (const json::Value& value : json::parse(args).items) args_.emplace_back(value.raw);
    for (const auto& [name, value] : json::parse(kwargs).members) kwargs_.emplace_back(name, value.raw);
}

Arguments Arguments::to_edit(const Definition& definition) {
    return {shown_arguments(definition.args), shown_arguments(definition.kwargs)};
}

std::optional<std::size_t> Arguments::position_of(std::string_view name) const {
    const auto at = static_cast<std::size_t>(std::find(kNames.begin(), kNames.end(), name) - kNames.begin());
    return at < args_.size() && at < kNames.size() ? std::optional(at) : std::nullopt;
}

std::optional<std::string> Arguments::get(std::string_view name) const {
    if (const auto at = position_of(name)) return args_[*at];
    for (const auto& [own, value] : kwargs_) {
        if (own == name) return value;
    }
    return std::nullopt;
}

void Arguments::set(std::string_view name, std::string value) {
    if (const auto at = position_of(name)) {
        args_[*at] = std::move(value);
        return;
    }
    const auto own = std::find_if(kwargs_.begin(), kwargs_.end(), [&](const auto& one) { return one.first == name; });
    if (own != kwargs_.end()) {
        own->second = std::move(value);
    } else {
        kwargs_.emplace_back(name, std::move(value));
    }
}

void Arguments::remove(std::string_view name) {
    std::erase_if(kwargs_, [&](const auto& one) { return one.first == name; });
    const auto at = position_of(name);
    if (!at) return;
    for (std::size_t i = *at + 1; i < args_.size() && i < kNames.size(); ++i)
        kwargs_.emplace_back(kNames.at(i), std::move(args_[i]));
    args_.resize(*at);
}

void Arguments::put_into(service::JobEdit& edit) const {
    json::Writer args, kwargs;
    args.begin_array();
    for (const std::string& value : args_) args.raw(value);
    kwargs.begin_object();
    for (const auto& [name, value] : kwargs_) kwargs.raw_field(name, value);
    edit.args = args.end_array().take();
    edit.kwargs = kwargs.end_object().take();
}

}  // namespace foliot::api::seed
