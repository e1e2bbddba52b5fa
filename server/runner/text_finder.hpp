// Finds many texts in another one at once, in time that does not depend on how many they are (Aho and Corasick, 1975).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace foliot::runner {

/// Immutable once made.
class TextFinder final {
  public:
    /// None of them is empty.
    explicit TextFinder(const std::vector<std::string>& texts);

    /// Puts asterisks over every one of the texts, wherever they overlap. Returns open_end() of what was there.
    std::size_t blot(std::string& text) const;
    /// Length of the longest end of `text` that one of the texts begins with, and goes on.
    std::size_t open_end(std::string_view text) const;

  private:
    struct Node {
        std::vector<std::pair<char, std::uint32_t>> next;
        std::uint32_t fallback = 0;  ///< the longest end of this node's text that is a node, too
        std::uint32_t depth = 0;
        std::uint32_t found = 0;  ///< length of the longest of the texts that this node's text ends with; 0: none
    };
    void add(std::string_view text);
    void link();
    std::uint32_t child(std::uint32_t node, char c) const;
    std::uint32_t step(std::uint32_t node, char c) const;
    std::size_t open_at(std::uint32_t node) const;

    std::vector<Node> nodes_{1};
};

}  // namespace foliot::runner
