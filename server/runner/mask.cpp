#include "runner/mask.hpp"

#include "base/ascii.hpp"
#include "base/base64.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/percent.hpp"
#include "runner/text_finder.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace foliot::runner {
namespace {

constexpr std::size_t kShortest = 4;
constexpr std::string_view kBlanks = " \t\r\n";

/// Of "Bearer T" also T, and of "Basic B" the password in B: programs take them out, and may tell them.
void add_text(std::string_view text, std::vector<std::string>& texts) {
    texts.emplace_back(text);
    for (const std::string_view scheme : {"Bearer ", "Token ", "Basic "}) {
        if (!same_but_case(text.substr(0, scheme.size()), scheme)) continue;
        std::string_view credentials = text.substr(scheme.size());
        credentials.remove_prefix(std::min(credentials.find_first_not_of(kBlanks), credentials.size()));
        credentials = credentials.substr(0, credentials.find_last_not_of(kBlanks) + 1);
        texts.emplace_back(credentials);
        const auto pair = scheme == "Basic " ? from_base64(credentials) : std::nullopt;
        if (pair && pair->find(':') != std::string::npos) texts.push_back(pair->substr(pair->find(':') + 1));
    }
}

void collect(const json::Value& value, std::vector<std::string>& texts) {
    if (value.is(json::Kind::string)) add_text(value.string, texts);
    if (value.is(json::Kind::integer) || value.is(json::Kind::real)) texts.emplace_back(value.raw);
    for (const json::Value& item : value.items) collect(item, texts);
    for (const json::Member& member : value.members) collect(member.value, texts);
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.emplace_back(line);
        text.remove_prefix(std::min(text.size(), end + 1));
    }
    return lines;
}

/// Some write %2F as %2f.
std::string with_lower_escapes(std::string url) {
    for (std::size_t at = url.find('%'); at != std::string::npos; at = url.find('%', at + 1)) {
        for (const std::size_t digit : {at + 1, at + 2}) url[digit] = lower(url[digit]);
    }
    return url;
}

/// Forms write a blank so.
std::string with_plus(std::string url) {
    constexpr std::string_view blank = "%20";
    for (std::size_t at = url.find(blank); at != std::string::npos; at = url.find(blank, at)) {
        url.replace(at, blank.size(), "+");
    }
    return url;
}

std::string in_json(std::string_view text, json::Charset charset) {
    const std::string quoted = json::quote(text, charset);
    return quoted.substr(1, quoted.size() - 2);
}

/// Some write \n as \u000a.
std::string with_long_escapes(std::string_view json) {
    std::string out;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const std::size_t known = json[i] == '\\' && i + 1 < json.size() ? std::string_view("bfnrt").find(json[i + 1])
                                                                         : std::string_view::npos;
        if (known == std::string_view::npos) {
            out += json[i];
            if (json[i] == '\\' && i + 1 < json.size()) out += json[++i];
        } else {
            out += "\\u00" + to_hex(std::string_view("\b\f\n\r\t").substr(known, 1));
            ++i;
        }
    }
    return out;
}

/// Others write é as \u00E9.
std::string with_upper_escapes(std::string json) {
    for (std::size_t i = 0; i + 1 < json.size(); ++i) {
        if (json[i] != '\\') continue;
        if (json[i + 1] != 'u') {
            ++i;
            continue;
        }
        for (std::size_t digit = i + 2; digit < std::min(i + 6, json.size()); ++digit) {
            if (json[digit] >= 'a' && json[digit] <= 'f') json[digit] = static_cast<char>(json[digit] - 'a' + 'A');
        }
    }
    return json;
}

std::string with_escaped_slashes(std::string_view json) {
    std::string out;
    for (const char c : json) out += c == '/' ? "\\/" : std::string(1, c);
    return out;
}

