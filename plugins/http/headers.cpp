#include "headers.hpp"

#include "signature.hpp"

#include <foliot/context.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace http {
namespace {

/// What the connection and the length of the body hang on, and the name by which rules about hosts go.
constexpr std::array<std::string_view, 11> kNotTheJobs{"connection", "content-length",      "expect",           "host",
                                                       "keep-alive", "proxy-authorization", "proxy-connection", "te",
                                                       "trailer",    "transfer-encoding",   "upgrade"};
constexpr std::array<std::string_view, 2> kCredentials{"authorization", "cookie"};
constexpr std::array<std::string_view, 4> kOfTheBody{"content-type", "content-encoding", "content-language",
                                                     "content-location"};
constexpr std::array<std::string_view, 3> kSchemes{"Bearer ", "Token ", "Basic "};

bool equal(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

template <class List>
bool holds(const List& names, std::string_view name) {
    return std::any_of(names.begin(), names.end(), [&](std::string_view one) { return equal(one, name); });
}

void check_name(const std::vector<Header>& headers, const std::string& name, const std::string& argument) {
    if (!is_token(name))
        throw foliot::BadArguments("argument '" + argument +
                                   "': what should be a header's name has other characters than those have");
    const std::string header = "argument '" + argument + "': header '" + name + "' ";
    if (holds(kNotTheJobs, name)) throw foliot::BadArguments(header + "is not for a job to set");
    if (has_header(headers, name)) throw foliot::BadArguments(header + "is given twice");
}

}  // namespace

bool is_token(const std::string& text) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               others.find(c) != std::string_view::npos;
    });
}

void check_value(const std::string& text, const std::string& argument) {
    const bool bad = std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7F;
    });
    if (bad)
        throw foliot::BadArguments("argument '" + argument +
                                   "' holds a line break, NUL or other control character, which no header can");
}

void add_headers(std::vector<Header>& headers, const std::map<std::string, std::string>& given,
                 const std::string& argument, bool secret) {
    for (const auto& [name, value] : given) {
        check_name(headers, name, argument);
        check_value(value, std::string(argument).append(".").append(name));
        headers.push_back({name, value, secret || holds(kCredentials, name), holds(kOfTheBody, name)});
    }
}

bool has_header(const std::vector<Header>& headers, const std::string& name) {
    return std::any_of(headers.begin(), headers.end(), [&](const Header& h) { return equal(h.name, name); });
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

std::vector<std::string> secrets_in(std::string_view value) {
    const std::string_view text = trimmed(value);
    std::vector<std::string> out{std::string(text)};
    for (const std::string_view scheme : kSchemes) {
        if (!equal(text.substr(0, scheme.size()), scheme)) continue;
        const std::string_view credentials = trimmed(text.substr(scheme.size()));
        out.emplace_back(credentials);
        const auto pair = scheme == "Basic " ? from_base64(credentials) : std::nullopt;
        if (pair && pair->find(':') != std::string::npos) out.push_back(pair->substr(pair->find(':') + 1));
    }
    return out;
}

}  // namespace http
