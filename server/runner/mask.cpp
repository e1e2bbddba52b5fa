#include "runner/mask.hpp"

#include "base/json.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace foliot::runner {
namespace {

constexpr std::size_t kShortest = 4;

void collect(const json::Value& value, std::vector<std::string>& texts) {
    if (value.is(json::Kind::string)) texts.push_back(value.string);
    if (value.is(json::Kind::integer) || value.is(json::Kind::real)) texts.emplace_back(value.raw);
    for (const json::Value& item : value.items) collect(item, texts);
    for (const json::Member& member : value.members) collect(member.value, texts);
}

std::string in_json(std::string_view text, json::Charset charset) {
    const std::string quoted = json::quote(text, charset);
    return quoted.substr(1, quoted.size() - 2);
}

std::string in_url(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || std::string_view("-._~").find(c) != std::string_view::npos) {
            out += c;
        } else {
            out.append({'%', digits[byte >> 4U], digits[byte & 15U]});
        }
    }
    return out;
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(text.size(), end + 1));
    }
    return lines;
}

void blot(std::string& text, std::size_t at, std::size_t length) { text.replace(at, length, length, '*'); }

}  // namespace

std::string HiddenText::whole() const { return head + (dropped > 0 ? bytes_left_out(dropped) : "") + tail; }

Mask::Mask(const std::vector<std::string>& secrets) {
    std::vector<std::string> plain;
    for (const std::string& secret : secrets) collect(json::parse(secret), plain);
    for (const std::string& text : plain) {
        std::vector<std::string> parts = lines_of(text);
        parts.push_back(text);
        for (const std::string& part : parts) {
            texts_.push_back(part);
            texts_.push_back(in_json(part, json::Charset::utf8));
            texts_.push_back(in_json(part, json::Charset::ascii));
            texts_.push_back(in_url(part));
        }
    }
    std::erase_if(texts_, [](const std::string& text) { return text.size() < kShortest; });
    std::sort(texts_.begin(), texts_.end());
    texts_.erase(std::unique(texts_.begin(), texts_.end()), texts_.end());
}

/// Found in the text as it was: one secret may hold another.
void Mask::hide(std::string& text) const {
    std::vector<std::pair<std::size_t, std::size_t>> found;
    for (const std::string& secret : texts_) {
        for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 1)) {
            found.emplace_back(at, secret.size());
        }
    }
    for (const auto& [at, length] : found) blot(text, at, length);
}

void Mask::hide_in_json(std::string& json) const {
    if (empty() || json.empty()) return;
    hide(json);
    try {
        json::parse(json);
    } catch (const json::SyntaxError&) {
        json = R"("***")";
    }
}

/// Where the middle is left out a secret may be cut in two.
HiddenText Mask::hidden(const KeptText& kept, bool open) const {
    HiddenText text{std::string(kept.head), kept.dropped, std::string(kept.tail)};
    if (text.dropped == 0) {
        text.tail.insert(0, text.head);
        text.head.clear();
    }
    const std::size_t left_off = open ? open_end(text.tail) : 0;
    const std::size_t cut_end = text.dropped > 0 ? open_end(text.head) : 0;
    const std::size_t cut_start = text.dropped > 0 ? open_start(text.tail) : 0;
    hide(text.head);
    hide(text.tail);
    blot(text.head, text.head.size() - cut_end, cut_end);
    blot(text.tail, 0, cut_start);
    text.tail.resize(text.tail.size() - left_off);
    return text;
}

std::size_t Mask::open_end(std::string_view text) const {
    std::size_t longest = 0;
    for (const std::string& secret : texts_) {
        for (std::size_t n = std::min(text.size(), secret.size() - 1); n > longest; --n) {
            if (text.ends_with(std::string_view(secret).substr(0, n))) longest = n;
        }
    }
    return longest;
}

std::size_t Mask::open_start(std::string_view text) const {
    std::size_t longest = 0;
    for (const std::string& secret : texts_) {
        for (std::size_t n = std::min(text.size(), secret.size() - 1); n > longest; --n) {
            if (text.starts_with(std::string_view(secret).substr(secret.size() - n))) longest = n;
        }
    }
    return longest;
}

}  // namespace foliot::runner