void add_spellings(const std::string& text, std::set<std::string>& all) {
    all.insert(text);
    for (const auto charset : {json::Charset::utf8, json::Charset::ascii}) {
        const std::string json = in_json(text, charset);
        all.insert({json, with_long_escapes(json), with_upper_escapes(json), with_escaped_slashes(json)});
    }
    const std::string url = percent_encode(text);
    for (const std::string& one : {url, with_plus(url)}) all.insert({one, with_lower_escapes(one)});
}

std::vector<std::string> spellings(const std::vector<std::string>& secrets) {
    std::vector<std::string> plain;
    for (const std::string& secret : secrets) collect(json::parse(secret), plain);
    std::set<std::string> all;
    for (const std::string& text : plain) {
        if (text.size() < kShortest) continue;
        add_spellings(text, all);
        for (const std::string& line : lines_of(text)) add_spellings(line, all);
    }
    std::erase_if(all, [](const std::string& text) { return text.size() < kShortest; });
    return {all.begin(), all.end()};
}

void blot(std::string& text, std::size_t at, std::size_t length) { text.replace(at, length, length, '*'); }

void write_hidden(json::Writer& out, const json::Value& value, const TextFinder& finder) {
    const auto hidden = [&](std::string text) {
        finder.blot(text);
        return text;
    };
    if (value.is(json::Kind::array)) {
        out.begin_array();
        for (const json::Value& item : value.items) write_hidden(out, item, finder);
        out.end_array();
    } else if (value.is(json::Kind::object)) {
        out.begin_object();
        for (const json::Member& member : value.members) {
            out.key(hidden(member.name));
            write_hidden(out, member.value, finder);
        }
        out.end_object();
    } else {
        const std::string text = value.is(json::Kind::string) ? value.string : std::string(value.raw);
        std::string shown = hidden(text);
        if (shown == text) {
            out.raw(value.raw);
        } else {
            out.value(shown);
        }
    }
}

}  // namespace

Mask::Mask(const std::vector<std::string>& secrets) {
    auto texts = spellings(secrets);
    if (texts.empty()) return;
    finder_ = std::make_shared<const TextFinder>(texts);
    texts_ = std::make_shared<const std::vector<std::string>>(std::move(texts));
}

void Mask::hide(std::string& text, std::size_t most) const {
    if (empty()) return;
    constexpr std::size_t longest_character = 4;  // cuts are between characters
    const std::size_t open = finder_->blot(text);
    if (text.size() + longest_character > most) blot(text, text.size() - open, open);
}

void Mask::hide_in_json(std::string& json) const {
    if (empty() || json.empty()) return;
    try {
        json::Writer out;
        write_hidden(out, json::parse(json), *finder_);
        json = out.take();
    } catch (const json::SyntaxError&) {
        hide(json);
    }
}

/// Where the middle is left out a secret may be cut in two.
HiddenText Mask::hidden(const KeptText& kept, End end) const {
    HiddenText text{std::string(kept.head), kept.dropped, std::string(kept.tail)};
    if (empty()) return text;
    if (text.dropped == 0) {
        text.tail.insert(0, text.head);
        text.head.clear();
    }
    const std::size_t cut_start = text.dropped > 0 ? open_start(text.tail) : 0;
    const std::size_t cut_end = finder_->blot(text.head);
    blot(text.head, text.head.size() - cut_end, cut_end);
    const std::size_t open = finder_->blot(text.tail);
    blot(text.tail, 0, cut_start);
    if (end == End::cut) blot(text.tail, text.tail.size() - open, open);
    if (end == End::open) text.tail.resize(text.tail.size() - open);
    return text;
}

/// Read backwards, a beginning that could end a secret is an end that one could begin with.
std::size_t Mask::open_start(std::string_view text) const {
    std::vector<std::string> backwards;
    std::size_t longest = 0;
    for (const std::string& one : *texts_) {
        backwards.emplace_back(one.rbegin(), one.rend());
        longest = std::max(longest, one.size());
    }
    text = text.substr(0, longest);
    return TextFinder(backwards).open_end(std::string(text.rbegin(), text.rend()));
}

}  // namespace foliot::runner
