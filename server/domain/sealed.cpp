#include "domain/sealed.hpp"

#include "base/json.hpp"

#include <algorithm>

namespace foliot {
namespace {

/// Most arguments have none, and need no parsing to know it. (Our own Writer writes it so.)
bool may_have_sealed(std::string_view arguments) { return arguments.find(R"({"$secret":)") != std::string_view::npos; }

}  // namespace

bool is_sealed(const json::Value& value) {
    return value.is(json::Kind::object) && value.members.size() == 1 && value.members.front().name == kSecretMember;
}

bool is_masked(const json::Value& value) { return value.is(json::Kind::string) && value.string == kSecretMask; }

bool has_sealed(std::string_view arguments) {
    if (!may_have_sealed(arguments)) return false;
    const json::Value value = json::parse(arguments);
    return std::any_of(value.items.begin(), value.items.end(), is_sealed) ||
           std::any_of(value.members.begin(), value.members.end(),
                       [](const json::Member& member) { return is_sealed(member.value); });
}

std::string with_sealed(std::string_view arguments, const std::function<std::string(std::string_view)>& replace) {
    if (!has_sealed(arguments)) return std::string(arguments);
    const json::Value value = json::parse(arguments);
    json::Writer out;
    const auto write = [&](const json::Value& one) {
        out.raw(is_sealed(one) ? replace(one.raw) : std::string(one.raw));
    };
    if (value.is(json::Kind::array)) {
        out.begin_array();
        for (const json::Value& item : value.items) write(item);
        return out.end_array().take();
    }
    out.begin_object();
    for (const json::Member& member : value.members) {
        out.key(member.name);
        write(member.value);
    }
    return out.end_object().take();
}

std::string shown_arguments(std::string_view arguments) {
    return with_sealed(arguments, [](std::string_view) { return json::quote(kSecretMask); });
}

}  // namespace foliot
