#include "contract/case_file.hpp"

#include "base/clock.hpp"
#include "base/time_text.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace foliot::testing {
namespace {

using json::Kind;
using json::Value;

bool is_id(const Value& value) {
    return value.is(Kind::string) && value.string.size() == 32 &&
           value.string.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// The instant is in the second half of the seconds to come.
bool is_in(const std::string& seconds, const Value& actual) {
    const auto time = actual.is(Kind::string) ? parse_time(actual.string) : std::nullopt;
    if (!time) return false;
    const Micros most = std::stoll(seconds) * kSecond;
    const Micros left = time->at - SystemClock().now();
    return left > most / 2 && left <= most;
}

/// Nothing when `expected` is no mask.
std::optional<bool> fits_mask(const Value& expected, const Value& actual) {
    if (!expected.is(Kind::string)) return std::nullopt;
    if (expected.string == "<any>") return true;
    if (expected.string == "<id>") return is_id(actual);
    if (expected.string == "<number>") return actual.is(Kind::integer);
    if (expected.string == "<seconds>") return actual.is(Kind::integer) || actual.is(Kind::real);
    if (expected.string == "<text>") return actual.is(Kind::string) && !actual.string.empty();
    if (expected.string == "<time>") return actual.is(Kind::string) && parse_time(actual.string).has_value();
    constexpr std::string_view in = "<in ";
    if (expected.string.starts_with(in)) return is_in(expected.string.substr(in.size()), actual);
    if (expected.string == "<past>") {
        const auto time = actual.is(Kind::string) ? parse_time(actual.string) : std::nullopt;
        return time && time->at < SystemClock().now();
    }
    return std::nullopt;
}

std::string object_difference(const Value& expected, const Value& actual, const std::string& where) {
    const bool open = expected.find("...") != nullptr;
    for (const auto& [name, value] : expected.members) {
        if (name == "...") continue;
        const Value* found = actual.find(name);
        if (found == nullptr) return where + "." + name + " is missing";
        if (auto text = difference(value, *found, where + "." + name); !text.empty()) return text;
    }
    for (const auto& [name, value] : actual.members) {
        if (!open && expected.find(name) == nullptr) return where + "." + name + " is too much";
    }
    return "";
}

std::string array_difference(const Value& expected, const Value& actual, const std::string& where) {
    if (expected.items.size() != actual.items.size()) {
        return where + " has " + std::to_string(actual.items.size()) + " items, not " +
               std::to_string(expected.items.size());
    }
    for (std::size_t i = 0; i < expected.items.size(); ++i) {
        auto text = difference(expected.items[i], actual.items[i], where + "[" + std::to_string(i) + "]");
        if (!text.empty()) return text;
    }
    return "";
}

std::string allow_difference(const Value& expected, const Reply& reply) {
    std::set<std::string> wanted;
    for (const Value& item : expected.items) wanted.insert(item.string);
    std::set<std::string> found;
    std::string text = reply.headers.contains("allow") ? reply.headers.at("allow") : "";
    text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
    for (std::size_t at = 0; at < text.size();) {
        const auto comma = std::min(text.find(',', at), text.size());
        found.insert(text.substr(at, comma - at));
        at = comma + 1;
    }
    return wanted == found ? "" : "Allow is '" + text + "', not " + std::string(expected.raw);
}

std::string header_difference(const Value& expected, const Reply& reply) {
    for (const auto& [name, value] : expected.members) {
        const auto found = reply.headers.find(name);
        if (found == reply.headers.end()) return "the header " + name + " is missing";
        const std::string text = json::quote(found->second);
        if (auto problem = difference(value, json::parse(text), name); !problem.empty()) return problem;
    }
    return "";
}

/// "2026-11-21T01:30:00.123Z", as a browser's toISOString() writes it.
std::string browser_time(Micros at) {
    const std::string text = iso_time(at / kMillisecond * kMillisecond + 1);  // with its fraction, whatever that is
    return text.substr(0, std::string_view("2026-11-21T01:30:00.123").size()) + 'Z';
}

/// "{now+2}" and the like as that instant.
void fill_in_times(std::string& text, std::string_view mark, std::string (*written)(Micros)) {
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
        const auto end = text.find('}', at);
        const std::string seconds = text.substr(at + mark.size(), end - at - mark.size());
        const auto shift = static_cast<Micros>(std::stod(seconds) * static_cast<double>(kSecond));
        text.replace(at, end + 1 - at, written(SystemClock().now() + shift));
    }
}

/// The members that `expected` names stand in its order, at every depth.
bool in_order(const Value& expected, const Value& actual) {
    std::size_t at = 0;
    for (const auto& [name, value] : expected.members) {
        if (name == "...") continue;
        while (at < actual.members.size() && actual.members[at].name != name) ++at;
        if (at == actual.members.size() || !in_order(value, actual.members[at].value)) return false;
    }
    for (std::size_t i = 0; i < std::min(expected.items.size(), actual.items.size()); ++i) {
        if (!in_order(expected.items[i], actual.items[i])) return false;
    }
    return true;
}

const Value& at_path(const Value& root, const std::string& path) {
    const Value* value = &root;
    for (std::size_t at = 0; at <= path.size();) {
        const auto dot = std::min(path.find('.', at), path.size());
        const std::string step = path.substr(at, dot - at);
        value = value->is(Kind::array) ? &value->items.at(std::stoul(step)) : value->find(step);
        if (value == nullptr) throw std::runtime_error("no '" + path + "' in the answer");
        at = dot + 1;
    }
    return *value;
}

}  // namespace

