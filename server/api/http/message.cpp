#include "api/http/message.hpp"

#include "api/http/hosts.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace foliot::api {

namespace {

constexpr std::size_t kMaxHeaders = 100;
constexpr std::size_t kMaxLengthDigits = 15;
constexpr std::size_t kMaxTarget = 8192;

bool is_token(std::string_view text) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               kMarks.find(c) != std::string_view::npos;
    });
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// Takes one line off `text`.
std::string_view next_line(std::string_view& text) {
    const std::size_t end = std::min(text.find("\r\n"), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 2, text.size()));
    return line;
}

std::optional<Refusal> parse_request_line(std::string_view line, RequestHead& head) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return Refusal{400, "the request line is malformed"};
    head.method = line.substr(0, first);
    head.target = line.substr(first + 1, last - first - 1);
    const std::string_view version = line.substr(last + 1);
    if (!is_token(head.method)) return Refusal{400, "the method is malformed"};
    if (version != "HTTP/1.1" && version != "HTTP/1.0") return Refusal{400, "only HTTP/1.0 and HTTP/1.1 are spoken"};
    head.http10 = version == "HTTP/1.0";
    if (head.target.size() > kMaxTarget) return Refusal{414, "the request target is too long"};
    if (!head.target.starts_with('/')) return Refusal{400, "the request target must begin with a slash"};
    const auto bad = [](char c) { return is_control(c) || c == ' ' || c == '#'; };
    if (std::any_of(head.target.begin(), head.target.end(), bad)) {
        return Refusal{400, "the request target holds a character that must be encoded"};
    }
    constexpr std::array<std::string_view, 7> kMethods{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    if (std::find(kMethods.begin(), kMethods.end(), head.method) == kMethods.end()) {
        return Refusal{501, "the method is not implemented"};
    }
    return std::nullopt;
}

std::optional<Refusal> parse_field(std::string_view line, RequestHead& head) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
        return Refusal{400, "a header line is malformed"};
    }
    const std::string_view value = trim(line.substr(colon + 1));
    if (std::any_of(value.begin(), value.end(), [](char c) { return c != '\t' && is_control(c); })) {
        return Refusal{400, "a header value holds a control character"};
    }
    if (head.headers.size() == kMaxHeaders) return Refusal{431, "there are too many headers"};
    head.headers.emplace_back(lower(line.substr(0, colon)), value);
    return std::nullopt;
}

std::size_t count(const RequestHead& head, std::string_view name) {
    return static_cast<std::size_t>(std::count_if(head.headers.begin(), head.headers.end(),
                                                  [&](const auto& field) { return field.first == name; }));
}

std::optional<Refusal> check_body_framing(std::size_t max_body, RequestHead& head) {
    const std::size_t lengths = count(head, "content-length");
    if (const std::size_t encodings = count(head, "transfer-encoding"); encodings > 0) {
        if (lengths > 0) return Refusal{400, "both Content-Length and Transfer-Encoding are given"};
        if (encodings > 1) return Refusal{400, "Transfer-Encoding is repeated"};
        if (head.http10) return Refusal{400, "HTTP/1.0 has no Transfer-Encoding"};
        if (lower(head.header("transfer-encoding")) != "chunked") {
            return Refusal{501, "Transfer-Encoding can only be chunked"};
        }
        head.chunked = true;
        return std::nullopt;
    }
    if (lengths == 0) return std::nullopt;
    const std::string_view digits = head.header("content-length");
    const bool number = !digits.empty() && digits.size() <= kMaxLengthDigits &&
                        std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (lengths > 1 || !number) return Refusal{400, "Content-Length is malformed or repeated"};
    std::from_chars(digits.data(), digits.data() + digits.size(), head.content_length);
    if (head.content_length > max_body) {
        return Refusal{413, "the body is larger than " + std::to_string(max_body) + " bytes"};
    }
    return std::nullopt;
}

/// True when the comma-separated list of the Connection header has the option.
bool connection_says(const RequestHead& head, std::string_view option) {
    bool found = false;
    for (const auto& [name, value] : head.headers) {
        if (name != "connection") continue;
        for_each_item(value, [&](std::string_view item) { found = found || lower(item) == option; });
    }
    return found;
}

std::optional<Refusal> check_fields(RequestHead& head) {
    const std::size_t hosts = count(head, "host");
    if (hosts > 1 || (hosts == 0 && !head.http10)) return Refusal{400, "exactly one Host header is needed"};
    if (!host_of(head.header("host"))) return Refusal{400, "the Host header is malformed"};
    if (count(head, "authorization") > 1) return Refusal{400, "Authorization is repeated"};
    if (const std::string_view expect = head.header("expect"); !expect.empty()) {
        if (lower(expect) != "100-continue") return Refusal{417, "Expect can only be 100-continue"};
        head.expects_continue = !head.http10;
    }
    head.keep_alive = !connection_says(head, "close") && (!head.http10 || connection_says(head, "keep-alive"));
    return std::nullopt;
}

}  // namespace

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::string_view RequestHead::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (key == name) return value;
    }
    return {};
}

std::optional<Refusal> parse_head(std::string_view text, std::size_t max_body, RequestHead& head) {
    if (auto refusal = parse_request_line(next_line(text), head)) return refusal;
    while (!text.empty()) {
        if (auto refusal = parse_field(next_line(text), head)) return refusal;
    }
    if (auto refusal = check_fields(head)) return refusal;
    return check_body_framing(max_body, head);
}

std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view target) {
    std::vector<std::pair<std::string, std::string>> query;
    const std::size_t mark = target.find('?');
    if (mark == std::string_view::npos) return query;
    for (std::size_t at = mark + 1; at < target.size();) {
        const std::size_t end = std::min(target.find('&', at), target.size());
        const std::string_view part = target.substr(at, end - at);
        at = end + 1;
        if (part.empty()) continue;
        const std::size_t equals = std::min(part.find('='), part.size());
        std::optional<std::string> name = percent_decode(part.substr(0, equals), true);
        std::optional<std::string> value = percent_decode(part.substr(std::min(equals + 1, part.size())), true);
        if (!name || !value) return std::nullopt;
        query.emplace_back(std::move(*name), std::move(*value));
    }
    return query;
}

bool is_field(std::string_view name, std::string_view value) {
    return is_token(name) && std::none_of(value.begin(), value.end(), is_control);
}

}  // namespace foliot::api
