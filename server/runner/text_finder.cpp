#include "runner/text_finder.hpp"

#include <algorithm>
#include <deque>

namespace foliot::runner {

TextFinder::TextFinder(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) add(text);
    link();
}

void TextFinder::add(std::string_view text) {
    std::uint32_t node = 0;
    for (const char c : text) {
        std::uint32_t next = child(node, c);
        if (next == 0) {
            next = static_cast<std::uint32_t>(nodes_.size());
            nodes_.emplace_back().depth = nodes_[node].depth + 1;
            nodes_[node].next.emplace_back(c, next);
        }
        node = next;
    }
    nodes_[node].found = nodes_[node].depth;
}

/// By depth, so that the fallback of what comes before is known.
void TextFinder::link() {
    std::deque<std::uint32_t> waiting{0};
    while (!waiting.empty()) {
        const std::uint32_t node = waiting.front();
        waiting.pop_front();
        for (const auto& [c, next] : nodes_[node].next) {
            nodes_[next].fallback = node == 0 ? 0 : step(nodes_[node].fallback, c);
            nodes_[next].found = std::max(nodes_[next].found, nodes_[nodes_[next].fallback].found);
            waiting.push_back(next);
        }
    }
}

std::uint32_t TextFinder::child(std::uint32_t node, char c) const {
    for (const auto& [letter, next] : nodes_[node].next) {
        if (letter == c) return next;
    }
    return 0;
}

std::uint32_t TextFinder::step(std::uint32_t node, char c) const {
    for (;; node = nodes_[node].fallback) {
        const std::uint32_t next = child(node, c);
        if (next != 0 || node == 0) return next;
    }
}

std::size_t TextFinder::open_at(std::uint32_t node) const {
    while (node != 0 && nodes_[node].next.empty()) node = nodes_[node].fallback;
    return nodes_[node].depth;
}

std::size_t TextFinder::blot(std::string& text) const {
    std::vector<std::uint32_t> ends(text.size());  // length of the longest that ends there
    std::uint32_t node = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        node = step(node, text[i]);
        ends[i] = nodes_[node].found;
    }
    std::uint32_t covered = 0;
    for (std::size_t i = text.size(); i-- > 0;) {
        covered = std::max(covered, ends[i]);
        if (covered == 0) continue;
        text[i] = '*';
        --covered;
    }
    return open_at(node);
}

std::size_t TextFinder::open_end(std::string_view text) const {
    std::uint32_t node = 0;
    for (const char c : text) node = step(node, c);
    return open_at(node);
}

}  // namespace foliot::runner