std::vector<std::filesystem::path> case_files() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(FOLIOT_SOURCE_DIR "/tests/contract/cases")) {
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::string difference(const Value& expected, const Value& actual, const std::string& where) {
    if (const auto fits = fits_mask(expected, actual)) {
        return *fits ? "" : where + " is " + std::string(actual.raw) + ", not " + expected.string;
    }
    if (expected.kind == actual.kind && expected.is(Kind::object)) return object_difference(expected, actual, where);
    if (expected.kind == actual.kind && expected.is(Kind::array)) return array_difference(expected, actual, where);
    const bool same = expected.kind == actual.kind &&
                      (expected.is(Kind::string) ? expected.string == actual.string : expected.raw == actual.raw);
    return same ? "" : where + " is " + std::string(actual.raw) + ", not " + std::string(expected.raw);
}

std::string compare(const Value& exchange, const Reply& reply) {
    const auto status = exchange.find("status")->integer;
    if (reply.status != status) {
        return "status is " + std::to_string(reply.status) + ", not " + std::to_string(status) + ": " + reply.body;
    }
    if (const Value* exact = exchange.find("exact"); exact != nullptr && reply.body != exact->string) {
        return "the answer is '" + reply.body + "', not '" + exact->string + "'";
    }
    if (const Value* part = exchange.find("contains");
        part != nullptr && reply.body.find(part->string) == std::string::npos) {
        return "the answer does not contain '" + part->string + "': " + reply.body;
    }
    if (const Value* allow = exchange.find("allow")) {
        if (auto text = allow_difference(*allow, reply); !text.empty()) return text;
    }
    if (const Value* headers = exchange.find("answer_header")) {
        if (auto text = header_difference(*headers, reply); !text.empty()) return text;
    }
    const Value* expected = exchange.find("expect");
    if (expected == nullptr) return "";
    try {
        const Value actual = json::parse(reply.body);
        auto text = difference(*expected, actual);
        const Value* ordered = exchange.find("ordered");
        if (text.empty() && ordered != nullptr && ordered->boolean && !in_order(*expected, actual))
            text = "the members stand in another order";
        return text.empty() ? "" : text + "; the answer: " + reply.body;
    } catch (const json::SyntaxError& e) {
        return std::string("the answer is no JSON: ") + e.what() + ": " + reply.body;
    }
}

std::string in_capitals(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
}

std::string fill_in(std::string text, const Saved& saved) {
    for (const auto& [name, value] : saved) {
        const std::string place = "{" + name + "}";
        for (auto at = text.find(place); at != std::string::npos; at = text.find(place))
            text.replace(at, place.size(), value);
    }
    for (const auto& [name, value] : saved) {
        const std::string place = "{" + name + "^}";
        for (auto at = text.find(place); at != std::string::npos; at = text.find(place))
            text.replace(at, place.size(), in_capitals(value));
    }
    fill_in_times(text, "{now", [](Micros at) { return iso_time(at); });
    fill_in_times(text, "{utc", browser_time);
    return text;
}

void save(const Value& exchange, const Reply& reply, Saved& saved) {
    if (const Value* headers = exchange.find("save_header")) {
        for (const auto& [name, header] : headers->members) {
            const std::string quoted = json::quote(reply.headers.at(header.string));  // it is put into JSON
            saved[name] = quoted.substr(1, quoted.size() - 2);
        }
    }
    if (const Value* name = exchange.find("save_cookie")) {
        const std::string& cookie = reply.headers.at("set-cookie");
        saved[name->string] = cookie.substr(0, cookie.find(';'));
    }
    const Value* wanted = exchange.find("save");
    if (wanted == nullptr) return;
    const Value answer = json::parse(reply.body);
    for (const auto& [name, path] : wanted->members) {
        const Value& value = at_path(answer, path.string);
        saved[name] = value.is(Kind::string) ? value.string : std::string(value.raw);
    }
}

}  // namespace foliot::testing
