#include "cli/options.hpp"

#include "base/utf8.hpp"
#include "cli/shown.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace foliot::cli {
namespace {

constexpr double kLongest = 366.0 * 24 * 3600;

const OptionSpec& spec_of(const std::vector<OptionSpec>& specs, std::string_view name) {
    const auto found = std::ranges::find(specs, name, &OptionSpec::name);
    if (found == specs.end()) throw UsageError("unknown option --" + std::string(name));
    return *found;
}

}  // namespace

Options::Options(const std::vector<std::string>& arguments, const std::vector<OptionSpec>& specs,
                 const std::vector<std::string>& words) {
    bool only_words = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        if (only_words || !argument.starts_with("-") || argument == "-") {
            words_.push_back(argument);
            continue;
        }
        if (argument == "--") {
            only_words = true;
            continue;
        }
        if (!argument.starts_with("--")) throw UsageError("unknown option " + argument);
        const std::size_t equals = argument.find('=');
        const std::string name = argument.substr(2, equals == std::string::npos ? equals : equals - 2);
        const OptionSpec& spec = spec_of(specs, name);
        std::optional<std::string> value;
        if (equals != std::string::npos) value = argument.substr(equals + 1);
        if (spec.value.empty() && value) throw UsageError("option --" + name + " takes no value");
        if (!spec.value.empty() && !value) {
            if (++i == arguments.size()) throw UsageError("option --" + name + " needs a value: " + spec.value);
            value = arguments[i];
        }
        std::vector<std::string>& values = given_[name];
        if (!values.empty() && !spec.many) throw UsageError("option --" + name + " is given twice");
        values.push_back(value.value_or(""));
    }
    if (words_.size() < words.size()) throw UsageError(words[words_.size()] + " is missing");
    if (words_.size() > words.size()) throw UsageError("one word too many: '" + words_[words.size()] + "'");
}

std::string Options::text(std::string_view name, std::string_view otherwise) const {
    const auto found = given_.find(name);
    return found == given_.end() ? std::string(otherwise) : found->second.back();
}

std::string Options::filled(std::string_view name) const {
    std::string value = text(name);
    if (has(name) && value.empty()) throw UsageError("option --" + std::string(name) + " is empty");
    return value;
}

void Options::require_utf8(std::initializer_list<std::string_view> files) const {
    const auto refuse = [](const std::string& what) {
        throw UsageError(what + " is no UTF-8; wanted text of a terminal whose locale is UTF-8");
    };
    for (const std::string& word : words_)
        if (!utf8::is_valid(word)) refuse("the word '" + shown(word) + "'");
    for (const auto& [name, values] : given_) {
        if (std::ranges::find(files, name) != files.end()) continue;
        for (const std::string& value : values)
            if (!utf8::is_valid(value)) refuse("option --" + name + ", '" + shown(value) + "',");
    }
}

std::vector<std::string> Options::texts(std::string_view name) const {
    const auto found = given_.find(name);
    return found == given_.end() ? std::vector<std::string>{} : found->second;
}

std::size_t Options::number(std::string_view name, std::size_t otherwise) const {
    if (!has(name)) return otherwise;
    const std::string given = text(name);
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), value);
    if (error != std::errc() || end != given.data() + given.size())
        throw UsageError("option --" + std::string(name) + " is '" + given + "', wanted a whole number, as in 20");
    return value;
}

Micros Options::length(std::string_view name, Micros otherwise) const {
    if (!has(name)) return otherwise;
    const std::string given = text(name);
    double value = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), value);
    if (error != std::errc() || end != given.data() + given.size() || !(value > 0 && value <= kLongest))
        throw UsageError("option --" + std::string(name) + " is '" + given + "', wanted seconds above 0, as in 2.5");
    return static_cast<Micros>(value * static_cast<double>(kSecond));
}

}  // namespace foliot::cli
